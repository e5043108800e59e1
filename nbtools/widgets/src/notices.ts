/** The words of the status and of the line below: one thing at a time, the gravest first. Pure. */

import type { Kind } from "./editors/kind.ts";
import { count, plural, timeLeft } from "./format.ts";
import { perItem } from "./pace.ts";
import { markOf, type State } from "./state.ts";

export interface Surroundings {
  readonly connected: boolean;
  /** Acts that are in no store of the browser yet. */
  readonly unkept: number;
  readonly trouble: { readonly of: "name" | "store" | "save"; readonly why: string } | null;
  readonly refusal: string | null;
  readonly hint: string | null;
  readonly focused: boolean;
  readonly address: string;
}

export type Tone = "calm" | "busy" | "lost" | "refused";

/** The word in the head, and how grave it is. */
export function status(state: State, around: Surroundings): { readonly text: string; readonly tone: Tone } {
  const unsaved = state.pending.size;
  if (around.refusal !== null) return { text: around.refusal, tone: "refused" };
  if (!around.connected) return { text: `not connected${unsaved ? ` · ${count(unsaved)} unsaved` : ""}`, tone: "lost" };
  if (around.unkept > 0) return { text: `not yet kept ${count(around.unkept)}`, tone: "busy" };
  if (unsaved > 0) return { text: `saving ${count(unsaved)}`, tone: "busy" };
  const done = state.opened?.saves === false ? "in memory only" : "saved ✓";
  return { text: state.lastActAt === null ? "ready" : done, tone: "calm" };
}

/** The line below; `download` where there is something that only this browser has. */
export function note(
  state: State,
  around: Surroundings,
): { readonly text: string; readonly grave: boolean; readonly download: boolean } {
  const unsaved = state.pending.size;
  const calm = (text: string) => ({ text, grave: false, download: false });
  const grave = (text: string) => ({ text, grave: true, download: unsaved + state.rejected.size > 0 });
  if (around.trouble?.of === "store")
    return grave(
      "This browser's storage is full: the last press was not recorded. Labeling goes on when the labels before it are saved.",
    );
  if (!around.connected && unsaved > 0) return grave(cutOff(unsaved, around));
  if (state.rejected.size > 0) {
    const why = [...state.rejected.values()].at(-1)?.why ?? "";
    return grave(`${plural(state.rejected.size, "label")} could not be saved: ${why}`);
  }
  if (!around.connected) return grave(cutOff(unsaved, around));
  if (around.trouble?.of === "save" && unsaved > 0)
    return grave(`Not saved yet: ${around.trouble.why}. Kept in this browser and sent again.`);
  if (around.hint !== null) return calm(around.hint);
  const order = state.opened?.order;
  if (order?.failed) return { ...calm(order.text), grave: true };
  return calm(around.focused ? (order?.text ?? "") : "click or press Tab here to use keys");
}

function cutOff(unsaved: number, { unkept, address }: Surroundings): string {
  if (unkept > 0)
    return `Not connected: ${plural(unkept, "label")} not yet kept in this browser. Leave this page open.`;
  const back = `If this lasts, run the cell again or reload ${address}`;
  const last =
    unsaved === 1 ? "your last label is" : `${unsaved === 0 ? "" : `your last ${count(unsaved)} `}labels are`;
  return `Not connected: ${last} kept in this browser and will be sent. ${back}`;
}

/** How far the work is, and how long the rest may take. */
export function progress(state: State): string {
  const { total, left } = state.counts;
  if (state.opened === null) return "";
  if (state.opened.mode === "review")
    return `${count(state.undo.length)} reviewed · ${plural(state.counts.labeled, "label")}`;
  const each = perItem(state.pace);
  const done = `${count(total - left)} of ${count(total)}`;
  return each === null || left === 0 ? done : `${done} · ${timeLeft(each * left)}`;
}

/** What is said about an item, in words: for the strip and for screen readers. */
export function said(kind: Pick<Kind, "words">, state: State, id: string): string {
  const mark = markOf(state, id);
  if (mark === null || mark.status === "cleared" || state.opened === null) return "not labeled";
  return mark.status === "skipped" ? "skipped" : kind.words(state.opened.task, mark.value);
}
