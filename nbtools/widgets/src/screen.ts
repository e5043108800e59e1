/** The item on the screen: swapped in the frame of the press, and known to be presented only when its frame was shown. */

import { setAttribute } from "./dom.ts";
import type { Prepared } from "./items/prepared.ts";
import { type Shown, Stopwatch } from "./presented.ts";
import type { Shelf } from "./shelf.ts";
import type { Skin } from "./skin.ts";

const SKELETON_MS = 150;
/**
 * How many frames have to begin before the first of them is on the screen. A browser at rest begins the first one at
 * once, and the second one maybe milliseconds later, at the next beat of the screen; what the first one drew is shown
 * at the beat after that. A page at work has the first one drawn one beat earlier: it is sure of it one beat late.
 */
const FRAMES_TO_SCREEN = 3;

export class Screen {
  /** What is on the screen, and since when; `at` is null until its frame was shown. */
  shown: Shown = { item: null, at: null };
  prepared: Prepared | null = null;
  watch = new Stopwatch(performance.now());
  readonly #skin: Skin;
  readonly #shelf: Shelf;
  readonly #presented: () => void;
  #turn = 0;
  #waiting: ReturnType<typeof setTimeout> | null = null;

  constructor(skin: Skin, shelf: Shelf, presented: () => void) {
    this.#skin = skin;
    this.#shelf = shelf;
    this.#presented = presented;
  }

  /** Put an item on the screen, or nothing. What is not ready leaves the screen empty, and still. */
  show(id: string | null): void {
    const ready = id === null ? null : this.#shelf.get(id);
    if (id !== null && ready !== null && this.shown.item === id && this.prepared === ready) return;
    if (ready === null && this.shown.item === null) {
      this.#wait();
      return;
    }
    this.prepared?.hidden();
    this.prepared = ready;
    this.begin(ready === null ? null : id);
    if (ready === null) this.#clear();
    else this.#swap(ready);
  }

  /** No press counts before this has been on the screen: another item, or the same one of which something else is asked. */
  begin(item = this.shown.item): void {
    this.#turn += 1;
    this.shown = { item, at: null };
    setAttribute(this.#skin.item, "data-item-id", item);
    setAttribute(this.#skin.item, "data-seen", null);
    if (item !== null) this.#await(FRAMES_TO_SCREEN, this.#turn);
  }

  dispose(): void {
    this.#stopWaiting();
    this.#turn += 1;
  }

  #swap(ready: Prepared): void {
    this.#stopWaiting();
    this.#skin.stage.dataset["state"] = ready.blocked === null ? "shown" : "blocked";
    this.#skin.item.replaceChildren(ready.element);
    this.#skin.tools.replaceChildren(...ready.tools);
  }

  #await(frames: number, turn: number): void {
    requestAnimationFrame((at) => {
      if (turn !== this.#turn) return;
      if (frames > 1) this.#await(frames - 1, turn);
      else this.#seen(at);
    });
  }

  #clear(): void {
    this.#skin.item.replaceChildren();
    this.#skin.tools.replaceChildren();
    this.#wait();
  }

  #seen(at: number): void {
    this.shown = { item: this.shown.item, at };
    setAttribute(this.#skin.item, "data-seen", "");
    this.watch = new Stopwatch(at, document.visibilityState === "visible");
    this.#presented();
  }

  #wait(): void {
    if (this.#waiting !== null) return;
    this.#skin.stage.dataset["state"] = "still";
    this.#waiting = setTimeout(() => {
      this.#skin.stage.dataset["state"] = "loading";
    }, SKELETON_MS);
  }

  #stopWaiting(): void {
    if (this.#waiting !== null) clearTimeout(this.#waiting);
    this.#waiting = null;
  }
}
