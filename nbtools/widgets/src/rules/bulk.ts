/** One label for many items: an act for each, of one bulk, and one step to undo. Pure. */

import { recount, type Stamp, written } from "../acts.ts";
import type { Act, Current, Item, Value } from "../protocol.ts";
import { type Outcome, toFront } from "../session.ts";
import type { State, Step } from "../state.ts";

const MOST_STEPS = 500;
const CLEARED = { value: null, status: "cleared", flagged: false, unsure: false, comment: null } as const;

/** What an act changes, gathered so that a thousand cost one copy of the state. */
class Gathered {
  readonly acts: Act[] = [];
  readonly steps: Step[] = [];
  readonly #marks: Map<string, Current>;
  readonly #pending: Map<string, Act>;
  #counts: State["counts"];

  constructor(state: State) {
    this.#marks = new Map(state.marks);
    this.#pending = new Map(state.pending);
    this.#counts = state.counts;
  }

  take(act: Act, before: Current | null, after: Current): void {
    this.acts.push(act);
    this.steps.push({ act: act.act, item: act.item, before, after, draft: null });
    this.#marks.set(act.item, after);
    this.#pending.set(act.act, act);
    this.#counts = recount(this.#counts, before, after);
  }

  /** The state with all of it; the front goes on where it was among them. */
  over(state: State, more: Partial<State>): Outcome {
    const items = new Set(this.acts.map((act) => act.item));
    const drafts = new Map([...state.drafts].filter(([id]) => !items.has(id)));
    const pending = this.#pending;
    const next = { ...state, ...more, marks: this.#marks, pending, counts: this.#counts, drafts, checked: false };
    const front = items.has(next.front ?? "") ? null : next.front;
    return { state: items.has(next.current ?? "") ? toFront({ ...next, front }) : { ...next, front }, acts: this.acts };
  }
}

/** The whole as one step; named by its bulk, so that one act that is refused does not take the others out of undo. */
const whole = (bulk: string, steps: readonly Step[]): Step | null =>
  steps[0] === undefined ? null : { ...steps[0], act: bulk, steps };

/** The same value for each of `items`; those that have it already are left as they are. */
export function sayAll(
  state: State,
  items: readonly Item[],
  value: Value,
  stamp: () => Stamp,
  bulk: string,
): Outcome & { readonly acts: readonly Act[] } {
  const gathered = new Gathered(state);
  let at = state.lastActAt;
  for (const item of items) {
    const before = state.marks.get(item.id) ?? item.current;
    if (before?.status === "labeled" && !before.conflict && JSON.stringify(before.value) === JSON.stringify(value))
      continue;
    const made = stamp();
    at = made.at;
    const { flagged, unsure, comment } = before ?? CLEARED;
    const draft = { flagged, unsure, comment };
    const about = { kind: "label", status: "labeled", value, undoes: null, supersedes: before?.act ?? null } as const;
    // A grid shows no suggestion.
    const act = { ...written(state, item.id, made, { ...about, draft }), suggestion: null, bulk };
    gathered.take(act, before, { act: act.act, value, status: "labeled", ...draft, conflict: false });
  }
  const step = whole(bulk, gathered.steps);
  if (step === null) return { state, acts: [], hint: "they are labeled so already" };
  return {
    ...gathered.over(state, { undo: [...state.undo, step].slice(-MOST_STEPS), redo: [], lastActAt: at }),
    acts: gathered.acts,
  };
}

/** The last bulk step taken back, or done again: one act for each item; `null` where the last step is none. */
export function reverseAll(state: State, type: "undo" | "redo", stamp: () => Stamp, bulk: string): Outcome | null {
  const step = state[type].at(-1);
  if (step?.steps === undefined) return null;
  const gathered = new Gathered(state);
  for (const one of step.steps) {
    if (state.rejected.has(one.act)) continue;
    const head = state.marks.get(one.item) ?? one.after;
    const made = stamp();
    const after: Current = { ...(one.before ?? CLEARED), act: made.act, conflict: false };
    const { status, value } = after;
    const about = { kind: "undo", status, value, undoes: one.act, supersedes: head.act, draft: after } as const;
    gathered.take({ ...written(state, one.item, made, about), bulk }, head, after);
  }
  const done = whole(bulk, gathered.steps);
  const other = type === "undo" ? "redo" : "undo";
  return gathered.over(state, {
    [type]: state[type].slice(0, -1),
    [other]: done === null ? state[other] : [...state[other], done],
  });
}
