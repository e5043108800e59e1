/** The item on the screen: swapped in the frame of the press, and known to be presented only once the frame after it was made. */

import { setAttribute } from "./dom.ts";
import type { Prepared } from "./items/prepared.ts";
import { type Shown, Stopwatch } from "./presented.ts";
import type { Shelf } from "./shelf.ts";
import type { Skin } from "./skin.ts";

const SKELETON_MS = 150;

export class Screen {
  /** What is on the screen, and since when; `at` is null until its frame was shown. */
  shown: Shown = { item: null, at: null };
  prepared: Prepared | null = null;
  watch = new Stopwatch(performance.now());
  readonly #skin: Skin;
  readonly #shelf: Shelf;
  readonly #presented: () => void;
  readonly #channel = new MessageChannel();
  #turn = 0;
  #waiting: ReturnType<typeof setTimeout> | null = null;

  constructor(skin: Skin, shelf: Shelf, presented: () => void) {
    this.#skin = skin;
    this.#shelf = shelf;
    this.#presented = presented;
    this.#channel.port1.onmessage = (event) => this.#seen(event.data);
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
    this.#turn += 1;
    this.shown = { item: ready === null ? null : id, at: null };
    setAttribute(this.#skin.item, "data-item-id", this.shown.item);
    if (ready === null) this.#clear();
    else this.#swap(ready);
  }

  dispose(): void {
    this.#stopWaiting();
    this.#channel.port1.close();
  }

  #swap(ready: Prepared): void {
    this.#stopWaiting();
    this.#skin.stage.dataset["state"] = ready.blocked === null ? "shown" : "blocked";
    this.#skin.item.replaceChildren(ready.element);
    this.#skin.tools.replaceChildren(...ready.tools);
    const turn = this.#turn;
    // The first frame makes the item, and may still be on its way to the screen. A browser begins the second
    // one's work with at most one frame under way, so when that is done the first one is there.
    requestAnimationFrame(() => requestAnimationFrame(() => this.#channel.port2.postMessage(turn)));
  }

  #clear(): void {
    this.#skin.item.replaceChildren();
    this.#skin.tools.replaceChildren();
    this.#wait();
  }

  #seen(turn: unknown): void {
    if (turn !== this.#turn) return;
    const now = performance.now();
    this.shown = { item: this.shown.item, at: now };
    this.watch = new Stopwatch(now, document.visibilityState === "visible");
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
