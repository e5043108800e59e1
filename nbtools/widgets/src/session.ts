/**
 * A labeling session as a pure reducer: state × event → state, and the act to keep where a person said something.
 *
 * The phases are the kernel's: items without a label, then skipped ones again, then done. Going back, `goto` and undo are
 * detours; after the next label the person is at the front again.
 */

import { acknowledged, forgetDraft, recovered, redo, type Stamp, say, undo, worthConfirming } from "./acts.ts";
import { isTooLarge } from "./batch.ts";
import type { Ack, Act, Counts, Cursor, Item, Opened, Status, Value } from "./protocol.ts";
import { currentItem, type Draft, draftOf, markOf, mustCheck, pruned, type Stand, type State } from "./state.ts";

const TOO_LARGE = "this is more than one label can hold: take some of it away";
/** How many edits of one item can be taken back. */
const MOST_EDITS = 200;

export type Event =
  | { readonly type: "opened"; readonly opened: Opened; readonly kept: readonly Act[] }
  | { readonly type: "failed"; readonly why: string }
  | {
      readonly type: "page";
      readonly items: readonly Item[];
      readonly cursor: Cursor | null;
      readonly exhausted: boolean;
      readonly counts: Counts | null;
    }
  | { readonly type: "fetched"; readonly item: Item; readonly show: boolean; readonly before: boolean }
  | { readonly type: "acks"; readonly acks: readonly Ack[]; readonly counts: Counts | null }
  | { readonly type: "recovered"; readonly acts: readonly Act[] }
  | { readonly type: "delivered"; readonly acts: readonly string[] }
  | { readonly type: "counts"; readonly counts: Counts }
  /** The whole answer at once. */
  | { readonly type: "label"; readonly value: Value; readonly stamp: Stamp }
  /** What stands in the editor is the answer; `problem` says why it can't be one yet. */
  | { readonly type: "submit"; readonly value: Value; readonly problem: string | null; readonly stamp: Stamp }
  /** A step toward the answer, which undo takes back before any act; a `run` of them as one. */
  | { readonly type: "edit"; readonly item: string; readonly value: Value; readonly run: string | null }
  /** What is suggested for an item was taken or rejected, as a step: `value` stands in the editor then. */
  | { readonly type: "judge"; readonly item: string; readonly value: Value; readonly rejected: boolean }
  | { readonly type: "skip"; readonly stamp: Stamp }
  | { readonly type: "undo"; readonly stamp: Stamp }
  | { readonly type: "redo"; readonly stamp: Stamp }
  | {
      readonly type: "draft";
      readonly item: string;
      readonly change: Partial<Pick<Draft, "flagged" | "unsure" | "comment">>;
    }
  | { readonly type: "back" }
  | { readonly type: "forward" }
  | { readonly type: "show"; readonly id: string }
  | { readonly type: "again" }
  | { readonly type: "handedOver" };

/** The next state; `act` is to be kept in the browser before the state is shown; `hint` says why nothing happened. */
export interface Outcome {
  readonly state: State;
  readonly act?: Act;
  /** All that were made at once. */
  readonly acts?: readonly Act[];
  readonly hint?: string;
}

/** One step of the session. */
export function reduce(state: State, event: Event): Outcome {
  switch (event.type) {
    case "opened":
      return { state: advanced(opened(state, event.opened, event.kept)), ...news(state, event.opened) };
    case "failed":
      return { state: { ...state, failed: event.why } };
    case "page":
      return { state: advanced(page(state, event)) };
    case "fetched":
      return { state: fetched(state, event.item, event.show, event.before) };
    case "acks":
      return { state: checkNext(acknowledged(state, event.acks, event.counts)) };
    case "recovered":
      return { state: recovered(state, event.acts) };
    case "delivered":
      return { state: checkNext(delivered(state, event.acts)) };
    case "counts":
      return { state: state.pending.size === 0 ? { ...state, counts: event.counts } : state };
    case "again":
      return { state: restarted({ ...state, offered: new Set(), checked: false }) };
    case "handedOver":
      return { state: { ...state, rejected: new Map() } };
    default:
      return person(state, event);
  }
}

type PersonEvent = Exclude<
  Event,
  {
    readonly type:
      | "opened"
      | "failed"
      | "page"
      | "fetched"
      | "acks"
      | "recovered"
      | "delivered"
      | "counts"
      | "again"
      | "handedOver";
  }
>;

function person(state: State, event: PersonEvent): Outcome {
  switch (event.type) {
    case "label":
      return label(state, "labeled", event.value, event.stamp);
    case "submit":
      return submit(state, event);
    case "edit":
      return { state: edited(state, event.item, event.value, event.run) };
    case "judge":
      return { state: edited(state, event.item, event.value, null, event.rejected) };
    case "skip":
      return label(state, "skipped", null, event.stamp);
    case "undo":
      return stepped(state, "past", "future") ?? detour(undo(state, event.stamp), state, "nothing to undo");
    case "redo":
      return stepped(state, "future", "past") ?? afterRedo(redo(state, event.stamp), state);
    case "draft":
      return { state: drafted(state, event.item, event.change) };
    case "back":
      return step(state, -1);
    case "forward":
      return step(state, +1);
    case "show":
      return { state: shown(state, event.id) };
  }
}

/** A person who labels has to hear that their keys mean something else. */
const news = ({ opened }: State, { task }: Opened): Pick<Outcome, "hint"> | false =>
  opened !== null &&
  opened.task.schema !== task.schema && { hint: "the options have changed: look at their keys again" };

function opened(state: State, message: Opened, kept: readonly Act[]): State {
  const first = state.opened?.annotator == null;
  const counts = state.pending.size === 0 ? message.counts : state.counts;
  return first ? recovered({ ...state, opened: message, counts }, kept) : { ...state, opened: message, counts };
}

function page(state: State, { items, cursor, exhausted, counts }: Extract<Event, { readonly type: "page" }>): State {
  const held = new Set([...state.queue, state.current, state.front]);
  const fresh = items.filter((item) => !held.has(item.id) && !settled(state, item));
  const known = new Map(state.items);
  for (const item of fresh) known.set(item.id, item);
  const offered = new Set(state.offered);
  for (const item of fresh) if (item.again) offered.add(item.id);
  const queue = [...state.queue, ...fresh.map((item) => item.id)];
  const suggests = items.some((item) => item.suggestion !== null);
  const opened = suggests && state.opened !== null ? { ...state.opened, suggests } : state.opened;
  const next = {
    ...state,
    opened,
    items: known,
    queue,
    cursor: cursor ?? state.cursor,
    exhausted,
    offered,
    failed: null,
  };
  return counts !== null && state.pending.size === 0 ? { ...next, counts } : next;
}

/** Whether nothing more is to be asked about an item that the kernel, which may not have heard yet, offers. */
function settled(state: State, item: Item): boolean {
  const mark = state.marks.get(item.id);
  if (mark?.status === "labeled") return true;
  if (mark?.status === "skipped") return !item.again || state.offered.has(item.id);
  return false;
}

/** Show the front where nothing is shown: the item that waits for its label, else the next of the queue. */
function advanced(state: State): State {
  if (state.current !== null || state.opened === null) return checkNext(state);
  if (state.front !== null) return { ...state, current: state.front };
  const open = state.queue.findIndex((id) => {
    const item = state.items.get(id);
    return item !== undefined && !settled({ ...state, offered: new Set() }, item);
  });
  const next = open < 0 ? undefined : state.queue[open];
  if (next === undefined) return checkNext({ ...state, queue: [] });
  const trail = [...state.trail.filter((id) => id !== next), next];
  return pruned({ ...state, queue: state.queue.slice(open + 1), trail, current: next, front: next });
}

/** The item that waits for its label is on the screen again. */
export const toFront = (state: State): State => advanced({ ...state, current: null });

/** From the start once more, before anything is called done. In review each item comes once. */
function checkNext(state: State): State {
  if (!mustCheck(state)) return state;
  return state.opened?.mode === "review" ? { ...state, checked: true } : restarted({ ...state, checked: true });
}

const restarted = (state: State): State => ({ ...state, cursor: null, exhausted: false });

function label(state: State, status: Status, value: Value, stamp: Stamp): Outcome {
  if (currentItem(state) === null) return { state };
  const id = state.current ?? "";
  const [said, act] = say(state, status, value, stamp);
  const front = state.front === id ? null : state.front;
  return { state: toFront({ ...forgetDraft(said, id), front }), act };
}

function submit(state: State, { value, problem, stamp }: Extract<Event, { readonly type: "submit" }>): Outcome {
  const item = currentItem(state);
  if (item === null) return { state };
  if (markOf(state, item.id)?.status === "labeled" && !worthConfirming(state)) return leave(state);
  if (problem !== null) return { state, hint: value === null ? orSkip(state, problem) : problem };
  return isTooLarge(value) ? { state, hint: TOO_LARGE } : label(state, "labeled", value, stamp);
}

const orSkip = (state: State, hint: string): string => (state.opened?.skips === false ? hint : `${hint}, or skip`);

/** Go on from an item that stays as it is. */
function leave(state: State): Outcome {
  return { state: toFront({ ...state, front: state.front === state.current ? null : state.front }) };
}

function edited(state: State, item: string, value: Value, run: string | null, rejected?: boolean): State {
  const draft = draftOf(state, item);
  const past = run !== null && run === draft.run ? draft.past : [...draft.past, standing(draft)].slice(-MOST_EDITS);
  return drafted(state, item, { value, past, future: [], run, rejected: rejected ?? draft.rejected });
}

const standing = ({ value, rejected }: Draft): Stand => ({ value, rejected });

/** One edit of the item on the screen taken back, or made again; `null` where there is none. */
function stepped(state: State, from: "past" | "future", to: "past" | "future"): Outcome | null {
  const item = currentItem(state);
  const draft = item === null ? undefined : state.drafts.get(item.id);
  if (item === null || draft === undefined || draft[from].length === 0) return null;
  const change = {
    ...draft[from].at(-1),
    [from]: draft[from].slice(0, -1),
    [to]: [...draft[to], standing(draft)],
  };
  return { state: drafted(state, item.id, { ...change, run: null }) };
}

const drafted = (state: State, item: string, change: Partial<Draft>): State => ({
  ...state,
  drafts: new Map(state.drafts).set(item, { ...draftOf(state, item), ...change }),
});

function detour(done: [State, Act] | null, state: State, hint: string): Outcome {
  if (done === null) return { state, hint };
  const [next, act] = done;
  return { state: { ...shown(next, act.item), checked: false }, act };
}

function afterRedo(done: [State, Act] | null, state: State): Outcome {
  if (done === null) return { state, hint: "nothing to redo" };
  const [next, act] = done;
  const target = next.redo.at(-1);
  const front = next.front === act.item ? null : next.front;
  return { state: target ? shown(next, target.item) : toFront({ ...next, front }), act };
}

function shown(state: State, id: string): State {
  const trail = state.trail.includes(id) ? state.trail : [...state.trail, id];
  return { ...state, trail, current: id };
}

function step(state: State, by: -1 | 1): Outcome {
  if (state.current === null) {
    const last = state.trail.at(-1);
    return by < 0 && last !== undefined ? { state: shown(state, last) } : { state, hint: "this is the last item" };
  }
  const next = state.trail[state.trail.lastIndexOf(state.current) + by];
  if (next !== undefined) return { state: { ...state, current: next } };
  if (by < 0) return { state, hint: "this is the first item" };
  const waits =
    state.current === state.front && state.opened?.mode === "new" && markOf(state, state.current)?.status !== "labeled";
  return waits ? { state, hint: orSkip(state, "label it to go on") } : leave(state);
}

function fetched(state: State, item: Item, show: boolean, before: boolean): State {
  const items = new Map(state.items).set(item.id, item);
  const busy = [...state.pending.values()].some((act) => act.item === item.id);
  const marks = item.current !== null && !busy ? new Map(state.marks).set(item.id, item.current) : state.marks;
  const next = { ...state, items, marks };
  if (!show) return next;
  if (!before || state.trail.includes(item.id)) return shown(next, item.id);
  return { ...next, trail: [item.id, ...state.trail], current: item.id };
}

function delivered(state: State, acts: readonly string[]): State {
  const gone = new Set(acts);
  return { ...state, pending: new Map([...state.pending].filter(([id]) => !gone.has(id))) };
}
