/** One field of a form: its row, and the editor of its kind. */

import { h } from "../dom.ts";
import type { Surface } from "../items/surface.ts";
import type { Keymap } from "../keys.ts";
import type { Item } from "../protocol.ts";
import { type Field, saidIn, titleOf } from "../rules/fields.ts";
import { draws } from "./fields.ts";
import type { Editor, Kind, Now, Place } from "./kind.ts";

export class Part {
  readonly field: Field;
  readonly kind: Kind;
  readonly keys: Keymap;
  readonly row: HTMLElement;
  readonly editor: Editor;
  #surface: Surface | null = null;
  /** What the editor draws on, where it has been told. */
  #given: Surface | null | undefined;

  constructor(field: Field, kind: Kind, keys: Keymap, placed: (row: HTMLElement, element: HTMLElement) => Place) {
    const title = titleOf(field);
    const open = field.required ? [] : [h("span", { class: "nbt-quiet" }, "may be left open")];
    const element = h("div", { class: "nbt-form-field" });
    this.field = field;
    this.kind = kind;
    this.keys = keys;
    this.row = h(
      "div",
      { class: "nbt-form-row", tabindex: 0, role: "group", "aria-label": title, "data-field": field.task.name },
      h("div", { class: "nbt-form-name", "aria-hidden": "true" }, h("span", { dir: "auto" }, title), ...open),
      element,
    );
    this.editor = kind.build(placed(this.row, element));
    // Rows are what Tab goes between; within one, digits choose.
    for (const button of element.querySelectorAll("button")) button.tabIndex = -1;
  }

  /** Another item is on the screen. Whether a field that draws on it is asked is not known before it is drawn. */
  shown(item: Item | null, surface: Surface | null): void {
    this.#surface = surface;
    this.#given = undefined;
    if (!draws(this.kind)) this.editor.shown?.(item, surface);
  }

  /** Draw what is said of this field, as if it were said already: it is, as far as the form is concerned. */
  draw({ item, value, edited, suggested }: Now, asked: boolean): void {
    this.row.hidden = !asked;
    const surface = asked ? this.#surface : null;
    if (draws(this.kind) && this.#given !== surface) this.editor.shown?.(item, surface);
    this.#given = surface;
    const mine = saidIn(value)[this.field.task.name] ?? null;
    const marks = { act: "", flagged: false, unsure: false, comment: null, conflict: false };
    const current = mine === null ? null : { ...marks, value: mine, status: "labeled" as const };
    const proposed = saidIn(suggested?.value ?? null)[this.field.task.name] ?? null;
    // A score is of the whole form.
    const own = suggested === null || proposed === null ? null : { ...suggested, value: proposed, score: null };
    this.editor.draw({ item, value: mine, edited, current, suggested: own });
  }
}
