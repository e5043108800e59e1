/**
 * Shapes over a picture, as SVG whose units are the picture's pixels. What is at rest lies in one drawing, what is held or
 * begun in another one above it: so a drag paints one shape, however many there are.
 */

import { setAttribute } from "../dom.ts";
import type { Surface } from "../items/surface.ts";
import type { Suggestion } from "../protocol.ts";
import { dotsPath, type Form, linePath, type Points } from "../rules/form.ts";
import type { Point } from "../rules/geometry.ts";
import type { Drawing, Shape } from "../rules/shapes.ts";
import type { Size } from "../zoom.ts";
import { ShapeProposals } from "./shapeproposals.ts";
import { drawTag, svg } from "./svg.ts";

export type PictureSurface = Extract<Surface, { readonly form: "picture" }>;

/** How a shape is called, which color stands for its option, and its words for who hears it. */
export interface Look {
  tag(option: string | null): string;
  color(option: string | null): string;
  words(shape: Shape): string;
}

/** What is held or begun. */
export interface Live {
  /** Of the shape that is selected or drawn, where it lies now. */
  readonly at: Points | null;
  readonly option: string | null;
  /** Whether it can be reshaped where it lies. */
  readonly grips: boolean;
  readonly grip: number | null;
  /** Corners set so far. */
  readonly begun: Points;
  readonly cross: Point | null;
}

interface Row {
  readonly shape: Shape;
  readonly element: SVGGElement;
}

/** With more shapes their names would hide the picture. */
const MOST_TAGS = 60;
const PATHS = ["under", "over", "gaps", "gripsUnder", "grips", "grip", "begunUnder", "begun", "crossUnder", "cross"];

export class ShapeLayer {
  readonly base: SVGSVGElement;
  readonly #top: SVGSVGElement;
  readonly #form: Form;
  readonly #look: Look;
  readonly #proposals: ShapeProposals;
  readonly #root: HTMLElement;
  readonly #paths: Readonly<Record<string, SVGElement>>;
  readonly #tag = svg("text", { class: "nbt-tag" });
  readonly #rows = new Map<string, Row>();
  #surface: PictureSurface | null = null;
  readonly #end = new AbortController();
  #leaves = new AbortController();
  #selected: string | null = null;
  #stop: string | null = null;
  #keyed = false;
  #tagged = true;
  #lifted: string | null = null;
  #window = { x: 0, y: 0, width: 1, height: 1 };
  #frame = 1;

  /** `root`: the widget's, which stays where it is; `chosen`: the keys came to a shape. */
  constructor(form: Form, look: Look, root: HTMLElement, chosen: (id: string) => void) {
    const name = form.noun[1];
    this.#form = form;
    this.#look = look;
    this.#proposals = new ShapeProposals(form, look);
    this.#root = root;
    this.base = svg("svg", { class: "nbt-shapes", "data-form": form.noun[0], role: "listbox", "aria-label": name });
    const paths = PATHS.map((name) => [name, svg("path", { class: `nbt-${name}` })] as const);
    this.#paths = Object.fromEntries(paths);
    this.#top = svg("svg", { class: "nbt-live-shape", "data-form": form.noun[0], "aria-hidden": "true" });
    this.#top.append(...paths.map(([, path]) => path), this.#tag);
    const { signal } = this.#end;
    // Heard at the root: an SVG that hears of the focus itself takes it with each press.
    root.addEventListener("focusin", ({ target }) => this.#came(this.#idOf(target), chosen), { signal });
    root.addEventListener("focusout", ({ relatedTarget }) => this.#went(relatedTarget), { signal });
  }

  get size(): Size | null {
    return this.#surface?.size ?? null;
  }

  /** How many pixels of the picture one CSS pixel takes. */
  get unit(): number {
    return this.#window.width / this.#frame;
  }

  get middle(): Point {
    const { x, y, width, height } = this.#window;
    return { x: x + width / 2, y: y + height / 2 };
  }

  /** How far a tenth of what is seen goes. */
  get leap(): number {
    return Math.max(1, Math.round(Math.min(this.#window.width, this.#window.height) / 10));
  }

  /** From the lowest to the highest. */
  get #all(): readonly SVGSVGElement[] {
    return [this.#proposals.element, this.base, this.#top];
  }

  /** Whether a shape has the keys, or had them until it was taken off the page. */
  get focused(): boolean {
    const { activeElement } = this.#root.getRootNode() as Document | ShadowRoot;
    const nobody = activeElement === null || activeElement === document.body;
    return this.#keyed && (nobody || this.base.contains(activeElement));
  }

  /** Over another picture, or none. */
  put(surface: PictureSurface | null): void {
    this.#leaves.abort();
    this.#leaves = new AbortController();
    this.#surface = surface;
    for (const one of this.#all) one.remove();
    // Before the frame is measured, for which what was on the other picture would be laid out.
    this.#rows.clear();
    this.base.replaceChildren();
    this.#proposals.clear();
    this.#selected = this.#stop = this.#lifted = null;
    if (surface === null) return;
    surface.layer.append(...this.#all);
    surface.watch(() => this.#looked(), this.#leaves.signal);
    this.#looked();
  }

  close(): void {
    this.#end.abort();
    this.put(null);
  }

  grab(event: PointerEvent): void {
    this.#surface?.by((hand) => hand.grab(event));
  }

  reveal({ x, y }: Point): void {
    const surface = this.#surface;
    surface?.by((hand) => hand.reveal(x, y, surface.size));
  }

  pointOf({ clientX, clientY }: PointerEvent): Point {
    const { left, top } = this.base.getBoundingClientRect();
    const { x, y } = this.#window;
    return { x: x + (clientX - left) * this.unit, y: y + (clientY - top) * this.unit };
  }

  hide(hidden: boolean): void {
    for (const one of this.#all) one.classList.toggle("nbt-hidden", hidden);
  }

  /** Say by the pointer what a press would do. */
  cursor(cursor: string): void {
    if (this.base.style.cursor !== cursor) this.base.style.cursor = cursor;
  }

  /** The shapes at rest; those that are the same objects as before are left alone. */
  draw({ shapes }: Drawing, selected: string | null): void {
    const tagged = shapes.length <= MOST_TAGS;
    if (tagged !== this.#tagged) this.#rows.clear();
    if (tagged !== this.#tagged) this.base.replaceChildren();
    this.#tagged = tagged;
    const ids = new Set(shapes.map(({ id }) => id));
    for (const [id, { element }] of this.#rows)
      if (!ids.has(id)) {
        element.remove();
        this.#rows.delete(id);
      }
    const fresh = document.createDocumentFragment();
    for (const shape of shapes) if (this.#rows.get(shape.id)?.shape !== shape) this.#drawRow(shape, fresh);
    this.base.append(fresh);
    // One of them is a stop for Tab; the keys of the editor go on from there.
    const stop = selected ?? shapes[0]?.id ?? null;
    for (const id of [this.#selected, this.#stop, selected, stop]) {
      const element = this.#rows.get(id ?? "")?.element;
      if (element === undefined) continue;
      setAttribute(element, "aria-selected", String(id === selected));
      setAttribute(element, "tabindex", id === stop ? "0" : "-1");
    }
    this.#stop = stop;
    this.#selected = selected;
  }

  drawSuggested(suggestion: Suggestion | null): void {
    const { size } = this;
    if (size !== null) this.#proposals.draw(suggestion, size, this.unit, MOST_TAGS);
  }

  /** Give a shape the keys, where they stay the editor's then: in a form they are those of a row beside the picture. */
  focus(id: string): void {
    const element = this.#rows.get(id)?.element;
    if (this.#root.contains(element ?? null)) element?.focus({ preventScroll: true });
  }

  /** `lifted`: the shape that is drawn here, and not at rest. */
  drawLive({ at, option, grips, grip, begun, cross }: Live, lifted: string | null): void {
    const path = at === null ? "" : this.#form.path(at);
    const handles = grips && at !== null ? this.#form.grips(at) : [];
    const held = grip === null ? undefined : handles[grip];
    const line = begun.length === 1 ? dotsPath(begun) : linePath(begun);
    const { width, height } = this.size ?? { width: 0, height: 0 };
    const lines = cross === null ? "" : `M0 ${cross.y}H${width}M${cross.x} 0V${height}`;
    this.#set({ under: path, over: path, gaps: grips && at !== null ? dotsPath(this.#form.gaps(at)) : "" });
    this.#set({ gripsUnder: dotsPath(handles), grips: dotsPath(handles), grip: held ? dotsPath([held]) : "" });
    this.#set({ begunUnder: line, begun: line, crossUnder: lines, cross: lines });
    this.#top.style.setProperty("--nbt-color", this.#look.color(option));
    drawTag(this.#tag, at === null ? "" : this.#look.tag(option), at ?? [], this.unit);
    if (lifted === this.#lifted) return;
    for (const id of [this.#lifted, lifted])
      this.#rows.get(id ?? "")?.element.classList.toggle("nbt-lifted", id === lifted);
    this.#lifted = lifted;
  }

  #idOf(target: EventTarget | null): string | null {
    const shape =
      target instanceof Element && this.base.contains(target) ? target.closest<SVGElement>("[data-shape]") : null;
    return shape?.dataset["shape"] ?? null;
  }

  #came(id: string | null, chosen: (id: string) => void): void {
    this.#keyed = id !== null;
    if (id !== null) chosen(id);
  }

  #went(to: EventTarget | null): void {
    if (to !== null) this.#keyed = false;
  }

  #drawRow(shape: Shape, fresh: DocumentFragment): void {
    const there = this.#rows.get(shape.id)?.element;
    const element = there ?? (ROW.cloneNode(true) as SVGGElement);
    const [under, over] = element.children;
    const path = this.#form.path(shape.at);
    for (const one of [under, over]) if (one !== undefined) setAttribute(one, "d", path);
    setAttribute(element, "aria-label", this.#look.words(shape));
    element.style.setProperty("--nbt-color", this.#look.color(shape.option));
    if (there === undefined) {
      element.dataset["shape"] = shape.id;
      if (this.#tagged) element.append(svg("text", { class: "nbt-tag", "aria-hidden": "true" }));
      fresh.append(element);
    }
    const tag = element.children[2];
    if (tag !== undefined) drawTag(tag, this.#look.tag(shape.option), shape.at, this.unit);
    this.#rows.set(shape.id, { shape, element });
  }

  #set(paths: Readonly<Record<string, string>>): void {
    for (const [name, path] of Object.entries(paths)) {
      const element = this.#paths[name];
      if (element !== undefined) setAttribute(element, "d", path);
    }
  }

  #looked(): void {
    const surface = this.#surface;
    if (surface === null) return;
    this.#window = surface.window();
    this.#frame = Math.max(1, surface.layer.clientWidth);
    const { x, y, width, height } = this.#window;
    for (const one of this.#all) {
      setAttribute(one, "viewBox", `${x} ${y} ${width} ${height}`);
      one.style.setProperty("--nbt-unit", String(this.unit));
    }
  }
}

const ROW = svg(
  "g",
  { class: "nbt-shape", role: "option", tabindex: "-1", "aria-selected": "false" },
  svg("path", { class: "nbt-under" }),
  svg("path", { class: "nbt-over" }),
);
