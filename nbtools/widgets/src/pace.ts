/** How fast this person works, and how many items to hold ready for three minutes of it. */

const AHEAD_MS = 180_000;
const REMEMBERED = 20;
const PAUSE_MS = 60_000;
const FIRST_GUESS_MS = 2_000;
export const MOST_ITEMS = 200;
export const MOST_BYTES = 48_000_000;

/** The last intervals between acts, in ms; a pause is not work and is left out. */
export type Pace = readonly number[];

/** `pace` with one more interval. */
export function paced(pace: Pace, interval: number): Pace {
  return interval <= 0 || interval > PAUSE_MS ? pace : [...pace, interval].slice(-REMEMBERED);
}

/** The typical time per item in ms: the median, or `null` while there is too little to go by. */
export function perItem(pace: Pace): number | null {
  if (pace.length < 5) return null;
  const sorted = [...pace].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? null;
}

/** How many items to hold, for three minutes of work, bounded by count and by bytes. */
export function windowSize(pace: Pace, bytesPerItem: number): number {
  const byTime = Math.ceil(AHEAD_MS / (perItem(pace) ?? FIRST_GUESS_MS));
  const byBytes = Math.floor(MOST_BYTES / Math.max(1, bytesPerItem));
  return Math.max(2, Math.min(MOST_ITEMS, byTime, byBytes));
}
