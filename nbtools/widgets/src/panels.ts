/** What stands in the item's place when there is no item: waiting, names, keys, the end, failure. */

import { h } from "./dom.ts";
import { count, plural } from "./format.ts";
import { type Action, type Commands, type Keymap, keycap } from "./keys.ts";
import type { Option } from "./protocol.ts";
import type { State } from "./state.ts";

export function failed(why: string): HTMLElement[] {
  return [
    h("h3", {}, "The Labeler cannot be shown"),
    h("p", { class: "nbt-why" }, why),
    h("p", {}, "Mend it, then run the cell again."),
  ];
}

export function empty(): HTMLElement[] {
  return [
    h("h3", {}, "Nothing to label yet"),
    h(
      "p",
      {},
      "Add files with ",
      h("code", {}, "ds.add(…)"),
      ", then ",
      h("code", {}, "ds.ingest()"),
      ", and run the cell again.",
    ),
  ];
}

/** The end: only said when nothing is left, and what was skipped is offered once more. */
export function done({ counts, opened, pending }: State): HTMLElement[] {
  if (opened?.mode === "review")
    return [h("h3", {}, "All reviewed"), h("p", {}, `${plural(counts.labeled, "label")} in all.`)];
  const again = h("button", { type: "button", "data-do": "again" }, "Look for more");
  if (counts.total === 0) return [...empty(), again];
  if (counts.skipped > 0) {
    const offer = h(
      "button",
      { type: "button", "data-do": "again", class: "nbt-primary" },
      "Go through the skipped ones again",
    );
    return [
      h("h3", {}, "Nothing new is left"),
      h("p", {}, `${count(counts.labeled)} labeled, ${count(counts.skipped)} skipped.`),
      offer,
    ];
  }
  const safe = pending.size === 0 ? "and saved" : "and kept in this browser";
  return [h("h3", {}, "Done"), h("p", {}, `All ${count(counts.total)} labeled ${safe}.`), again];
}

/** Who labels here? Asked where nobody has said so. */
export function nameForm(why: string | null, say: (name: string) => void): HTMLElement[] {
  const field = h("input", {
    class: "nbt-name",
    name: "annotator",
    maxlength: 200,
    autocomplete: "nickname",
    required: true,
  });
  const form = h(
    "form",
    { class: "nbt-name-form" },
    h("label", {}, h("strong", {}, "Your name"), field),
    h("button", { type: "submit", class: "nbt-primary" }, "Start labeling"),
    h(
      "p",
      { class: "nbt-quiet", role: "status" },
      why ?? "It is written beside each of your labels and remembered in this browser.",
    ),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const name = field.value.trim().replace(/\s+/g, " ");
    if (name !== "") say(name);
  });
  return [form];
}

/** A remembered name that may be someone else's. */
export function otherPerson(name: string): HTMLElement[] {
  return [
    h("h3", {}, "Someone else?"),
    h(
      "p",
      {},
      "Labels made here are ",
      h("bdi", {}, name),
      "’s. To label under another name, reload this page; in JupyterLab, restart the kernel and run the cell again.",
    ),
    h(
      "p",
      { class: "nbt-row" },
      h("button", { type: "button", "data-do": "forgetName", class: "nbt-primary" }, "Forget the name and reload"),
      h("button", { type: "button", "data-do": "closePanel" }, "Go on as ", h("bdi", {}, name)),
    ),
  ];
}

const WORDS: Readonly<Record<Action, string>> = {
  submit: "submit, or keep as it is",
  skip: "skip",
  undo: "undo",
  redo: "redo",
  flag: "flag",
  unsure: "not sure",
  comment: "comment",
  guidelines: "guidelines of the task",
  grid: "many items at once",
  back: "back to the item before",
  forward: "forward",
  play: "play or pause",
  seekBack: "5 s back",
  seekForward: "5 s on",
  zoomIn: "zoom in",
  zoomOut: "zoom out",
  zoomFit: "fit",
  levelDown: "darker values",
  levelUp: "brighter values",
  widthDown: "narrower window",
  widthUp: "wider window",
  channelBack: "channel before",
  channelNext: "next channel",
  lineUp: "scroll up",
  lineDown: "scroll down",
  pageUp: "page up",
  pageDown: "page down",
  top: "top",
  bottom: "bottom",
  help: "these keys",
  leave: "give the keys back to the notebook",
};

/** All keys; an action's or command's key can be changed by pressing its button and then the new key. */
export function help(
  options: readonly Option[],
  commands: Commands,
  keys: Keymap,
  editing: string | null,
): HTMLElement[] {
  const kbd = (names: readonly string[]) => names.map((name) => h("kbd", {}, keycap(name)));
  const optionRows = options.flatMap((option) => [
    h("dt", {}, ...kbd(keys.ofOption.get(option.id) ?? [])),
    h("dd", {}, h("bdi", {}, option.name), option.description === null ? "" : ` · ${option.description}`),
  ]);
  const actionRows = [
    ...Object.entries(commands).map(([name, { words }]) => [name, words] as const),
    ...Object.entries(WORDS).filter(([name]) => !(name in commands)),
  ].flatMap(([action, words]) => {
    const change = h(
      "button",
      { type: "button", "data-remap": action, "aria-label": `change the key for ${words}` },
      editing === action ? "press a key…" : "change",
    );
    return [h("dt", {}, ...kbd(keys.ofAction.get(action) ?? [])), h("dd", {}, words, " ", change)];
  });
  const close = h("button", { type: "button", "data-do": "closePanel", class: "nbt-primary" }, "Close");
  const reset = h("button", { type: "button", "data-do": "resetKeys" }, "Reset keys");
  return [
    h("h3", {}, "Keys"),
    h("p", { class: "nbt-row" }, close, reset),
    h("dl", { class: "nbt-keys" }, ...optionRows, ...actionRows),
  ];
}
