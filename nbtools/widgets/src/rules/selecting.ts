/** Which of the items in a grid are chosen: by keys, clicks, ranges and drags; never one that was not seen. Pure. */

export interface Selection {
  readonly chosen: ReadonlySet<number>;
  /** Where the keys are. */
  readonly active: number;
  /** Where a range begins. */
  readonly anchor: number;
}

export const NOTHING: Selection = { chosen: new Set(), active: 0, anchor: 0 };

/** How many items get one label at once: so many acts fit into the browser's store. */
export const MOST = 1_000;

/** Whether an item can be chosen: it was on the screen, and what it is could be seen. */
export type Seen = (position: number) => boolean;

const within = (position: number, total: number): number => Math.max(0, Math.min(position, total - 1));

const few = (positions: Iterable<number>): ReadonlySet<number> => new Set([...positions].slice(0, MOST));

/** An item in where it was out, and out where it was in. */
export function toggled({ chosen }: Selection, at: number, seen: Seen): Selection {
  const next = new Set(chosen);
  if (!next.delete(at) && seen(at) && next.size < MOST) next.add(at);
  return { chosen: next, active: at, anchor: at };
}

/** The keys are elsewhere, and nothing else is. */
export function moved(selection: Selection, by: number, total: number): Selection {
  const active = within(selection.active + by, total);
  return { ...selection, active, anchor: active };
}

/** All between the anchor and an item, in the place of the range before. */
export function ranged(selection: Selection, to: number, total: number, seen: Seen): Selection {
  const { anchor, active } = selection;
  const end = within(to, total);
  const next = new Set(selection.chosen);
  for (const position of between(anchor, active)) next.delete(position);
  for (const position of between(anchor, end)) if (seen(position)) next.add(position);
  return { chosen: few(next), active: end, anchor };
}

/** More items, as a drag touches them. */
export const added = (selection: Selection, positions: Iterable<number>, seen: Seen): Selection => ({
  ...selection,
  chosen: few([...selection.chosen, ...[...positions].filter(seen)]),
});

/** Everything that was seen. */
export const all = (selection: Selection, seen: Iterable<number>): Selection => ({ ...selection, chosen: few(seen) });

export const none = (selection: Selection): Selection => ({ ...selection, chosen: new Set() });

function* between(a: number, b: number): Generator<number> {
  for (let position = Math.min(a, b); position <= Math.max(a, b); position++) yield position;
}
