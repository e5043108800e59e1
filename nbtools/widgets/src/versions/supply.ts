/** The rows and cards of one list, as far as they are here; what is seen and missing is asked for, a run at a time. */

import { Store } from "../lists/store.ts";
import { type Thumb, thumb } from "../lists/thumb.ts";
import type { Controller } from "./controller.ts";
import type { Look, Row } from "./protocol.ts";

const ROWS_AT_ONCE = 100;
const CARDS_AT_ONCE = 24;
/** Rows come a little ahead of the eye; a card costs more. */
const AHEAD = 40;
const MOST_ROWS = 4_000;
const MOST_CARDS = 400;

export class Supply {
  readonly rows = new Store<Row>(MOST_ROWS);
  readonly cards = new Store<Thumb>(MOST_CARDS, (gone) => gone.release());
  /** What went wrong; nothing more is asked for then. */
  why: string | null = null;
  readonly #controller: Controller;
  readonly #changed: () => void;
  #look: Look | null = null;
  #asking = { rows: false, cards: false };
  #abort = new AbortController();

  constructor(controller: Controller, changed: () => void) {
    this.#controller = controller;
    this.#changed = changed;
  }

  dispose(): void {
    this.#abort.abort();
    this.cards.clear();
  }

  startOver(look: Look): void {
    this.dispose();
    this.rows.clear();
    this.why = null;
    this.#look = look;
    this.#asking = { rows: false, cards: false };
    this.#abort = new AbortController();
  }

  /** Ask for the first run of [from, to) that is not here; the rest follows, or what is seen by then. */
  stock(from: number, to: number, total: number, withCards: boolean): void {
    this.rows.trim(from, to);
    this.cards.trim(from, to);
    void this.#ask("rows", this.rows.missing(from, Math.min(total, to + AHEAD), ROWS_AT_ONCE));
    if (withCards) void this.#ask("cards", this.cards.missing(from, to, CARDS_AT_ONCE));
  }

  async #ask(what: "rows" | "cards", run: { readonly start: number; readonly count: number } | null): Promise<void> {
    const look = this.#look;
    const { signal } = this.#abort;
    if (run === null || look === null || this.#asking[what] || this.why !== null) return;
    this.#asking[what] = true;
    try {
      const answer = await this.#controller.listed(what, look, run.start, run.count, signal);
      if (signal.aborted) return;
      const got = answer.type === "rows" ? answer.rows : answer.cards;
      if (got.length === 0) throw new Error("the kernel has fewer items than it said");
      if (answer.type === "rows") this.rows.put(answer.start, answer.rows);
      else this.cards.put(answer.start, answer.cards.map(thumb));
    } catch (error) {
      if (signal.aborted) return;
      this.why = error instanceof Error ? error.message : String(error);
    }
    this.#asking[what] = false;
    this.#changed();
  }
}
