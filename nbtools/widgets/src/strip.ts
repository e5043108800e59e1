/** The last items, one press from being shown again. */

import { h, setAttribute, setText } from "./dom.ts";
import type { Kind } from "./editors/kind.ts";
import { said } from "./notices.ts";
import { markOf, type State, strip } from "./state.ts";

const LENGTH = 20;

export class Strip {
  readonly #kind: Kind;
  readonly #buttons = Array.from({ length: LENGTH }, () =>
    h("button", { type: "button", class: "nbt-past", "data-past": "", disabled: true }),
  );

  constructor(kind: Kind, place: HTMLElement) {
    this.#kind = kind;
    place.replaceChildren(...this.#buttons);
  }

  draw(state: State): void {
    const ids = strip(state);
    for (const [i, button] of this.#buttons.entries()) this.#fill(button, state, ids[i - (LENGTH - ids.length)]);
  }

  #fill(button: HTMLButtonElement, state: State, id: string | undefined): void {
    const kind = this.#kind;
    const task = state.opened?.task;
    button.disabled = id === undefined;
    setAttribute(button, "data-past", id ?? "");
    setAttribute(button, "aria-current", id !== undefined && id === state.current ? "true" : null);
    const mark = id === undefined ? null : markOf(state, id);
    const labeled = task !== undefined && mark?.status === "labeled";
    const words = id === undefined ? "" : said(kind, state, id);
    // The style sheet cuts the words where the strip is narrow.
    setText(button, labeled ? (kind.brief?.(task, mark.value) ?? words) : mark?.status === "skipped" ? "–" : "");
    button.style.setProperty("--nbt-color", labeled ? kind.color(task, mark.value) : "transparent");
    button.classList.toggle("nbt-flagged", mark?.flagged === true);
    const name = id === undefined ? "" : (state.items.get(id)?.name ?? id.slice(0, 8));
    const all = id === undefined ? "nothing yet" : `${name}: ${words}${mark?.flagged ? ", flagged" : ""}`;
    setAttribute(button, "aria-label", all);
    setAttribute(button, "title", id === undefined ? null : `${words} · ${name}`);
  }
}
