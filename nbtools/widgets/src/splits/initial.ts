/** What a page begins with, and how a change of it goes on. */

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

/** What is wanted with something of it changed; parts that begin at times are those that have shares. */
export function changed(before: Wanted, some: Partial<Wanted>): Wanted {
  const now = { ...before, ...some };
  if (some.ratios === undefined || now.cutoffs === null) return now;
  const from = new Map(now.cutoffs.map((one) => [one.name, one.from]));
  const cutoffs = now.ratios.map(({ name }, at) => ({ name, from: at === 0 ? null : (from.get(name) ?? null) }));
  return { ...now, cutoffs };
}

/** 32 hex digits. */
export function hex(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
