/** Columns to choose from, each a button that stays pressed: a list would change with the first arrow key. */

import { button, h, setAttribute } from "../dom.ts";

export class Columns {
  readonly root = h("div", { class: "nbt-columns" });
  readonly #changed: (names: readonly string[]) => void;
  #chosen: readonly string[] = [];
  #drawn = "";

  constructor(changed: (names: readonly string[]) => void) {
    this.#changed = changed;
  }

  draw(chosen: readonly string[], known: readonly string[]): void {
    this.#chosen = chosen;
    const key = known.join("\n");
    if (key !== this.#drawn) {
      this.#drawn = key;
      this.root.replaceChildren(...known.map((name) => this.#button(name)));
    }
    for (const one of this.root.children)
      setAttribute(one, "aria-pressed", String(chosen.includes(one.getAttribute("data-column") ?? "")));
  }

  #button(name: string): HTMLElement {
    const made = button("column", name, [], { class: "nbt-chip", "data-column": name });
    made.addEventListener("click", () => {
      const without = this.#chosen.filter((one) => one !== name);
      this.#changed(without.length < this.#chosen.length ? without : [...without, name]);
    });
    return made;
  }
}
