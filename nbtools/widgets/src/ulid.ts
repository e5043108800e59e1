/** Act ids: ULIDs that never run backwards within one page, made without a secure context. */

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TIME_DIGITS = 10;
const RANDOM_DIGITS = 16;

/** A source of ids; each is greater than the one before, also within a millisecond and when the clock is set back. */
export function ulids(now: () => number = Date.now): () => string {
  let last = -1;
  let digits: number[] = [];
  return () => {
    const time = now();
    if (time > last) {
      last = time;
      digits = Array.from(crypto.getRandomValues(new Uint8Array(RANDOM_DIGITS)), (byte) => byte & 31);
    } else {
      digits = increment(digits);
    }
    return encodeTime(last) + digits.map((digit) => ALPHABET[digit]).join("");
  };
}

export const isUlid = (text: string): boolean => /^[0-9A-HJKMNP-TV-Z]{26}$/.test(text);

function encodeTime(time: number): string {
  let rest = time;
  let text = "";
  for (let i = 0; i < TIME_DIGITS; i++) {
    text = (ALPHABET[rest % 32] ?? "0") + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

function increment(digits: readonly number[]): number[] {
  const next = [...digits];
  for (let i = next.length - 1; i >= 0; i--) {
    const digit = (next[i] ?? 0) + 1;
    next[i] = digit & 31;
    if (digit < 32) return next;
  }
  return next;
}
