/** Regions over a waveform, and what the pointer does there: a drag selects, moves or resizes, a click goes to a time. */

import { h, setText } from "../dom.ts";
import type { Surface } from "../items/surface.ts";
import type { Suggestion, Task } from "../protocol.ts";
import {
  between,
  type Cutting,
  cuttingOf,
  lanes,
  type Region,
  regionsAt,
  type Stretch,
  shifted,
} from "../rules/regions.ts";
import { shareOf, timeAt } from "../rules/timeline.ts";
import { colorOf, nameOf } from "./buttons.ts";
import { proposedName } from "./proposed.ts";

export type TrackSurface = Extract<Surface, { readonly form: "track" }>;

/** How an option is called and which color stands for it. */
export interface Look {
  name(label: string | null): string;
  color(label: string | null): string;
}

export const lookOf = ({ options }: Task): Look => ({
  name: (label) => (label === null ? "" : nameOf(options, label)),
  color: (label) => (label === null ? "transparent" : colorOf(options, label)),
});

export interface Banded {
  readonly cutting: Cutting;
  readonly chosen: string | null;
  /** What is selected and no region yet. */
  readonly range: Stretch | null;
  /** Where regions were begun, by their label. */
  readonly begun: ReadonlyMap<string, number>;
  /** What a model suggests, until it is taken or rejected. */
  readonly suggested: Suggestion | null;
}

export interface BandHost {
  readonly points: boolean;
  clicked(time: number, event: PointerEvent, slack: number): void;
  selected(range: Stretch): void;
  resized(region: Region, to: Stretch, event: PointerEvent): void;
}

interface Drag {
  readonly pointer: number;
  readonly x: number;
  readonly time: number;
  /** The region that is dragged; without one the drag selects. */
  readonly region: Region | null;
  readonly what: "start" | "end" | "both";
  moved: boolean;
}

const CLICK_PX = 4;
const NEAR_PX = 6;
const NEAR_FINGER_PX = 22;
const LANE_PX = 20;

const NOTHING: Banded = {
  cutting: { duration: null, regions: [] },
  chosen: null,
  range: null,
  begun: new Map(),
  suggested: null,
};

export class Bands {
  readonly #surface: TrackSurface;
  readonly #look: Look;
  readonly #host: BandHost;
  readonly #end = new AbortController();
  readonly #bands = new Map<string, HTMLElement>();
  readonly #range = h("div", { class: "nbt-range", hidden: true });
  readonly #root = h("div", { class: "nbt-bands", "aria-hidden": "true" });
  #now = NOTHING;
  #drag: Drag | null = null;
  /** What the drag would make of it. */
  #shape: Stretch | null = null;

  constructor(surface: TrackSurface, look: Look, host: BandHost) {
    this.#surface = surface;
    this.#look = look;
    this.#host = host;
    this.#root.append(this.#range);
    surface.layer.replaceChildren(this.#root);
    const { signal } = this.#end;
    surface.watch(() => this.#draw(), signal);
    this.#root.addEventListener("pointerdown", (event) => this.#down(event), { signal });
    this.#root.addEventListener("pointermove", (event) => this.#move(event), { signal });
    this.#root.addEventListener("pointerup", (event) => this.#up(event), { signal });
    // Else the browser takes a quick drag for a swipe, and the tap after it for its end.
    const still = (event: TouchEvent) => this.#drag?.moved === true && event.cancelable && event.preventDefault();
    this.#root.addEventListener("touchmove", still, { signal, passive: false });
    this.#root.addEventListener("pointercancel", () => this.#stop(), { signal });
  }

  draw(now: Banded): void {
    this.#now = now;
    this.#draw();
  }

  close(): void {
    this.#end.abort();
    this.#root.remove();
  }

  #draw(): void {
    const { cutting, chosen, range, begun, suggested } = this.#now;
    const seen = this.#surface.seen();
    const lane = lanes(cutting);
    const there = new Set<string>();
    cutting.regions.forEach((region, at) => {
      const shape = this.#drag?.region?.id === region.id ? (this.#shape ?? region) : region;
      if (shape.end < seen.from || shape.start > seen.to) return;
      there.add(region.id);
      const band = this.#band(region.id);
      this.#put(band, shape, lane[at] ?? 0);
      band.style.setProperty("--nbt-color", this.#look.color(region.label));
      setText(band.firstElementChild as Element, this.#look.name(region.label));
      band.classList.toggle("nbt-chosen-band", region.id === chosen);
      band.classList.toggle("nbt-moment", shape.start === shape.end);
    });
    if (suggested !== null) this.#propose(suggested, there);
    for (const [label, start] of begun) {
      const key = `\n${label}`;
      there.add(key);
      const band = this.#band(key);
      this.#put(band, { start, end: start }, 0);
      band.classList.add("nbt-begun");
      setText(band.firstElementChild as Element, `${this.#look.name(label || null)} …`);
    }
    for (const [key, band] of this.#bands)
      if (!there.has(key)) {
        band.remove();
        this.#bands.delete(key);
      }
    const selected = this.#drag !== null && this.#drag.region === null ? this.#shape : range;
    this.#range.hidden = selected === null;
    if (selected !== null) this.#put(this.#range, selected, 0);
  }

  /** What is suggested, with its names at the foot, where they cover none of the person's. */
  #propose(suggestion: Suggestion, there: Set<string>): void {
    const seen = this.#surface.seen();
    const cutting = cuttingOf(suggestion.value);
    const lane = lanes(cutting);
    cutting.regions.forEach((region, at) => {
      if (region.end < seen.from || region.start > seen.to) return;
      const key = `\t${region.id}`;
      there.add(key);
      const band = this.#band(key);
      this.#put(band, region, 0);
      band.classList.add("nbt-proposal");
      band.classList.toggle("nbt-moment", region.start === region.end);
      band.style.setProperty("--nbt-color", this.#look.color(region.label));
      band.style.setProperty("--nbt-lane", String(lane[at] ?? 0));
      const name = proposedName(this.#look.name(region.label), suggestion, cutting.regions.length);
      setText(band.firstElementChild as Element, name);
    });
  }

  #band(key: string): HTMLElement {
    const known = this.#bands.get(key);
    if (known !== undefined) return known;
    const band = h(
      "div",
      { class: "nbt-band", "data-region": key },
      h("span", { class: "nbt-band-name", dir: "auto" }),
    );
    this.#bands.set(key, band);
    this.#root.append(band);
    return band;
  }

  #put(element: HTMLElement, { start, end }: Stretch, lane: number): void {
    const seen = this.#surface.seen();
    // Cut at the edges of what is seen, so that the name stands where it can be read.
    const [left, right] = [Math.max(0, shareOf(seen, start)), Math.min(1, shareOf(seen, end))];
    element.style.left = `${left * 100}%`;
    element.style.width = `${Math.max(0, right - left) * 100}%`;
    element.style.top = `${lane * LANE_PX}px`;
  }

  #time(x: number): number {
    const box = this.#root.getBoundingClientRect();
    return timeAt(this.#surface.seen(), (x - box.left) / Math.max(1, box.width));
  }

  /** How much time lies beside a place of the screen, near enough to be meant. */
  #slack(event: PointerEvent): number {
    const px = event.pointerType === "touch" ? NEAR_FINGER_PX : NEAR_PX;
    return this.#time(px) - this.#time(0);
  }

  #down(event: PointerEvent): void {
    if (!event.isPrimary || event.button !== 0) return;
    const time = this.#time(event.clientX);
    const found = this.#grip(time, this.#slack(event));
    this.#drag = { pointer: event.pointerId, x: event.clientX, time, moved: false, ...found };
    this.#root.setPointerCapture(event.pointerId);
  }

  /** What a drag from here would take hold of: an end, the region that is chosen, or nothing. */
  #grip(time: number, slack: number): Pick<Drag, "region" | "what"> {
    const { cutting, chosen } = this.#now;
    const first = cutting.regions.filter(({ id }) => id === chosen);
    for (const region of [...first, ...cutting.regions]) {
      const ends = (["start", "end"] as const).filter((end) => Math.abs(region[end] - time) <= slack);
      const within = region.end - region.start > 3 * slack || time < region.start || time > region.end;
      const [what] = ends.sort((a, b) => Math.abs(region[a] - time) - Math.abs(region[b] - time));
      if (what !== undefined && region.start === region.end) return { region, what: "both" };
      if (what !== undefined && within) return { region, what };
    }
    const region = first.find(({ start, end }) => start <= time && time <= end) ?? null;
    return { region, what: "both" };
  }

  #move(event: PointerEvent): void {
    const drag = this.#drag;
    if (drag === null) {
      const { region, what } = this.#grip(this.#time(event.clientX), this.#slack(event));
      this.#root.style.cursor = region === null ? "" : what === "both" ? "grab" : "ew-resize";
      return;
    }
    if (event.pointerId !== drag.pointer) return;
    drag.moved ||= Math.abs(event.clientX - drag.x) >= CLICK_PX;
    if (!drag.moved) return;
    const time = this.#time(event.clientX);
    const { duration } = this.#surface;
    this.#shape =
      drag.region === null
        ? between(drag.time, time, duration)
        : shifted(drag.region, drag.what, time - drag.time, duration, this.#host.points);
    this.#draw();
  }

  #up(event: PointerEvent): void {
    const [drag, shape] = [this.#drag, this.#shape];
    if (drag === null || event.pointerId !== drag.pointer) return;
    const slack = this.#slack(event);
    this.#stop();
    if (!drag.moved || shape === null) this.#host.clicked(drag.time, event, slack);
    else if (drag.region !== null) this.#host.resized(drag.region, shape, event);
    else if (shape.start < shape.end) this.#host.selected(shape);
  }

  #stop(): void {
    this.#drag = this.#shape = null;
    this.#draw();
  }
}

/** What a click at a time chooses: the shortest region there, at the next click the one around it. */
export function clickedAt(cutting: Cutting, time: number, slack: number, chosen: string | null): string | null {
  const there = regionsAt(cutting, time, slack);
  return there[there.findIndex(({ id }) => id === chosen) + 1]?.id ?? null;
}
