/** A picture in its frame: fitted, zoomed by keys, wheel, pinch and buttons, dragged when larger than the frame. */

import { button, h } from "../dom.ts";
import { FITTED, fit, moved, type Place, type Size, windowOf, zoomed } from "../zoom.ts";
import type { Surface } from "./surface.ts";

const STEP = 1.5;
const SMALL_PX = 160;

export class Picture {
  readonly element: HTMLElement;
  readonly tools: readonly HTMLElement[];
  readonly #zoomedIn: () => void;
  readonly #layer = h("div", { class: "nbt-layer" });
  readonly #watching = new Set<() => void>();
  #picture: HTMLElement | null = null;
  #size: Size = { width: 1, height: 1 };
  #place: Place = FITTED;
  readonly #pointers = new Map<number, { x: number; y: number }>();

  /** `zoomedIn` is called when more than the sent pixels would help. */
  constructor(zoomedIn: () => void) {
    this.#zoomedIn = zoomedIn;
    this.element = h("div", { class: "nbt-picture" });
    this.tools = [
      h("span", { class: "nbt-tool-name" }, "zoom"),
      button("zoomIn", "+", [], { "aria-label": "zoom in", "aria-keyshortcuts": "+" }),
      button("zoomOut", "−", [], { "aria-label": "zoom out", "aria-keyshortcuts": "-" }),
      button("zoomFit", "fit", [], { "aria-keyshortcuts": "0" }),
    ];
    this.element.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.element.addEventListener("pointerdown", (event) => this.#down(event));
    this.element.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"] as const)
      this.element.addEventListener(end, (event) => this.#pointers.delete(event.pointerId));
    this.element.addEventListener("dblclick", () =>
      this.#zoom(this.#place.scale > 1 ? 0 : 1 / this.#fitted(), { x: 0, y: 0 }),
    );
  }

  /** Show `picture`, of `size` in its own pixels; where the view lies stays. */
  put(picture: HTMLElement, size: Size): void {
    this.#picture = picture;
    this.#size = size;
    picture.classList.toggle("nbt-pixels", Math.max(size.width, size.height) <= SMALL_PX);
    this.element.replaceChildren(picture, this.#layer);
    this.#apply();
  }

  act(action: string): boolean {
    if (action === "zoomIn") this.#zoom(STEP, { x: 0, y: 0 });
    else if (action === "zoomOut") this.#zoom(1 / STEP, { x: 0, y: 0 });
    else if (action === "zoomFit") this.#zoom(0, { x: 0, y: 0 });
    else return false;
    return true;
  }

  /** The picture as something to draw on; `original` in its own pixels, where they are known. */
  surface(original: { readonly width: number | null; readonly height: number | null }): Surface {
    const { width, height } = original;
    const size = width === null || height === null ? this.#size : { width, height };
    return {
      form: "picture",
      layer: this.#layer,
      size,
      window: () => windowOf(this.#place, size, this.#frame),
      watch: (changed, signal) => {
        const resizing = new ResizeObserver(changed);
        resizing.observe(this.element);
        this.#watching.add(changed);
        signal.addEventListener("abort", () => {
          resizing.disconnect();
          this.#watching.delete(changed);
        });
      },
    };
  }

  reset(): void {
    this.#place = FITTED;
    this.#pointers.clear();
    this.#apply();
  }

  get #frame(): Size {
    return { width: this.element.clientWidth, height: this.element.clientHeight };
  }

  #fitted(): number {
    return fit(this.#size, this.#frame);
  }

  #zoom(factor: number, at: { x: number; y: number }): void {
    this.#place = zoomed(this.#place, factor, at, this.#size, this.#frame);
    this.#apply();
    if (this.#place.scale > 1) this.#zoomedIn();
  }

  #apply(): void {
    const { scale, x, y } = this.#place;
    this.element.classList.toggle("nbt-zoomed", scale > 1);
    if (this.#picture) this.#picture.style.transform = scale === 1 ? "" : `translate(${x}px, ${y}px) scale(${scale})`;
    for (const changed of this.#watching) changed();
  }

  #at(clientX: number, clientY: number): { x: number; y: number } {
    const box = this.element.getBoundingClientRect();
    return { x: clientX - box.left - box.width / 2, y: clientY - box.top - box.height / 2 };
  }

  #wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.#zoom(Math.exp(-event.deltaY / 300), this.#at(event.clientX, event.clientY));
  }

  #down(event: PointerEvent): void {
    this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (this.#place.scale > 1 || this.#pointers.size > 1) this.element.setPointerCapture(event.pointerId);
  }

  #move(event: PointerEvent): void {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const spread = (point: { x: number; y: number }) => Math.hypot(point.x - other.x, point.y - other.y);
      this.#zoom(spread(now) / Math.max(1, spread(before)), this.#at((now.x + other.x) / 2, (now.y + other.y) / 2));
    }
    const share = other ? 0.5 : 1;
    this.#place = moved(this.#place, (now.x - before.x) * share, (now.y - before.y) * share, this.#size, this.#frame);
    this.#pointers.set(event.pointerId, now);
    this.#apply();
  }
}
