/** What plays a recording, from one blob or in parts. Times are seconds of the whole. */

export interface Deck {
  readonly duration: number;
  readonly time: number;
  /** Whether it plays, or is about to. */
  readonly playing: boolean;
  rate: number;
  play(): void;
  pause(): void;
  seek(time: number): void;
  /** Called when it has come to its end. */
  ended: () => void;
  close(): void;
}

/** One element that has all of it. */
export class Whole implements Deck {
  ended = (): void => {};
  readonly #player: HTMLMediaElement;
  readonly #end = new AbortController();

  constructor(player: HTMLMediaElement) {
    this.#player = player;
    player.addEventListener("ended", () => this.ended(), { signal: this.#end.signal });
  }

  get duration(): number {
    return this.#player.duration;
  }

  get time(): number {
    return this.#player.currentTime;
  }

  get playing(): boolean {
    return !this.#player.paused && !this.#player.ended;
  }

  get rate(): number {
    return this.#player.playbackRate;
  }

  set rate(rate: number) {
    this.#player.playbackRate = rate;
  }

  play(): void {
    this.#player.play().catch(() => {});
  }

  pause(): void {
    this.#player.pause();
  }

  seek(time: number): void {
    this.#player.currentTime = time;
  }

  close(): void {
    this.#end.abort();
    this.#player.removeAttribute("src");
  }
}

/** Resolves when an element has its first frame; a recording without a known end is gone through once, so that it has one. */
export async function opened(player: HTMLMediaElement, url: string, mediaType: string): Promise<void> {
  const next = (event: string): Promise<void> =>
    new Promise((resolve, reject) => {
      player.addEventListener(event, () => resolve(), { once: true });
      player.addEventListener("error", () => reject(new Error(`this browser cannot play ${mediaType}`)), {
        once: true,
      });
    });
  const loaded = next("loadeddata");
  player.src = url;
  await loaded;
  if (Number.isFinite(player.duration)) return;
  // What a browser recorded itself says so only at its end.
  const known = next("durationchange");
  player.currentTime = 1e9;
  await known;
  const back = next("seeked");
  player.currentTime = 0;
  await back;
}
