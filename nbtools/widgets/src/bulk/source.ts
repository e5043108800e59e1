/** The items of a grid, as far as they are here: asked for a run at a time, let go of when far away. */

import type { Controller } from "../controller.ts";
import { Store } from "../lists/store.ts";
import { type Thumb, thumb } from "../lists/thumb.ts";
import type { Item } from "../protocol.ts";

export interface Cell extends Thumb {
  readonly item: Item;
}

const AT_ONCE = 60;
const MOST_CELLS = 3_000;

export class Cells {
  readonly cells = new Store<Cell>(MOST_CELLS, (gone) => gone.release());
  /** `null` until the kernel said so. */
  total: number | null = null;
  why: string | null = null;
  unlabeled = false;
  readonly #controller: Controller;
  readonly #changed: () => void;
  #asking = false;
  #turn = 0;

  constructor(controller: Controller, changed: () => void) {
    this.#controller = controller;
    this.#changed = changed;
  }

  /** Read the list anew. */
  startOver(unlabeled: boolean): void {
    this.#turn += 1;
    this.#asking = false;
    this.unlabeled = unlabeled;
    this.total = null;
    this.why = null;
    this.cells.clear();
    void this.#ask(0, AT_ONCE, true);
  }

  stock(from: number, to: number): void {
    if (this.total === null || this.#asking || this.why !== null) return;
    this.cells.trim(from, to);
    const run = this.cells.missing(from, Math.min(to, this.total), AT_ONCE);
    if (run !== null) void this.#ask(run.start, run.count, false);
  }

  dispose(): void {
    this.#turn += 1;
    this.cells.clear();
  }

  async #ask(start: number, count: number, fresh: boolean): Promise<void> {
    const turn = this.#turn;
    const { unlabeled } = this;
    this.#asking = true;
    const answer = await this.#controller.requests.ask((request) => ({
      type: "grid",
      request,
      start,
      count,
      unlabeled,
      fresh,
    }));
    if (turn !== this.#turn) return;
    this.#asking = false;
    if (answer.type !== "items") this.why = answer.type === "error" ? answer.why : "no items came";
    else {
      this.total = answer.total ?? 0;
      const made = answer.items.map((item) => ({ item, ...thumb(item) }));
      this.cells.put(start, made);
      if (made.length === 0 && start < this.total) this.why = "the kernel has fewer items than it said";
    }
    this.#changed();
  }
}
