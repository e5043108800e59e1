/** `number`: a field, and a slider where there are two ends. A digit begins a number, Enter submits it; nothing is preselected. */

import { h, setAttribute } from "../dom.ts";
import type { Press } from "../presented.ts";
import type { Value } from "../protocol.ts";
import { begins, problem, type Range, rangeOf, shownIn, stepped, typed, words } from "../rules/number.ts";
import { type Editor, type Kind, NOTHING, type Now, type Place, pressOf } from "./kind.ts";
import sheet from "./number.css";

const STEPS: Readonly<Record<string, number>> = { more: 1, less: -1, muchMore: 10, muchLess: -10 };

export const number: Kind = {
  options: () => [],
  commands: {
    more: { keys: ["ArrowUp"], words: "one step more" },
    less: { keys: ["ArrowDown"], words: "one step less" },
    muchMore: { keys: ["shift+ArrowUp"], words: "ten steps more" },
    muchLess: { keys: ["shift+ArrowDown"], words: "ten steps less" },
  },
  atOnce: false,
  initial: () => null,
  problem: (task, value) => problem(rangeOf(task), value),
  words: (task, value) => words(rangeOf(task), value),
  color: () => "transparent",
  sheet,
  build: (place) => new Numbering(place),
};

class Numbering implements Editor {
  readonly #place: Place;
  readonly #range: Range;
  readonly #field: HTMLInputElement;
  readonly #slider: HTMLInputElement;
  #now = NOTHING;

  constructor(place: Place) {
    const { settings, title, name } = place.task;
    const range = rangeOf(place.task);
    const [min, max] = [range.min ?? 0, range.max ?? 1];
    this.#place = place;
    this.#range = range;
    this.#field = h("input", {
      class: "nbt-number",
      inputmode: range.min !== null && range.min >= 0 ? "decimal" : "text",
      autocomplete: "off",
      "aria-label": range.unit === "" ? (title ?? name) : `${title ?? name}, in ${range.unit}`,
    });
    this.#slider = h("input", {
      type: "range",
      class: "nbt-slider",
      min,
      max,
      step: range.step ?? (range.integer ? 1 : "any"),
      "aria-label": `${title ?? name}, slider`,
    });
    this.#field.addEventListener("input", () => this.#set(typed(this.#field.value), null, "typed"));
    this.#slider.addEventListener("input", (event) => this.#set(Number(this.#slider.value), pressOf(event), "slid"));
    // A press on the very middle, where the hidden thumb waits, changes nothing that the browser would tell.
    this.#slider.addEventListener("pointerup", (event) => {
      if (this.#now.value === null) this.#set(Number(this.#slider.value), pressOf(event), "slid");
    });
    const slides = settings["slider"] === true;
    const ends = slides
      ? [h("span", { class: "nbt-sliding" }, h("span", {}, String(min)), this.#slider, h("span", {}, String(max)))]
      : [];
    const unit = range.unit === "" ? [] : [h("span", { class: "nbt-unit", dir: "auto" }, range.unit)];
    place.element.replaceChildren(h("div", { class: "nbt-numbering" }, this.#field, ...unit, ...ends));
  }

  draw(now: Now): void {
    const { item, value } = now;
    this.#now = now;
    this.#field.disabled = this.#slider.disabled = item === null;
    // What is half typed, such as “1.”, is the same number and stays as it is.
    if (typed(this.#field.value) !== value) this.#field.value = shownIn(value);
    const set = typeof value === "number";
    this.#slider.classList.toggle("nbt-unset", !set);
    this.#slider.value = String(set ? value : ((this.#range.min ?? 0) + (this.#range.max ?? 1)) / 2);
    setAttribute(this.#slider, "aria-valuetext", set ? words(this.#range, value) : "not set");
  }

  shown(): void {
    // The keys are the widget's again: else the next Space would be typed into the field.
    const { activeElement } = this.#place.root.getRootNode() as Document | ShadowRoot;
    if (activeElement === this.#field || activeElement === this.#slider)
      this.#place.root.focus({ preventScroll: true });
  }

  choose(): void {}

  act(command: string, press: Press): boolean {
    const steps = STEPS[command];
    if (steps === undefined) return false;
    this.#place.edit(stepped(this.#range, this.#now.value, steps), { ...press, repeat: false }, null, "stepped");
    return true;
  }

  keyed(event: KeyboardEvent): boolean {
    const press = { timeStamp: event.timeStamp, repeat: event.repeat, composing: event.isComposing };
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.target === this.#place.root) return plain && begins(this.#range, event.key) && this.#begin(event);
    if (event.target !== this.#field && event.target !== this.#slider) return false;
    const inField = event.target === this.#field;
    if (event.key === "Enter") this.#place.act("submit", press);
    else if (event.key === "Escape") this.#place.root.focus({ preventScroll: true });
    else if (event.key === "ArrowUp" || event.key === "ArrowDown")
      this.act(
        event.key === "ArrowUp" ? (event.shiftKey ? "muchMore" : "more") : event.shiftKey ? "muchLess" : "less",
        press,
      );
    else if (!plain && inField && event.key.toLowerCase() === "z")
      this.#place.act(event.shiftKey ? "redo" : "undo", press);
    else return false;
    return true;
  }

  close(): void {}

  /** A number is begun without going to the field first; what stood there is replaced. */
  #begin(event: KeyboardEvent): boolean {
    if (event.repeat || !this.#place.edit(typed(event.key), null, null, "typed")) return true;
    this.#field.value = event.key;
    this.#field.focus({ preventScroll: true });
    this.#field.setSelectionRange(1, 1);
    return true;
  }

  #set(value: Value, press: Press | null, run: string): void {
    if (!this.#place.edit(value, press, null, run)) this.draw(this.#now);
  }
}
