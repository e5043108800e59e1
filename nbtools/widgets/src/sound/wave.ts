/** A recording over time: its waveform and, on request, its spectrogram, with an axis, and below it all of it, small. */

import { h, setText } from "../dom.ts";
import { columns, fineColumns, outline, type Peaks, type Samples } from "../rules/peaks.ts";
import { clock, holding, moved, type Seen, shareOf, span, ticks, timeAt, whole, zoomed } from "../rules/timeline.ts";
import type { Painter } from "../spectrogram.ts";
import { path, svg } from "./shape.ts";
import type { Transport } from "./transport.ts";

/** What is known of a recording's sound. */
export interface Sound {
  readonly duration: number;
  /** `null` where there is no waveform. */
  readonly peaks: Peaks | null;
  /** Why there is none. */
  readonly why: string;
  /** The sound of a stretch; `null` where it is too much. */
  samples(from: number, to: number): Promise<Samples | null>;
}

const TOO_LONG = "zoom in to see the frequencies";
const STEP = 2;

export class Wave {
  readonly layer = h("div", { class: "nbt-layer" });
  readonly element: HTMLElement;
  readonly #sound: Sound;
  readonly #transport: Transport;
  readonly #shape = svg("nbt-shape");
  readonly #small = svg("nbt-small");
  readonly #canvas = h("canvas", { class: "nbt-spectrum", "aria-hidden": "true" });
  readonly #playhead = h("div", { class: "nbt-playhead", "aria-hidden": "true" });
  readonly #says = h("p", { class: "nbt-says" });
  readonly #field: HTMLElement;
  readonly #axis = h("div", { class: "nbt-axis", "aria-hidden": "true" });
  readonly #frame = h("div", { class: "nbt-frame" });
  readonly #overview: HTMLElement;
  readonly #watching = new Set<() => void>();
  readonly #end = new AbortController();
  #seen: Seen;
  #samples: Samples | null = null;
  #paints: Painter | null = null;
  #turn = 0;
  #followed = false;

  constructor(sound: Sound, transport: Transport) {
    this.#sound = sound;
    this.#transport = transport;
    this.#seen = whole(sound.duration);
    this.#field = h("div", { class: "nbt-sound" }, this.#canvas, this.#shape, this.#says, this.layer, this.#playhead);
    this.#overview = h("div", { class: "nbt-overview", "aria-hidden": "true" }, this.#small, this.#frame);
    this.element = h("div", { class: "nbt-wave" }, this.#field, this.#axis, this.#overview);
    const { signal } = this.#end;
    const resizing = new ResizeObserver(() => this.#draw());
    resizing.observe(this.#field);
    signal.addEventListener("abort", () => resizing.disconnect());
    this.#field.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    for (const type of ["pointerdown", "pointermove"] as const)
      this.#overview.addEventListener(type, (event) => this.#seek(event));
    transport.watch(() => this.#follow(), signal);
  }

  get seen(): Seen {
    return this.#seen;
  }

  /** What paints the spectrogram; `null` where the waveform stands alone. */
  get painter(): Painter | null {
    return this.#paints;
  }

  watch(changed: () => void, signal: AbortSignal): void {
    this.#watching.add(changed);
    signal.addEventListener("abort", () => this.#watching.delete(changed));
  }

  /** Show `factor` times the detail; 0: all of it. */
  zoom(factor: 1 | -1 | 0, about = this.#about): void {
    this.#show(zoomed(this.#seen, factor === 0 ? 0 : STEP ** factor, about, this.#sound.duration));
  }

  reveal(from: number, to: number): void {
    this.#show(holding(this.#seen, from, to, this.#sound.duration));
  }

  /** Show the spectrogram, painted by what was asked for; `null`: the waveform alone. */
  paintWith(painter: Painter | null): void {
    this.#paints = painter;
    this.element.classList.toggle("nbt-with-spectrum", painter !== null);
    this.#draw();
  }

  reset(): void {
    this.#samples = null;
    this.#show(whole(this.#sound.duration));
  }

  close(): void {
    this.#end.abort();
  }

  /** Where a zoom goes: to where it plays if that is seen, else to the middle. */
  get #about(): number {
    const { time } = this.#transport;
    const { from, to } = this.#seen;
    return time >= from && time <= to && time > 0 ? time : (from + to) / 2;
  }

  #show(seen: Seen): void {
    if (seen.from === this.#seen.from && seen.to === this.#seen.to) return;
    this.#seen = seen;
    this.#draw();
  }

  #draw(): void {
    const width = this.#field.clientWidth;
    if (width === 0) return;
    const { peaks, why, duration } = this.#sound;
    this.#turn += 1;
    const fine = this.#fine(width);
    path(this.#shape, peaks === null ? "" : outline(fine ?? columns(peaks, this.#seen, width)), width);
    path(this.#small, peaks === null ? "" : outline(columns(peaks, whole(duration), width)), width);
    setText(this.#says, peaks === null ? why : "");
    this.#drawAxis(width);
    const [left, right] = [this.#seen.from / duration, this.#seen.to / duration];
    this.#frame.style.left = `${left * 100}%`;
    this.#frame.style.width = `${(right - left) * 100}%`;
    this.#follow();
    this.#drawSpectrum(width);
    for (const changed of this.#watching) changed();
  }

  /** Columns of the sound itself, where one of the peaks is wider than a column and the sound is here. */
  #fine(width: number): Float32Array | null {
    const { peaks } = this.#sound;
    if (peaks === null || span(this.#seen) / width >= peaks.step) return null;
    const samples = this.#here();
    if (samples !== null) return fineColumns(samples, this.#seen, width);
    this.#fetch(() => this.#draw());
    return null;
  }

  #here(): Samples | null {
    const samples = this.#samples;
    if (samples === null) return null;
    const end = samples.from + samples.values.length / samples.rate;
    const all = samples.from <= this.#seen.from && Math.min(this.#seen.to, this.#sound.duration) <= end + 0.01;
    return all ? samples : null;
  }

  #fetch(then: (found: boolean) => void): void {
    const turn = this.#turn;
    this.#sound.samples(this.#seen.from, this.#seen.to).then(
      (samples) => {
        if (turn !== this.#turn || this.#end.signal.aborted) return;
        this.#samples = samples;
        if (samples !== null && this.#here() === null) return;
        then(samples !== null);
      },
      () => {},
    );
  }

  #drawSpectrum(width: number): void {
    this.#canvas.hidden = this.#paints === null;
    if (this.#paints === null) return;
    const samples = this.#here();
    if (samples !== null) {
      const ink = getComputedStyle(this.#field).color;
      this.#paints(this.#canvas, samples, this.#seen, { width, ink });
      setText(this.#says, `0 to ${samples.rate / 2000} kHz`);
      return;
    }
    this.#canvas.width = 1;
    const turn = this.#turn;
    this.#fetch((found) => {
      if (turn !== this.#turn) return;
      if (found) this.#draw();
      else setText(this.#says, TOO_LONG);
    });
  }

  #drawAxis(width: number): void {
    const marks = ticks(this.#seen, width).map(({ at, words }) => {
      const mark = h("span", {}, words);
      mark.style.left = `${shareOf(this.#seen, at) * 100}%`;
      return mark;
    });
    this.#axis.replaceChildren(...marks);
    this.element.dataset["seen"] = `${clock(this.#seen.from, 3)} ${clock(this.#seen.to, 3)}`;
  }

  /** The playhead, and the view that goes with it while it plays. */
  #follow(): void {
    const { time, playing } = this.#transport;
    if (this.#followed) return;
    if (playing && (time < this.#seen.from || time > this.#seen.to)) {
      this.#followed = true;
      this.reveal(time, time);
      this.#followed = false;
    }
    const share = shareOf(this.#seen, time);
    this.#playhead.hidden = share < 0 || share > 1;
    this.#playhead.style.left = `${share * 100}%`;
  }

  #wheel(event: WheelEvent): void {
    const box = this.#field.getBoundingClientRect();
    const sideways = event.deltaX !== 0 ? event.deltaX : event.shiftKey ? event.deltaY : 0;
    if (event.ctrlKey || event.metaKey) {
      const about = timeAt(this.#seen, (event.clientX - box.left) / box.width);
      this.#show(zoomed(this.#seen, Math.exp(-event.deltaY / 300), about, this.#sound.duration));
    } else if (sideways !== 0 && span(this.#seen) < this.#sound.duration)
      this.#show(moved(this.#seen, (sideways / box.width) * span(this.#seen), this.#sound.duration));
    else return;
    event.preventDefault();
  }

  /** A press on all of it, small, brings that part into view. */
  #seek(event: PointerEvent): void {
    if (event.buttons !== 1) return;
    const box = this.#overview.getBoundingClientRect();
    const at = ((event.clientX - box.left) / box.width) * this.#sound.duration;
    this.#show(moved(this.#seen, at - (this.#seen.from + this.#seen.to) / 2, this.#sound.duration));
  }
}
