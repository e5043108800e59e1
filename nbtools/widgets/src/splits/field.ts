/** A control with its name and, below it, a line that helps; what is wrong stands in the same place, so that nothing moves. */

import { h, setAttribute, setText } from "../dom.ts";

let last = 0;

/** An id that no other view of the page has. */
export const newId = (): string => {
  last += 1;
  return `nbt-splits-${last}`;
};

export class Field {
  readonly root: HTMLElement;
  readonly #note: HTMLElement;
  readonly #control: HTMLElement;
  readonly #help: string;

  /** `group`: the control is several, which the name stands for together. */
  constructor(name: string, what: string, control: HTMLElement, help: string, group = false) {
    const [label, note] = [newId(), newId()];
    this.#control = control;
    this.#help = help;
    this.#note = h("p", { class: "nbt-hint", id: note }, help);
    control.id ||= newId();
    control.setAttribute("aria-describedby", note);
    if (group) {
      control.setAttribute("role", "group");
      control.setAttribute("aria-labelledby", label);
    }
    const title = group
      ? h("span", { id: label, class: "nbt-name-of" }, name)
      : h("label", { id: label, for: control.id, class: "nbt-name-of" }, name);
    this.root = h("div", { class: "nbt-field-of", "data-of": what }, title, control, this.#note);
  }

  /** Say what is wrong, or help again. */
  say(why: string | null, help = this.#help): void {
    setText(this.#note, why ?? help);
    setAttribute(this.#note, "data-wrong", why === null ? null : "");
    // What is long is scrolled, by keys too.
    setAttribute(this.#note, "tabindex", why === null ? null : "0");
    setAttribute(
      this.#control,
      "aria-invalid",
      why === null || this.#control.getAttribute("role") === "group" ? null : "true",
    );
  }
}
