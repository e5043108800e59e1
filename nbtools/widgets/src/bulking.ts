/** The way to the grid in which many items get one label: its button and keys are here, its program comes with the first press. */

import type { Grid } from "./bulk/grid.ts";
import { button, setAttribute } from "./dom.ts";
import type { Meaning } from "./keys.ts";
import type { Press } from "./presented.ts";
import type { Host } from "./rest.ts";

/** What the bundle `bulk` exports. */
interface BulkModule {
  readonly Grid: typeof Grid;
}

/** Kinds whose label can be the same for many items. */
const KINDS = ["choice", "choices", "rating"];
/** What still means what it does while the grid is open. */
const THROUGH = ["guidelines", "undo", "redo"];

export class Bulking {
  readonly #host: Host;
  readonly #button = button("grid", "Many at once", ["B"], { class: "nbt-grid-button", "aria-keyshortcuts": "b" });
  #grid: Grid | null = null;

  constructor(host: Host) {
    this.#host = host;
    host.skin.help.before(this.#button);
  }

  get open(): boolean {
    return this.#grid?.open === true;
  }

  draw(): void {
    const kind = this.#host.controller.state.opened?.task.kind ?? "";
    this.#button.hidden = !KINDS.includes(kind);
    setAttribute(this.#button, "aria-expanded", String(this.open));
    this.#grid?.draw();
  }

  toggle(): void {
    if (this.#button.hidden) this.#host.refuse("many at once: for choice, choices and rating", null);
    else this.#with((grid) => grid.toggle());
  }

  /** With the grid, which comes with the first wish for it; a label for many may have been made in another view. */
  #with(act: (grid: Grid) => void): void {
    if (this.#grid !== null) {
      act(this.#grid);
      return;
    }
    void this.#host.desk.module("bulk").then(
      (bulk) => {
        this.#grid ??= new (bulk as BulkModule).Grid(this.#host);
        act(this.#grid);
      },
      () => this.#host.refuse("the grid did not come: press again", this.#button),
    );
  }

  /** Whether a press was the grid's. */
  press(meaning: Meaning, press: Press, pressed: HTMLElement | null): boolean {
    if (!this.open) return false;
    if ("option" in meaning) this.#grid?.choose(meaning.option, press, pressed);
    else if (meaning.action === "grid") this.toggle();
    else if (meaning.action === "help") {
      // The keys stand in the same place.
      this.toggle();
      return false;
    } else if (THROUGH.includes(meaning.action)) return false;
    else this.#grid?.act(meaning.action, press, pressed);
    return true;
  }

  keyed(event: KeyboardEvent): boolean {
    return this.open && this.#grid?.keyed(event) === true;
  }

  /** Take a label for many back, or give it again; false where the last step was none. */
  reverse(type: "undo" | "redo"): boolean {
    const { state } = this.#host.controller;
    if (state[type].at(-1)?.steps === undefined) return false;
    this.#with((grid) => grid.reverse(type));
    return true;
  }

  close(): void {
    this.#grid?.close();
  }
}
