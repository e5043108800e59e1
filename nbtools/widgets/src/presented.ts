/**
 * Who labels what: a press belongs to the item that was on the screen when it went down, or to none.
 *
 * Times are `event.timeStamp` and `performance.now()`: the same clock.
 */

/** What a view has on its screen. `at` is since when it has been there for eyes to see; `null` until then. */
export interface Shown {
  readonly item: string | null;
  readonly at: number | null;
}

export interface Press {
  readonly timeStamp: number;
  readonly repeat: boolean;
  readonly composing: boolean;
}

export type Verdict = "accept" | "fast" | "held" | "composing" | "unseen";

/** Whether `press` may label `current`, given what this view shows. */
export function judge(press: Press, shown: Shown, current: string | null): Verdict {
  if (press.composing) return "composing";
  if (press.repeat) return "held";
  if (current === null || shown.item !== current) return "unseen";
  return shown.at === null || press.timeStamp < shown.at ? "fast" : "accept";
}

/** What the person is told about a press that was not taken; nothing for an input method at work. */
export const REFUSALS: Readonly<Record<Exclude<Verdict, "accept">, string>> = {
  fast: "too fast: not recorded",
  held: "key held down: recorded once",
  unseen: "no item on the screen: not recorded",
  composing: "",
};

const IDLE_MS = 30_000;

/** Time spent on one item: while the page was visible, and while the person was also doing something. */
export class Stopwatch {
  #since: number | null;
  #visible = 0;
  #active = 0;
  #lastInput: number;

  constructor(now: number, visible = true) {
    this.#since = visible ? now : null;
    this.#lastInput = now;
  }

  /** The page was hidden or came back. */
  visibility(now: number, visible: boolean): void {
    this.#count(now);
    this.#since = visible ? now : null;
  }

  /** The person moved, typed or scrolled. */
  input(now: number): void {
    this.#count(now);
    this.#lastInput = now;
  }

  /** Milliseconds so far. */
  read(now: number): { visible: number; active: number } {
    this.#count(now);
    return { visible: Math.round(this.#visible), active: Math.round(this.#active) };
  }

  #count(now: number): void {
    if (this.#since === null || now <= this.#since) return;
    this.#visible += now - this.#since;
    const activeUntil = Math.min(now, Math.max(this.#since, this.#lastInput + IDLE_MS));
    this.#active += activeUntil - this.#since;
    this.#since = now;
  }
}
