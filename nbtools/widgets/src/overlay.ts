/** The panel that stands in the item's place, where one has to; what is in it comes with the first, but for the wait. */

import type { Controller } from "./controller.ts";
import { h } from "./dom.ts";
import type { Kind } from "./editors/kind.ts";
import type { Keymap } from "./keys.ts";
import type { Rest } from "./rest.ts";
import { finished } from "./state.ts";

type Asked = "help" | "person";

export interface PanelHost {
  readonly controller: Controller;
  readonly kind: Kind;
  readonly panel: HTMLElement;
  asked(): Asked | null;
  keys(): Keymap;
  close(): void;
  redraw(): void;
}

export interface Panels {
  draw(): void;
  /** Another thing stands in the panel, or nothing. */
  left(): void;
  /** A click on a button of a panel; true where it was one. */
  click(target: HTMLElement): boolean;
  /** A key while a panel is open; true where it was meant for the panel. */
  keyed(event: KeyboardEvent): boolean;
}

export class Overlay {
  readonly #host: PanelHost;
  #asked: Asked | null = null;
  #panels: Panels | null = null;
  readonly #rest: Rest;

  constructor(host: Omit<PanelHost, "asked" | "close">, rest: Rest) {
    this.#host = { ...host, asked: () => this.#asked, close: () => this.#show(null) };
    this.#rest = rest;
  }

  /** Whether a person opened a panel over the item, so that nothing may be said about it. */
  get open(): boolean {
    return this.#asked !== null;
  }

  toggle(asked: Asked): void {
    this.#show(this.#asked === asked ? null : asked);
  }

  click(target: HTMLElement): boolean {
    return this.#panels?.click(target) === true;
  }

  keyed(event: KeyboardEvent): boolean {
    if (this.#panels?.keyed(event)) return true;
    if (event.key !== "Escape" || !this.open) return false;
    this.#show(null);
    return true;
  }

  /** Draw the panel that the state asks for; `waiting`: there is no item on the screen. */
  draw(waiting: boolean): void {
    const { controller, panel } = this.#host;
    const { state } = controller;
    const failed = state.failed !== null && state.current === null;
    const needed = failed || controller.nameless || this.open || finished(state);
    panel.hidden = !needed && !waiting;
    if (needed && this.#panels !== null) {
      this.#panels.draw();
      return;
    }
    this.#panels?.left();
    if (waiting || needed) skeleton(panel);
    if (needed)
      this.#rest.settle(({ panelsOf }) => {
        this.#panels ??= panelsOf(this.#host);
        this.#host.redraw();
      });
  }

  #show(asked: Asked | null): void {
    this.#asked = asked;
    this.#panels?.left();
    this.#host.redraw();
    if (asked === null) this.#host.panel.closest<HTMLElement>(".nbt-labeler")?.focus({ preventScroll: true });
  }
}

/** A still shape of the right size, shown when waiting has taken long enough to be noticed. */
function skeleton(panel: HTMLElement): void {
  if (panel.firstElementChild?.matches(".nbt-skeleton")) return;
  panel.replaceChildren(
    h("div", { class: "nbt-skeleton", "aria-hidden": "true" }),
    h("p", { class: "nbt-quiet", role: "status" }, "loading"),
  );
}
