/** State to elements; each function changes only what is different. */

import { worthConfirming } from "./acts.ts";
import { setAttribute, setText } from "./dom.ts";
import type { Kind } from "./editors/kind.ts";
import { plain } from "./format.ts";
import { note, progress, type Surroundings, said, status } from "./notices.ts";
import type { Skin } from "./skin.ts";
import { currentItem, draftOf, markOf, type State } from "./state.ts";

export function drawHead(skin: Skin, state: State): void {
  const { opened, counts } = state;
  const title = opened ? `${opened.dataset.name} · ${opened.task.title ?? opened.task.name}` : "";
  setText(skin.title, title);
  setAttribute(skin.title, "title", title);
  if (opened) setAttribute(skin.root, "aria-label", `Labeler: ${title}`);
  setText(skin.progress, progress(state));
  const done = counts.total === 0 ? 0 : (counts.total - counts.left) / counts.total;
  skin.bar.style.transform = `scaleX(${done})`;
}

export function drawActions(skin: Skin, kind: Kind, state: State, skips: boolean): void {
  const draft = state.current === null ? null : draftOf(state, state.current);
  const labeled = state.current !== null && markOf(state, state.current)?.status === "labeled";
  const set = (action: string, attribute: string, on: boolean | undefined): void => {
    const button = skin.actions.querySelector(`.nbt-${action}`);
    if (button) setAttribute(button, attribute, String(on === true));
  };
  set("flag", "aria-pressed", draft?.flagged);
  set("unsure", "aria-pressed", draft?.unsure);
  set("comment", "aria-pressed", draft !== null && draft.comment !== null);
  set("submit", "aria-disabled", kind.atOnce && !labeled);
  set("undo", "aria-disabled", state.undo.length + (draft?.past.length ?? 0) === 0);
  set("redo", "aria-disabled", state.redo.length + (draft?.future.length ?? 0) === 0);
  const skip = skin.actions.querySelector<HTMLElement>(".nbt-skip");
  if (skip) skip.hidden = !skips;
  const submit = skin.actions.querySelector(".nbt-submit .nbt-words");
  if (submit) setText(submit, labeled ? (worthConfirming(state) ? "Confirm" : "Keep") : "Submit");
}

export function drawCaption(skin: Skin, kind: Kind, state: State): void {
  const item = currentItem(state);
  if (item === null) {
    setText(skin.about, "");
    return;
  }
  const shown = Object.entries(item.attributes).map(([name, value]) => `${name}: ${plain(value)}`);
  const mark = markOf(state, item.id);
  const before =
    mark === null || mark.status === "cleared"
      ? []
      : [mark.status === "skipped" ? "skipped before" : `labeled ${said(kind, state, item.id)}`];
  const conflict = mark?.conflict ? ["also labeled otherwise: answer again to settle it"] : [];
  const comment = draftOf(state, item.id).comment;
  const words = [item.name, ...shown, ...before, ...conflict, ...(comment === null ? [] : [`“${comment}”`])].join(
    " · ",
  );
  setText(skin.about, words);
  setAttribute(skin.about, "title", words);
}

export function drawNotes(skin: Skin, state: State, around: Surroundings, refusals: number): void {
  const { text, tone } = status(state, around);
  setText(skin.status, text);
  const told = { "data-unsaved": state.pending.size, "data-tone": tone, "data-refused": refusals };
  for (const [name, value] of Object.entries(told)) setAttribute(skin.status, name, String(value));
  const line = note(state, around);
  setText(skin.note, line.text);
  setAttribute(skin.note, "title", line.text || null);
  skin.note.classList.toggle("nbt-grave", line.grave);
  skin.download.hidden = !line.download;
}
