/** Making acts: what a press, an undo and a redo write, and what an acknowledgement changes. Pure. */

import { paced } from "./pace.ts";
import type { Ack, Act, Counts, Current, Status, Value } from "./protocol.ts";
import { currentItem, draftOf, markOf, type State, type Step } from "./state.ts";

/** What the clock and the id maker give for an act. */
export interface Stamp {
  readonly act: string;
  readonly at: number;
  readonly shownAt: string;
  readonly sentAt: string;
  readonly visibleMs: number;
  readonly activeMs: number;
}

const MOST_STEPS = 500;
const DRAFTS_KEPT = 20;

/** `state` with one more act about its current item, and that act. */
export function say(state: State, status: Status, value: Value, stamp: Stamp): [State, Act] {
  const id = state.current ?? "";
  const draft = draftOf(state, id);
  const before = markOf(state, id);
  const act = written(state, id, stamp, {
    kind: "label",
    status,
    value,
    undoes: null,
    supersedes: before?.act ?? null,
    draft,
  });
  const after = saidBy(act);
  const step: Step = { act: act.act, item: id, before, after, draft: state.drafts.get(id) ?? null };
  const said = mark(addPending(state, act), id, before, after);
  const pace = state.lastActAt === null ? state.pace : paced(state.pace, stamp.at - state.lastActAt);
  return [
    { ...said, undo: [...lighter(state.undo), step].slice(-MOST_STEPS), redo: [], pace, lastActAt: stamp.at },
    act,
  ];
}

/** The step that is now far behind lets go of its draft. */
function lighter(steps: readonly Step[]): readonly Step[] {
  const far = steps.length - DRAFTS_KEPT;
  return steps[far]?.draft ? steps.map((step, at) => (at === far ? { ...step, draft: null } : step)) : steps;
}

/** `state` with its last step taken back, and the act that says so; `null` where there is none, or it was one label for many. */
export const undo = (state: State, stamp: Stamp): [State, Act] | null => turned(state, "undo", "redo", stamp);

/** The undoing of the last undo. */
export const redo = (state: State, stamp: Stamp): [State, Act] | null => turned(state, "redo", "undo", stamp);

function turned(state: State, from: "undo" | "redo", to: "undo" | "redo", stamp: Stamp): [State, Act] | null {
  const step = state[from].at(-1);
  if (!step || step.steps) return null;
  const [next, act, done] = reverse(state, step, stamp);
  return [{ ...next, [from]: state[from].slice(0, -1), [to]: [...state[to], done] }, act];
}

function reverse(state: State, step: Step, stamp: Stamp): [State, Act, Step] {
  const head = markOf(state, step.item);
  const back = step.before ?? { value: null, status: "cleared" as const, flagged: false, unsure: false, comment: null };
  const after: Current = { ...back, act: stamp.act, conflict: false };
  const about = {
    kind: "undo" as const,
    status: after.status,
    value: after.value,
    undoes: step.act,
    supersedes: head?.act ?? null,
    draft: after,
  };
  const act = written(state, step.item, stamp, about);
  const done: Step = {
    act: act.act,
    item: step.item,
    before: step.after,
    after,
    draft: state.drafts.get(step.item) ?? null,
  };
  const marked = mark(addPending(state, act), step.item, head, after);
  // What was set step by step stands again; a flag or a comment alone is part of what was taken back.
  const stood = step.draft !== null && step.draft.past.length > 0;
  return [
    stood ? { ...marked, drafts: new Map(marked.drafts).set(step.item, step.draft) } : forgetDraft(marked, step.item),
    act,
    done,
  ];
}

export interface About {
  readonly kind: "label" | "undo";
  readonly status: Status;
  readonly value: Value;
  readonly undoes: string | null;
  readonly supersedes: string | null;
  readonly draft: { readonly flagged: boolean; readonly unsure: boolean; readonly comment: string | null };
}

const marks = ({ flagged, unsure, comment }: About["draft"]) => ({ flagged, unsure, comment });

/** What an act says of its item, as long as it is the last one. */
const saidBy = (act: Act): Current => ({
  act: act.act,
  value: act.value,
  status: act.status,
  ...marks(act),
  conflict: false,
});

/** An act of the task as it is now. */
export function written(state: State, item: string, stamp: Stamp, about: About): Act {
  const { draft, ...said } = about;
  return {
    act: stamp.act,
    item,
    schema: state.opened?.task.schema ?? 1,
    ...said,
    ...marks(draft),
    shown_at: stamp.shownAt,
    sent_at: stamp.sentAt,
    visible_ms: stamp.visibleMs,
    active_ms: stamp.activeMs,
    suggestion: about.kind === "undo" ? null : shownOf(state, item),
  };
}

function shownOf(state: State, item: string): Act["suggestion"] {
  const suggestion = state.items.get(item)?.suggestion ?? null;
  return suggestion && { table: suggestion.table, rejected: draftOf(state, item).rejected === true };
}

const addPending = (state: State, act: Act): State => ({
  ...state,
  pending: new Map([...state.pending, [act.act, act]]),
});

function mark(state: State, id: string, before: Current | null, after: Current): State {
  return { ...state, marks: new Map(state.marks).set(id, after), counts: recount(state.counts, before, after) };
}

export function forgetDraft(state: State, id: string): State {
  if (!state.drafts.has(id)) return state;
  return { ...state, drafts: new Map([...state.drafts].filter(([other]) => other !== id)) };
}

const group = (current: Current | null): "labeled" | "skipped" | "left" =>
  current === null || current.status === "cleared" ? "left" : current.status;

export function recount(counts: Counts, before: Current | null, after: Current): Counts {
  const [from, to] = [group(before), group(after)];
  if (from === to) return counts;
  return { ...counts, [from]: Math.max(0, counts[from] - 1), [to]: counts[to] + 1 };
}

/** Acts that an earlier page kept and nobody acknowledged: what they say holds here too. */
export function recovered(state: State, acts: readonly Act[]): State {
  let next = state;
  for (const act of acts) {
    if (next.pending.has(act.act)) continue;
    next = mark(addPending(next, act), act.item, markOf(next, act.item), saidBy(act));
  }
  return next;
}

/** What the kernel answered: an act is saved, or can never be, or waits until it is sent again. */
export function acknowledged(state: State, acks: readonly Ack[], counts: Counts | null): State {
  const pending = new Map(state.pending);
  const marked = new Map(state.marks);
  const rejected = new Map(state.rejected);
  const settled = acks.filter((ack) => ack.saved || ack.final);
  for (const { act } of settled) pending.delete(act);
  const busy = new Set([...pending.values()].map((act) => act.item));
  for (const { act: id, saved, why, current } of settled) {
    const act = state.pending.get(id);
    if (!act) continue;
    // An act made since then is newer than what the kernel knew when it answered.
    if (current !== null && !busy.has(act.item)) marked.set(act.item, current);
    if (saved) continue;
    rejected.set(id, { act, why });
    // What nobody took was not said: the item is offered again.
    if (marked.get(act.item)?.act === id) marked.delete(act.item);
  }
  const known = pending.size === 0 ? (counts ?? state.counts) : state.counts;
  const answered = { ...state, pending, marks: marked, rejected, counts: known };
  if (rejected.size === state.rejected.size) return answered;
  return { ...answered, checked: false, undo: state.undo.filter((step) => !rejected.has(step.act)) };
}

/** Whether Enter would write a label that stands once more: in review, to settle a conflict, or with a changed draft. */
export function worthConfirming(state: State): boolean {
  const item = currentItem(state);
  if (item === null) return false;
  const current = markOf(state, item.id);
  if (current?.status !== "labeled") return false;
  const draft = state.drafts.get(item.id);
  const differs =
    draft !== undefined &&
    (["value", "flagged", "unsure", "comment"] as const).some((key) => draft[key] !== current[key]);
  return state.opened?.mode === "review" || current.conflict || differs;
}
