/** Pairs that a person keeps together or dismisses: by ids, the smaller one first, each in one list or in none. */

import type { Pair, Said, Wanted } from "./protocol.ts";

/** So many at once the kernel takes, and a line of Python carries. */
export const MOST = 500;

type Decisions = Pick<Wanted, "linked" | "dismissed">;
export type Ids = readonly string[];

export const idsOf = (pair: Pair): Ids => pair.items.map(({ id }) => id).sort();

const same = (one: Ids, other: Ids): boolean => one[0] === other[0] && one[1] === other[1];

/** What was decided of a pair on this page. */
export function saidOf({ linked, dismissed }: Decisions, ids: Ids): Said | null {
  if (linked.some((one) => same(one, ids))) return "linked";
  return dismissed.some((one) => same(one, ids)) ? "dismissed" : null;
}

/** Decide of a pair, or take back what was decided; `null` where there is no room for one more. */
export function decided({ linked, dismissed }: Decisions, ids: Ids, said: Said | null): Decisions | null {
  const others = (pairs: readonly Ids[]) => pairs.filter((one) => !same(one, ids));
  const next = {
    linked: [...others(linked), ...(said === "linked" ? [ids] : [])],
    dismissed: [...others(dismissed), ...(said === "dismissed" ? [ids] : [])],
  };
  return next.linked.length > MOST || next.dismissed.length > MOST ? null : next;
}
