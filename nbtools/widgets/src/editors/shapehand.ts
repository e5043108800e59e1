/** Mouse, pen and fingers over a picture: one draws, two zoom it, the middle button or Ctrl pans it. */

import type { Point } from "../rules/geometry.ts";
import type { ShapeLayer } from "./shapelayer.ts";

/** Further than this, in CSS pixels, a press is a drag. */
const STILL_PX = 4;

export interface Hands {
  down(point: Point, event: PointerEvent): void;
  drag(point: Point): void;
  /** `still`: it was a press, and no drag. */
  up(point: Point, still: boolean): void;
  /** What was begun is no press and no drag after all. */
  cancel(): void;
  /** A mouse moves, and nothing is pressed. */
  hover(point: Point): void;
}

interface Pressed {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly still: boolean;
}

export class ShapeHand {
  readonly #layer: ShapeLayer;
  readonly #hands: Hands;
  #pressed: Pressed | null = null;
  /** Where the finger is that was there first, for the picture to take it over. */
  #last: PointerEvent | null = null;

  constructor(layer: ShapeLayer, hands: Hands) {
    this.#layer = layer;
    this.#hands = hands;
    const { base } = layer;
    base.addEventListener("pointerdown", (event) => this.#down(event));
    base.addEventListener("pointermove", (event) => this.#move(event));
    base.addEventListener("pointerup", (event) => this.#up(event));
    base.addEventListener("pointercancel", () => this.cancel());
    // The middle button would scroll the page by itself.
    base.addEventListener("mousedown", (event) => {
      if (event.button === 1) event.preventDefault();
    });
  }

  cancel(): void {
    if (this.#pressed !== null) this.#hands.cancel();
    this.#pressed = null;
  }

  #down(event: PointerEvent): void {
    const first = this.#last;
    if (this.#pressed !== null && first !== null && event.pointerType === "touch") {
      this.cancel();
      this.#layer.grab(first);
      this.#layer.grab(event);
    } else if (event.button === 1 || (event.button === 0 && (event.ctrlKey || event.metaKey))) this.#layer.grab(event);
    else if (event.button === 0 && event.isPrimary) {
      this.#pressed = { id: event.pointerId, x: event.clientX, y: event.clientY, still: true };
      this.#last = event;
      this.#layer.base.setPointerCapture(event.pointerId);
      this.#hands.down(this.#layer.pointOf(event), event);
    }
  }

  #move(event: PointerEvent): void {
    const pressed = this.#pressed;
    if (pressed === null) {
      if (event.pointerType === "mouse" && event.buttons === 0) this.#hands.hover(this.#layer.pointOf(event));
      return;
    }
    if (event.pointerId !== pressed.id) return;
    const far = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > STILL_PX;
    this.#last = event;
    if (far) this.#pressed = { ...pressed, still: false };
    if (far || !pressed.still) this.#hands.drag(this.#layer.pointOf(event));
  }

  #up(event: PointerEvent): void {
    const pressed = this.#pressed;
    if (pressed === null || event.pointerId !== pressed.id) return;
    this.#pressed = null;
    this.#hands.up(this.#layer.pointOf(event), pressed.still);
  }
}
