/** Which acts go into one message: a kernel takes so many and so much at once. Pure. */

import type { Act } from "./protocol.ts";

const MOST_ACTS = 64;
const MOST_CHARACTERS = 500_000;

/** The first of `acts` that fit together; one that is larger than that alone. */
export function batch(acts: readonly Act[]): Act[] {
  const found: Act[] = [];
  let size = 0;
  for (const act of acts.slice(0, MOST_ACTS)) {
    size += JSON.stringify(act).length;
    if (found.length > 0 && size > MOST_CHARACTERS) break;
    found.push(act);
  }
  return found;
}

/** Whether an answer is too large to be sent in any message. */
export const isTooLarge = (value: Act["value"]): boolean => JSON.stringify(value).length > MOST_CHARACTERS;
