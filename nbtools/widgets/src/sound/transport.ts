/** Playing as a person wants it: a stretch once or round and round, slow or fast, a frame on. Tells each frame where it is. */

import type { Stretch } from "../rules/regions.ts";
import type { Deck } from "./deck.ts";

export const RATES = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2];

export class Transport {
  readonly deck: Deck;
  readonly #watching = new Set<() => void>();
  /** What is played, where that is not all from here on. */
  #stretch: Stretch | null = null;
  #loop = false;
  #running = false;

  constructor(deck: Deck) {
    this.deck = deck;
    deck.ended = () => this.#over();
  }

  get time(): number {
    return this.deck.time;
  }

  get playing(): boolean {
    return this.deck.playing;
  }

  get loop(): boolean {
    return this.#loop;
  }

  get rate(): number {
    return this.deck.rate;
  }

  /** Call `changed` after each change, and in each frame while it plays. */
  watch(changed: () => void, signal: AbortSignal): void {
    this.#watching.add(changed);
    signal.addEventListener("abort", () => this.#watching.delete(changed));
  }

  toggle(): void {
    if (this.playing) this.pause();
    else {
      this.#stretch = null;
      if (this.time >= this.deck.duration - 0.01) this.deck.seek(0);
      this.#play();
    }
  }

  /** Play a stretch from its start. */
  playStretch(stretch: Stretch): void {
    this.#stretch = stretch;
    this.deck.seek(stretch.start);
    this.#play();
  }

  /** The stretch that is played has other ends now. */
  follow(stretch: Stretch | null): void {
    if (this.#stretch !== null) this.#stretch = stretch;
  }

  setLoop(loop: boolean): void {
    this.#loop = loop;
    this.#tell();
  }

  pause(): void {
    this.deck.pause();
    this.#tell();
  }

  seek(time: number): void {
    this.#stretch = null;
    this.deck.seek(Math.min(this.deck.duration, Math.max(0, time)));
    this.#tell();
  }

  /** One speed slower (-1) or faster. */
  change(by: 1 | -1): void {
    const at = RATES.findIndex((rate) => rate >= this.rate - 1e-6);
    this.deck.rate = RATES[Math.min(RATES.length - 1, Math.max(0, at + by))] ?? 1;
    this.#tell();
  }

  close(): void {
    this.#watching.clear();
    this.deck.close();
  }

  #play(): void {
    this.deck.play();
    this.#tell();
    if (!this.#running) this.#run();
  }

  #run(): void {
    this.#running = true;
    requestAnimationFrame(() => {
      const stretch = this.#stretch;
      if (this.playing && stretch !== null && this.time >= stretch.end) this.#over();
      this.#tell();
      this.#running = false;
      if (this.playing) this.#run();
    });
  }

  /** The end of the stretch, or of everything. */
  #over(): void {
    const from = this.#stretch?.start ?? 0;
    if (this.#loop) {
      this.deck.seek(from);
      this.#play();
    } else if (this.#stretch !== null) {
      this.deck.pause();
      this.deck.seek(Math.min(this.#stretch.end, this.deck.duration));
      this.#stretch = null;
    }
    this.#tell();
  }

  #tell(): void {
    for (const changed of this.#watching) changed();
  }
}
