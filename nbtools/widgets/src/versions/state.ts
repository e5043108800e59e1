/** What a person looks at, as values; every change gives a new one. Pure. */

import { count } from "../format.ts";
import type { Changes, Grid, Look, Part, Split, Text, Timeline, Version } from "./protocol.ts";
import { relabeledWords } from "./words.ts";

export type Mode = "grid" | "table";
/** What is listed: a part of the difference; `both` are those added beside those removed. */
export type Tab = "all" | "both" | "replaced" | "moved" | "relabeled";

export interface State {
  readonly picked: string | null;
  readonly against: string | null;
  readonly tab: Tab;
  readonly task: string | null;
  readonly cell: readonly [Text, Text] | null;
  readonly find: string;
  readonly filters: readonly (readonly [string, Text])[];
  readonly sort: string | null;
  readonly descending: boolean;
  readonly mode: Mode;
  /** The item that is large: of which part of the difference, and where in its list. */
  readonly open: { readonly part: Part; readonly position: number } | null;
}

export const INITIAL: State = {
  picked: null,
  against: null,
  tab: "all",
  task: null,
  cell: null,
  find: "",
  filters: [],
  sort: null,
  descending: false,
  mode: "grid",
  open: null,
};

/** The parts that are listed, one beside the other. */
export const parts = ({ tab }: State): readonly Part[] => (tab === "both" ? ["added", "removed"] : [tab]);

/** What the kernel is asked for; `null` where nothing is picked. */
export function look(state: State, part: Part): Look | null {
  if (state.picked === null) return null;
  const { against, find, filters, sort, descending } = state;
  const [task, cell] = part === "relabeled" ? [state.task, state.cell] : [null, null];
  return { of: state.picked, against, part, task, cell, find, filters, sort, descending };
}

const listed = (change: Partial<State>): Partial<State> => ({ open: null, ...change });

/** Look at another version: filters stay, as the question usually does. */
export function pick(state: State, name: string): State {
  const against = state.against === name || !alike(name, state.against) ? null : state.against;
  const tab = against === null ? "all" : state.tab;
  return { ...state, ...listed({ picked: name, against, tab, cell: null, task: null }) };
}

/** Compare what is picked with another of its kind; with nothing where that is the other already. */
export function compareWith(state: State, name: string | null): State {
  if (name === state.picked || !alike(state.picked, name)) return state;
  const against = name === state.against ? null : name;
  return { ...state, ...listed({ against, tab: against === null ? "all" : "both", cell: null, task: null }) };
}

export const showTab = (state: State, tab: Tab): State => ({ ...state, ...listed({ tab, cell: null }) });

/** Add a condition, or take it away where it is one already; of a column only one holds. */
export function toggleFilter(state: State, column: string, value: Text): State {
  const others = state.filters.filter(([name]) => name !== column);
  const there = isFiltered(state, column, value);
  return { ...state, ...listed({ filters: there ? others : [...others, [column, value]] }) };
}

export const isFiltered = (state: State, column: string, value: Text): boolean =>
  state.filters.some(([name, wanted]) => name === column && wanted === value);

export function toggleCell(state: State, task: string, cell: readonly [Text, Text]): State {
  const same = state.task === task && state.cell?.[0] === cell[0] && state.cell[1] === cell[1];
  return { ...state, ...listed({ tab: "relabeled", task, cell: same ? null : cell }) };
}

/** Sort by a column: upwards, then downwards, then as the version has them. */
export function sortBy(state: State, column: string): State {
  if (state.sort !== column) return { ...state, ...listed({ sort: column, descending: false }) };
  return { ...state, ...listed(state.descending ? { sort: null, descending: false } : { descending: true }) };
}

export const search = (state: State, find: string): State => ({ ...state, ...listed({ find }) });

/** Whether nothing but the version itself narrows what is listed. */
export const isNarrowed = (state: State): boolean =>
  state.find.trim() !== "" || state.filters.length > 0 || state.cell !== null;

export const everything = (state: State): State => ({ ...state, ...listed({ find: "", filters: [], cell: null }) });

/** Versions and their splits in one row, as the arrow keys go through them. */
export const inOrder = (timeline: Timeline): readonly Split[] =>
  timeline.versions.flatMap((version: Version) => [version, ...version.splits]);

export const named = (timeline: Timeline | null, name: string | null): Split | null =>
  (timeline === null ? [] : inOrder(timeline)).find((one) => one.name === name) ?? null;

/** The state as the versions allow it: what is gone is not looked at, and at first the newest is. */
export function settled(state: State, timeline: Timeline): State {
  const newest = timeline.versions.at(-1)?.name ?? null;
  const picked = named(timeline, state.picked) === null ? newest : state.picked;
  if (picked === null) return { ...state, ...listed({ picked, against: null, tab: "all" }) };
  const gone = state.against !== null && named(timeline, state.against) === null;
  const kept = picked === state.picked ? state : pick(state, picked);
  return gone ? compareWith(kept, state.against) : kept;
}

/** What is new among the versions and splits. */
export function arrived(before: Timeline | null, after: Timeline): readonly Split[] {
  const known = new Set((before === null ? [] : inOrder(before)).map(({ name }) => name));
  return before === null ? [] : inOrder(after).filter(({ name }) => !known.has(name));
}

/** The tabs that there is something in, with how much. */
export function tabs(
  changes: Changes | null,
  state: State,
  total: number | null,
): readonly { tab: Tab; words: string; count: number | null }[] {
  const all = { tab: "all" as const, words: "all", count: total };
  if (state.against === null) return [all];
  const counts = changes?.counts;
  const both = counts ? `added ${count(counts.added)} · removed ${count(counts.removed)}` : "added and removed";
  return [
    { tab: "both", words: both, count: null },
    { tab: "relabeled", words: changes === null ? "relabeled" : relabeled(changes), count: null },
    ...(counts?.replaced ? [{ tab: "replaced" as const, words: "replaced", count: counts.replaced }] : []),
    ...(counts?.moved ? [{ tab: "moved" as const, words: "moved between parts", count: counts.moved }] : []),
    all,
  ];
}

function relabeled({ relabeled: grids }: Changes): string {
  const sum = (of: (grid: Grid) => number): number => grids.reduce((whole, grid) => whole + of(grid), 0);
  return relabeledWords(
    sum((grid) => grid.total),
    sum((grid) => grid.labeled),
  );
}

const alike = (one: string | null, other: string | null): boolean =>
  one === null || other === null || one.includes(".") === other.includes(".");
