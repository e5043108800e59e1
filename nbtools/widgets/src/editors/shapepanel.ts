/** What stands below a picture that is drawn on: the options, what is selected and what can be done with it, its attributes. */

import { button, h, setAttribute, setText } from "../dom.ts";
import { keycap } from "../keys.ts";
import type { Current } from "../protocol.ts";
import type { Form } from "../rules/form.ts";
import { amount, type Drawing, described, type Shape } from "../rules/shapes.ts";
import { drawOptions, nameOf, optionButtons, optionGrid } from "./buttons.ts";
import type { Place } from "./kind.ts";
import { PartFields, type Say } from "./partfields.ts";

export interface Panelled {
  readonly drawing: Drawing;
  readonly shape: Shape | null;
  /** The option of the next shape. */
  readonly option: string | null;
  readonly grip: number | null;
  readonly begun: number;
  readonly cross: boolean;
  readonly over: boolean;
  readonly hidden: boolean;
  readonly current: Current | null;
}

export class ShapePanel {
  readonly elements: readonly HTMLElement[];
  readonly fields: PartFields;
  readonly #place: Place;
  readonly #form: Form;
  readonly #options: readonly HTMLButtonElement[];
  readonly #says = h("span", { class: "nbt-selected", role: "status", dir: "auto" });
  readonly #buttons: Readonly<Record<"remove" | "over" | "draw" | "hide" | "copy" | "none", HTMLButtonElement>>;

  constructor(place: Place, form: Form, say: Say) {
    const { options } = place.task;
    this.#place = place;
    this.#form = form;
    this.#options = optionButtons(options, place.keys);
    this.fields = new PartFields(place.task, "shape", say);
    this.#buttons = {
      remove: this.#button("remove", "Remove"),
      over: this.#button("over", "Draw over"),
      draw: this.#button("draw", "Draw by keys"),
      hide: this.#button("hide", "Hide"),
      copy: this.#button("copy", "Copy previous"),
      none: this.#button("none", `No ${form.noun[1]}`),
    };
    this.elements = [
      ...(options.length === 0 ? [] : [optionGrid(this.#options, options)]),
      h("div", { class: "nbt-marking" }, this.#says, ...Object.values(this.#buttons)),
      ...(this.fields.count === 0 ? [] : [this.fields.element]),
    ];
  }

  draw(now: Panelled): void {
    const { shape, option, cross, over, hidden } = now;
    const { remove, none } = this.#buttons;
    const chosen = shape === null ? option : shape.option;
    drawOptions(this.#options, chosen === null ? [] : [chosen], []);
    setText(this.#says, this.#words(now));
    for (const each of [remove, this.#buttons.over]) setAttribute(each, "data-idle", shape === null ? "" : null);
    setAttribute(this.#buttons.draw, "aria-pressed", String(cross));
    setAttribute(this.#buttons.over, "aria-pressed", String(over));
    setAttribute(this.#buttons.hide, "aria-pressed", String(hidden));
    const said = now.current?.status === "labeled" && now.drawing.shapes.length === 0;
    setAttribute(none, "aria-pressed", String(said));
    this.fields.draw(shape?.attributes ?? null);
  }

  #words({ drawing, shape, option, grip, begun, cross, over, hidden }: Panelled): string {
    const { task } = this.#place;
    const [one] = this.#form.noun;
    if (begun > 0) return this.#form.corners === 2 ? "Space sets the other corner" : ringWords(begun);
    if (over) return `The next press draws a ${one}, whatever is there`;
    if (hidden) return `${amount(this.#form, drawing)}, hidden`;
    if (shape !== null && !cross)
      return `${described(this.#form, task, shape)}${grip === null ? "" : ` · ${this.#grip(grip)}`}`;
    const next = option === null ? "" : ` · next: ${nameOf(task.options, option)}`;
    const how = cross ? "Arrows move, Space sets" : this.#form.hint;
    return `${how} · ${amount(this.#form, drawing)}${next}`;
  }

  #grip(grip: number): string {
    return this.#form.corners === 2 ? (SIDES[grip] ?? "") : `corner ${grip + 1}`;
  }

  #button(command: string, words: string): HTMLButtonElement {
    const caps = (this.#place.keys.ofAction.get(command) ?? []).slice(0, 1).map(keycap);
    return button(command, words, caps, { "aria-keyshortcuts": caps.join(" ") || null });
  }
}

const ringWords = (corners: number): string =>
  corners < 3 ? `${corners} of 3 corners or more` : `${corners} corners: Enter or the last one again closes`;

/** In the order of the grips of a box. */
const SIDES = [
  "lower right corner",
  "lower side",
  "lower left corner",
  "left side",
  "upper left corner",
  "upper side",
  "upper right corner",
  "right side",
];
