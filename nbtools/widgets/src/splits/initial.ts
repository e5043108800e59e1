/** What a page begins with. */

import type { Wanted } from "./protocol.ts";

export const INITIAL: Wanted = {
  strategy: "ledger",
  ratios: [
    { name: "train", share: 800 },
    { name: "val", share: 100 },
    { name: "test", share: 100 },
  ],
  stratify: [],
  groups: [],
  seed: "0",
  missing: null,
  rare: false,
  near: false,
  fresh: false,
  linked: [],
  dismissed: [],
  time: null,
  cutoffs: null,
  gap: null,
  straddling: null,
  undated: null,
  folds: 5,
  test: 100,
  column: null,
  rest: null,
};

/** 32 hex digits. */
export function hex(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
