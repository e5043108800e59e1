/**
 * A labeling session as a pure reducer: state × event → state, and the act to keep where a person said something.
 *
 * The phases are the kernel's: items without a label, then skipped ones again, then done. Going back, `goto` and undo are
 * detours; after the next label the person is at the front again.
 */

import { acknowledged, forgetDraft, recovered, redo, type Stamp, say, undo, worthConfirming } from "./acts.ts";
import type { Ack, Act, Counts, Cursor, Item, Opened, Status, Value } from "./protocol.ts";
import { currentItem, type Draft, draftOf, markOf, mustCheck, pruned, type State, valuesOf } from "./state.ts";

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
  | { readonly type: "choose"; readonly option: string; readonly stamp: Stamp }
  | { readonly type: "none"; readonly stamp: Stamp }
  | { readonly type: "submit"; readonly stamp: Stamp }
  | { readonly type: "skip"; readonly stamp: Stamp }
  | { readonly type: "undo"; readonly stamp: Stamp }
  | { readonly type: "redo"; readonly stamp: Stamp }
  | { readonly type: "draft"; readonly item: string; readonly change: Partial<Draft> }
  | { readonly type: "back" }
  | { readonly type: "forward" }
  | { readonly type: "show"; readonly id: string }
  | { readonly type: "again" }
  | { readonly type: "handedOver" };

/** The next state; `act` is to be kept in the browser before the state is shown; `hint` says why nothing happened. */
export interface Outcome {
  readonly state: State;
  readonly act?: Act;
  readonly hint?: string;
}

/** One step of the session. */
export function reduce(state: State, event: Event): Outcome {
  switch (event.type) {
    case "opened":
      return { state: advanced(opened(state, event.opened, event.kept)) };
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
    case "choose":
      return state.opened?.task.kind === "choices"
        ? toggle(state, event.option)
        : label(state, "labeled", event.option, event.stamp);
    case "none":
      return state.opened?.task.kind === "choices" ? label(state, "labeled", [], event.stamp) : { state };
    case "submit":
      return submit(state, event.stamp);
    case "skip":
      return label(state, "skipped", null, event.stamp);
    case "undo":
      return detour(undo(state, event.stamp), state, "nothing to undo");
    case "redo":
      return afterRedo(redo(state, event.stamp), state);
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
  const next = { ...state, items: known, queue, cursor: cursor ?? state.cursor, exhausted, offered, failed: null };
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

const toFront = (state: State): State => advanced({ ...state, current: null });

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

function submit(state: State, stamp: Stamp): Outcome {
  const item = currentItem(state);
  if (item === null) return { state };
  const current = markOf(state, item.id);
  const labeled = current?.status === "labeled";
  if (labeled && !worthConfirming(state)) return leave(state);
  if (state.opened?.task.kind !== "choices")
    return labeled ? label(state, "labeled", current.value, stamp) : { state, hint: orSkip(state, "choose an option") };
  const { values } = draftOf(state, item.id);
  const saidNone = labeled && valuesOf(current.value).length === 0;
  return values.length > 0 || saidNone ? label(state, "labeled", values, stamp) : { state, hint: EMPTY };
}

const orSkip = (state: State, hint: string): string => (state.opened?.skips === false ? hint : `${hint}, or skip`);

const EMPTY = "choose one or more, or say “none of these”";

/** Go on from an item that stays as it is. */
function leave(state: State): Outcome {
  return { state: toFront({ ...state, front: state.front === state.current ? null : state.front }) };
}

function toggle(state: State, option: string): Outcome {
  if (currentItem(state) === null || state.current === null) return { state };
  const { values } = draftOf(state, state.current);
  const next = values.includes(option) ? values.filter((value) => value !== option) : [...values, option];
  const order = state.opened?.task.options.map(({ id }) => id) ?? [];
  return { state: drafted(state, state.current, { values: next.sort((a, b) => order.indexOf(a) - order.indexOf(b)) }) };
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
