/** The elements of a VersionBrowser, made once; drawing only changes them. */

import { button, h } from "../dom.ts";
import { ownKeys } from "../focus.ts";

export interface Skin {
  readonly root: HTMLElement;
  readonly title: HTMLElement;
  readonly actions: HTMLElement;
  readonly timeline: HTMLElement;
  readonly about: HTMLElement;
  readonly compare: HTMLSelectElement;
  readonly tabs: HTMLElement;
  readonly find: HTMLInputElement;
  readonly all: HTMLButtonElement;
  readonly mode: HTMLButtonElement;
  readonly body: HTMLElement;
  readonly lists: HTMLElement;
  readonly side: HTMLElement;
  readonly panel: HTMLElement;
  readonly line: HTMLElement;
  readonly copy: HTMLButtonElement;
  readonly note: HTMLElement;
  readonly live: HTMLElement;
}

/** Build the page of one view into `el`; what the timeline and the open item draw is handed over. */
export function build(el: HTMLElement, timeline: HTMLElement, detail: HTMLElement, sheet: string): Skin {
  const title = h("span", { class: "nbt-title", dir: "auto" });
  const actions = h(
    "span",
    { class: "nbt-actions", role: "group", "aria-label": "actions" },
    button("freeze", "Freeze…", [], { class: "nbt-edged" }),
    button("verify", "Verify…", [], { class: "nbt-edged" }),
    button("restore", "Restore…", [], { class: "nbt-edged" }),
    button("report", "Report", [], { class: "nbt-edged" }),
    button("help", "?", [], { class: "nbt-help nbt-edged", "aria-label": "keys", "aria-keyshortcuts": "?" }),
  );
  const about = h("span", { class: "nbt-about", dir: "auto" });
  const compare = h("select", { "data-do": "compare" });
  const tabs = h("div", { class: "nbt-tabs", role: "group", "aria-label": "what is listed" });
  const find = h("input", {
    type: "search",
    class: "nbt-find",
    placeholder: "find…  /",
    "aria-label": "find in names, texts and ids",
    "aria-keyshortcuts": "/",
    maxlength: 200,
  });
  const all = button("everything", "show all again", [], { class: "nbt-edged" });
  const mode = button("mode", "table", [], { class: "nbt-edged", "aria-keyshortcuts": "v" });
  const lists = h("div", { class: "nbt-lists" });
  const side = h("div", { class: "nbt-side", tabindex: 0, role: "region", "aria-label": "how many of each" });
  const panel = h("div", { class: "nbt-panel", hidden: true });
  const body = h("div", { class: "nbt-body" }, lists, side, detail, panel);
  const line = h("code", {
    class: "nbt-code",
    tabindex: 0,
    role: "textbox",
    "aria-readonly": "true",
    "aria-label": "the line of Python that loads this",
  });
  const copy = button("copy", "copy", [], { class: "nbt-edged" });
  const note = h("div", { class: "nbt-note", role: "status" });
  const live = h("div", { class: "nbt-live", "aria-live": "polite", role: "status" });
  const root = h(
    "div",
    // The attribute keeps JupyterLab's one-letter shortcuts, which would insert and delete cells, off this element.
    {
      class: "nbt-versions",
      tabindex: 0,
      role: "region",
      "aria-label": "versions",
      "data-lm-suppress-shortcuts": "true",
    },
    h("div", { class: "nbt-head" }, title, actions),
    timeline,
    h("div", { class: "nbt-summary" }, about, h("label", { class: "nbt-compare" }, "compared with ", compare)),
    h("div", { class: "nbt-bar" }, tabs, all, find, mode),
    body,
    h("div", { class: "nbt-foot" }, line, copy),
    note,
    live,
    h("style", {}, sheet),
  );
  root.addEventListener("focusin", ownKeys);
  el.append(root);
  return {
    root,
    title,
    actions,
    timeline,
    about,
    compare,
    tabs,
    find,
    all,
    mode,
    body,
    lists,
    side,
    panel,
    line,
    copy,
    note,
    live,
  };
}
