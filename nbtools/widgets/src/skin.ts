/** The elements of the Labeler, made once; drawing only changes them. */

import { button, h } from "./dom.ts";
import { type Action, type Keymap, keycap } from "./keys.ts";

export interface Skin {
  readonly root: HTMLElement;
  readonly title: HTMLElement;
  readonly progress: HTMLElement;
  readonly status: HTMLElement;
  readonly bar: HTMLElement;
  readonly help: HTMLElement;
  readonly middle: HTMLElement;
  readonly stage: HTMLElement;
  readonly item: HTMLElement;
  readonly panel: HTMLElement;
  readonly caption: HTMLElement;
  readonly about: HTMLElement;
  readonly tools: HTMLElement;
  /** What a model proposes. */
  readonly suggestion: HTMLElement;
  readonly editor: HTMLElement;
  readonly actions: HTMLElement;
  readonly strip: HTMLElement;
  readonly note: HTMLElement;
  readonly download: HTMLButtonElement;
  readonly live: HTMLElement;
}

const part = (tag: "div" | "span", name: string, ...children: readonly HTMLElement[]): HTMLElement =>
  h(tag, { class: `nbt-${name}` }, ...children);

/** Build the page of one view into `el`. */
export function build(el: HTMLElement, sheet: string): Skin {
  const title = part("span", "title");
  const progress = part("span", "progress");
  const status = h("span", { class: "nbt-status", "data-unsaved": 0, "data-tone": "calm" });
  const help = button("help", "?", [], { class: "nbt-help", "aria-label": "keys", "aria-keyshortcuts": "?" });
  const bar = part("div", "bar-done");
  const item = part("div", "item");
  const panel = h("div", { class: "nbt-panel", hidden: true });
  const stage = h("div", { class: "nbt-stage", "data-state": "loading" }, item, panel);
  const middle = part("div", "middle", stage);
  const about = part("span", "about");
  const tools = part("span", "tools");
  const caption = part("div", "caption", about, tools);
  const suggestion = h("div", { class: "nbt-suggestion", hidden: true });
  const editor = part("div", "editor");
  const actions = h("div", { class: "nbt-actions", role: "group", "aria-label": "actions" });
  const strip = h("div", { class: "nbt-strip", role: "group", "aria-label": "the last items" });
  const note = part("span", "note-text");
  const download = h("button", { type: "button", class: "nbt-download", hidden: true }, "download them");
  const live = h("div", { class: "nbt-live", "aria-live": "polite", role: "status" });
  const root = h(
    "div",
    // The attribute keeps JupyterLab's one-letter shortcuts, which would insert and delete cells, off this element.
    {
      class: "nbt-labeler",
      tabindex: 0,
      role: "region",
      "aria-label": "Labeler",
      "data-lm-suppress-shortcuts": true,
    },
    part("div", "head", title, progress, status, help),
    h("div", { class: "nbt-bar", "aria-hidden": "true" }, bar),
    middle,
    caption,
    suggestion,
    editor,
    actions,
    strip,
    part("div", "note", note, download),
    live,
    // Within the root, because the page may be a shadow root, and so that it goes when the view goes.
    h("style", {}, sheet),
  );
  el.append(root);
  return {
    root,
    title,
    progress,
    status,
    bar,
    help,
    middle,
    stage,
    item,
    panel,
    caption,
    about,
    tools,
    suggestion,
    editor,
    actions,
    strip,
    note,
    download,
    live,
  };
}

const WORDS: Partial<Record<Action, string>> = {
  submit: "Submit",
  skip: "Skip",
  undo: "Undo",
  redo: "Redo",
  flag: "Flag",
  unsure: "Not sure",
  comment: "Comment",
  back: "Back",
  forward: "Forward",
};

/** The buttons of every task, below its editor. */
export function actionButtons(keys: Keymap): HTMLElement[] {
  const shown = Object.keys(WORDS) as Action[];
  const buttons = shown.map((action) => {
    const caps = (keys.ofAction.get(action) ?? []).slice(0, 1).map(keycap);
    const element = button(action, WORDS[action] ?? action, caps, {
      class: `nbt-${action}`,
      "aria-keyshortcuts": caps.join(" ") || null,
    });
    for (const cap of element.querySelectorAll("kbd")) cap.setAttribute("aria-hidden", "true");
    return element;
  });
  const more = h("button", { type: "button", class: "nbt-more", "aria-expanded": "false" }, "More");
  return [...buttons, more];
}
