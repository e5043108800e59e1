/** A picture in its frame, fitted; what zooms and drags it comes with the first wish to. */

import { button, h } from "../dom.ts";
import { FITTED, type Place, type Size, windowOf } from "../zoom.ts";
import type { Surface } from "./surface.ts";

const SMALL_PX = 160;
const ZOOMS = ["zoomIn", "zoomOut", "zoomFit"];
/** What begins a gesture; the others go on with one. */
const BEGINNINGS = ["wheel", "pointerdown", "dblclick"] as const;
const GESTURES = [...BEGINNINGS, "pointermove", "pointerup", "pointercancel"] as const;

/** What moves a picture. */
export interface Hand {
  act(action: string): void;
  heard(event: Event): void;
  /** Have a pointer that went down in the layer: the picture pans with one, and zooms with two. */
  grab(event: PointerEvent): void;
  /** Bring a place of the original, of `size`, into the frame. */
  reveal(x: number, y: number, size: Size): void;
}

export type MakeHand = (picture: Picture) => Hand;

export class Picture {
  readonly element = h("div", { class: "nbt-picture" });
  readonly tools: readonly HTMLElement[];
  size: Size = { width: 1, height: 1 };
  readonly #load: () => Promise<MakeHand>;
  readonly #zoomedIn: () => void;
  readonly #layer = h("div", { class: "nbt-layer" });
  readonly #watching = new Set<() => void>();
  #picture: HTMLElement | null = null;
  #place: Place = FITTED;
  #hand: Promise<Hand> | null = null;

  /** `zoomedIn` is called when more than the sent pixels would help. */
  constructor(load: () => Promise<MakeHand>, zoomedIn: () => void) {
    this.#load = load;
    this.#zoomedIn = zoomedIn;
    this.tools = [
      h("span", { class: "nbt-tool-name" }, "zoom"),
      button("zoomIn", "+", [], { "aria-label": "zoom in", "aria-keyshortcuts": "+" }),
      button("zoomOut", "−", [], { "aria-label": "zoom out", "aria-keyshortcuts": "-" }),
      button("zoomFit", "fit", [], { "aria-keyshortcuts": "0" }),
    ];
    for (const type of GESTURES) this.element.addEventListener(type, (event) => this.#heard(event), { passive: false });
  }

  /** Show `picture`, of `size` in its own pixels; where the view lies stays. */
  put(picture: HTMLElement, size: Size): void {
    this.#picture = picture;
    this.size = size;
    picture.classList.toggle("nbt-pixels", Math.max(size.width, size.height) <= SMALL_PX);
    this.element.replaceChildren(picture, this.#layer);
    this.#apply();
  }

  act(action: string): boolean {
    if (!ZOOMS.includes(action)) return false;
    this.#by((hand) => hand.act(action));
    return true;
  }

  /** The picture as something to draw on; `original` in its own pixels, where they are known. */
  surface(original: { readonly width: number | null; readonly height: number | null }): Surface {
    const { width, height } = original;
    const size = width === null || height === null ? this.size : { width, height };
    return {
      form: "picture",
      layer: this.#layer,
      size,
      window: () => windowOf(this.#place, size, this.frame),
      watch: (changed, signal) => {
        const resizing = new ResizeObserver(changed);
        resizing.observe(this.element);
        this.#watching.add(changed);
        signal.addEventListener("abort", () => {
          resizing.disconnect();
          this.#watching.delete(changed);
        });
      },
      by: (act) => this.#by(act),
    };
  }

  reset(): void {
    this.#hand = null;
    this.#place = FITTED;
    this.#apply();
  }

  get place(): Place {
    return this.#place;
  }

  set place(place: Place) {
    this.#place = place;
    this.#apply();
    if (place.scale > 1) this.#zoomedIn();
  }

  get frame(): Size {
    return { width: this.element.clientWidth, height: this.element.clientHeight };
  }

  #apply(): void {
    const { scale, x, y } = this.#place;
    this.element.classList.toggle("nbt-zoomed", scale > 1);
    if (this.#picture) this.#picture.style.transform = scale === 1 ? "" : `translate(${x}px, ${y}px) scale(${scale})`;
    for (const changed of this.#watching) changed();
  }

  #heard(event: Event): void {
    if (event instanceof WheelEvent) {
      if (!event.ctrlKey && !event.metaKey) return;
      // Else the browser zooms its page.
      event.preventDefault();
    }
    const begins = BEGINNINGS.some((type) => type === event.type);
    // A press on what lies in the layer is that thing's own.
    if (begins && !(event instanceof WheelEvent) && this.#layer.contains(event.target as Node)) return;
    if (begins || this.#hand !== null) this.#by((hand) => hand.heard(event));
  }

  /** In the order in which it was asked for. */
  #by(act: (hand: Hand) => void): void {
    this.#hand ??= this.#load().then((make) => make(this));
    this.#hand.then(act, () => {
      this.#hand = null;
    });
  }
}
