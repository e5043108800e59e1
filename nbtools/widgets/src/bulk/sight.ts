/** What of a grid was on the screen: only that can be chosen, and only what was seen to be chosen is labeled. */

import type { Press } from "../presented.ts";
import type { Item } from "../protocol.ts";
import { readable } from "./cell.ts";

/** What was drawn is on the screen when this many frames have begun since. */
const FRAMES_TO_SCREEN = 3;

export class Sight {
  readonly #items = new Map<number, Item>();
  /** Since when the choice stands as it does, for eyes to see; `null`: not yet. */
  #since: number | null = null;
  #turn = 0;
  readonly #element: HTMLElement;

  /** `element` says by an attribute whether the choice was seen. */
  constructor(element: HTMLElement) {
    this.#element = element;
  }

  readonly has = (position: number): boolean => this.#items.has(position);

  get positions(): Iterable<number> {
    return this.#items.keys();
  }

  clear(): void {
    this.#items.clear();
    this.changed();
  }

  /** The choice is another, and not on the screen yet. */
  changed(): void {
    this.#turn += 1;
    this.#since = null;
    this.#element.removeAttribute("data-ready");
  }

  /** The items of a choice, in their order. */
  items(chosen: ReadonlySet<number>): Item[] {
    return [...chosen].sort((a, b) => a - b).flatMap((position) => this.#items.get(position) ?? []);
  }

  /** Whether a press came after the choice was seen. */
  before(press: Press): boolean {
    return this.#since !== null && press.timeStamp >= this.#since;
  }

  /** Cells were drawn; `item` says what stands in one. */
  drawn(cells: ReadonlyMap<number, HTMLElement>, item: (position: number) => Item | undefined): void {
    this.#turn += 1;
    this.#await(FRAMES_TO_SCREEN, this.#turn, [...cells], item);
  }

  #await(
    frames: number,
    turn: number,
    cells: readonly (readonly [number, HTMLElement])[],
    item: (position: number) => Item | undefined,
  ): void {
    requestAnimationFrame((at) => {
      if (turn !== this.#turn) return;
      if (frames > 1) {
        this.#await(frames - 1, turn, cells, item);
        return;
      }
      for (const [position, element] of cells) {
        const found = item(position);
        if (found === undefined || !readable(found) || !element.isConnected) continue;
        this.#items.set(position, found);
        element.setAttribute("data-seen", "");
      }
      this.#since ??= at;
      this.#element.setAttribute("data-ready", "");
    });
  }
}
