/** What a labeling session knows, and the small questions one can ask of it. Pure: no DOM, no clock, no kernel. */

import { type Pace, windowSize } from "./pace.ts";
import type { Act, Counts, Current, Cursor, Item, Opened, Value } from "./protocol.ts";

/** How an editor stood at one moment. */
export interface Stand {
  readonly value: Value;
  readonly rejected: boolean | null;
}

/** What is set for an item before the act that carries it. */
export interface Draft extends Stand {
  /** `null`: nothing was said, and nothing set. */
  readonly value: Value;
  /** Whether what is suggested was rejected, or, by `false`, taken; `null` while neither was done. */
  readonly rejected: boolean | null;
  /** How it stood before, and what was taken back, newest last. */
  readonly past: readonly Stand[];
  readonly future: readonly Stand[];
  /** What the last edit was part of: the edits of one run are taken back together. */
  readonly run: string | null;
  readonly flagged: boolean;
  readonly unsure: boolean;
  readonly comment: string | null;
}

/** One act that can be undone (or redone): what the item said before it, and after. */
export interface Step {
  readonly act: string;
  readonly item: string;
  readonly before: Current | null;
  readonly after: Current;
  /** How the editor stood when the act was made, so that undoing it brings that back. */
  readonly draft: Draft | null;
  /** What it is made of, where it was one label for many items. */
  readonly steps?: readonly Step[];
}

export interface State {
  readonly opened: Opened | null;
  /** Why nothing can be shown at all. */
  readonly failed: string | null;
  readonly items: ReadonlyMap<string, Item>;
  /** What this person has said about items, newer than `item.current`. */
  readonly marks: ReadonlyMap<string, Current>;
  readonly drafts: ReadonlyMap<string, Draft>;
  /** The next items, in the order in which they will be shown. */
  readonly queue: readonly string[];
  /** Items shown in this session, oldest first. */
  readonly trail: readonly string[];
  readonly current: string | null;
  /** The newest item taken from the queue, while nothing has been said about it. */
  readonly front: string | null;
  readonly cursor: Cursor | null;
  readonly exhausted: boolean;
  /** Skipped items that were offered again in this pass. */
  readonly offered: ReadonlySet<string>;
  /** The queue ran dry and the kernel was asked from the start: nothing else is left. */
  readonly checked: boolean;
  readonly undo: readonly Step[];
  readonly redo: readonly Step[];
  /** Acts that are not acknowledged yet, oldest first. */
  readonly pending: ReadonlyMap<string, Act>;
  /** Acts that the kernel will never take, and why. */
  readonly rejected: ReadonlyMap<string, { readonly act: Act; readonly why: string }>;
  readonly counts: Counts;
  readonly pace: Pace;
  readonly lastActAt: number | null;
}

export const INITIAL: State = {
  opened: null,
  failed: null,
  items: new Map(),
  marks: new Map(),
  drafts: new Map(),
  queue: [],
  trail: [],
  current: null,
  front: null,
  cursor: null,
  exhausted: false,
  offered: new Set(),
  checked: false,
  undo: [],
  redo: [],
  pending: new Map(),
  rejected: new Map(),
  counts: { total: 0, labeled: 0, skipped: 0, left: 0 },
  pace: [],
  lastActAt: null,
};

/** How many items behind the current one keep what they show. */
const KEPT_BEHIND = 20;
/** How many items back one can go without asking the kernel. */
const MOST_BEHIND = 1_000;
const FIRST_COUNT = 8;
const FIRST_BYTES = 1_000_000;
const PAGE_BYTES = 3_500_000;

export const currentItem = (state: State): Item | null =>
  state.current === null ? null : (state.items.get(state.current) ?? null);

/** What is known to be said about an item. */
export const markOf = (state: State, id: string): Current | null =>
  state.marks.get(id) ?? state.items.get(id)?.current ?? null;

/** The draft of an item: what was set for its next act, else what its last act says. */
export function draftOf(state: State, id: string): Draft {
  const draft = state.drafts.get(id);
  if (draft) return draft;
  const mark = markOf(state, id);
  if (mark === null || mark.status === "cleared") return BLANK;
  const value = mark.status === "labeled" ? mark.value : null;
  return { ...BLANK, value, flagged: mark.flagged, unsure: mark.unsure, comment: mark.comment };
}

const BLANK: Draft = {
  value: null,
  rejected: null,
  past: [],
  future: [],
  run: null,
  flagged: false,
  unsure: false,
  comment: null,
};

/** The last items on the strip, oldest first; the one that waits for its label is not among them. */
export const strip = (state: State): readonly string[] =>
  state.trail.filter((id) => id !== state.front).slice(-KEPT_BEHIND);

export interface Wish {
  readonly cursor: Cursor | null;
  readonly count: number;
  readonly bytes: number;
}

/** The page of next items to ask for, or `null` while the window is full or nothing is left. */
export function wish(state: State): Wish | null {
  if (state.opened === null || state.opened.annotator === null || state.exhausted) return null;
  const held = state.queue.map((id) => state.items.get(id)?.bytes ?? 0);
  const mean = held.length === 0 ? 0 : held.reduce((a, b) => a + Math.min(b, PAGE_BYTES), 0) / held.length;
  const first = state.queue.length === 0 && state.trail.length === 0;
  const missing = (first ? FIRST_COUNT : windowSize(state.pace, mean)) - state.queue.length;
  // A window that is nearly full is left alone, so that one press does not cause one request.
  if (missing <= 0 || (!first && missing < 4 && state.queue.length > 8)) return null;
  return { cursor: state.cursor, count: missing, bytes: first ? FIRST_BYTES : PAGE_BYTES };
}

/** Whether everything was seen, so that the page may say so. */
export const finished = (state: State): boolean =>
  state.opened !== null && state.current === null && state.queue.length === 0 && state.exhausted && state.checked;

/** Whether the kernel has to be asked once more from the start, before anything is called done. */
export const mustCheck = (state: State): boolean =>
  state.exhausted && !state.checked && state.queue.length === 0 && state.front === null && state.pending.size === 0;

/** `state` without what is far behind: it is asked for again when someone goes back there. */
export function pruned(state: State): State {
  const trail = state.trail.length > 2 * MOST_BEHIND ? state.trail.slice(-MOST_BEHIND) : state.trail;
  const ready = new Set([...state.queue, ...trail.slice(-KEPT_BEHIND), state.current]);
  const items = state.items.size > ready.size + KEPT_BEHIND ? only(state.items, (id) => ready.has(id)) : state.items;
  if (state.marks.size <= 4 * MOST_BEHIND) return { ...state, trail, items };
  const said = new Set([...state.queue, ...trail, ...[...state.pending.values()].map((act) => act.item)]);
  return { ...state, trail, items, marks: only(state.marks, (id) => said.has(id)) };
}

const only = <T>(map: ReadonlyMap<string, T>, keep: (id: string) => boolean): ReadonlyMap<string, T> =>
  new Map([...map].filter(([id]) => keep(id)));
