/** Numbers and times in the words people use. */

const THIN = "\u202f";

/** `12345` → `12 345` with a thin space that does not break. */
export const count = (n: number): string => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, THIN);

/** `plural(1, "label")` → `1 label`; `plural(3, "label")` → `3 labels`. */
export const plural = (n: number, noun: string): string => `${count(n)} ${noun}${n === 1 ? "" : "s"}`;

/** How long the rest will take, in words. */
export function timeLeft(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes < 0.75) return "under a minute left";
  if (minutes < 90) return `about ${Math.max(1, Math.round(minutes))} min left`;
  return `about ${count(minutes / 60)} h left`;
}

/** `1536000` → `1.5 MB`. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${count(bytes / 1000)} KB`;
  if (bytes < 1_000_000_000) return `${(bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0)} MB`;
  return `${(bytes / 1_000_000_000).toFixed(bytes < 10_000_000_000 ? 1 : 0)} GB`;
}

/** How sure a model is: `0.87` → `87 %`; what is no share stays a number. */
export const score = (n: number): string =>
  n >= 0 && n <= 1 ? `${Math.round(n * 100)}${THIN}%` : String(Number(n.toPrecision(3)));

/** An attribute's value in one line. */
export function plain(value: unknown): string {
  if (Array.isArray(value)) return value.map(plain).join(", ");
  if (value === null || value === undefined) return "–";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
