/** A waveform: how far sound goes up and down in each of many short stretches, and the shape of that. Pure. */

import type { Seen } from "./timeline.ts";

/** Least and most of each stretch, one pair after the other; 127 is full scale. */
export interface Peaks {
  readonly pairs: Int8Array;
  /** Seconds of one pair. */
  readonly step: number;
}

/** Some sound: one number for each moment, all channels in one, from a time on. */
export interface Samples {
  readonly values: Float32Array;
  readonly rate: number;
  readonly from: number;
}

const PER_SECOND = 200;

/** The peaks of sound that is here. */
export function peaksOf(channels: readonly Float32Array[], rate: number): Peaks {
  const each = Math.max(1, Math.round(rate / PER_SECOND));
  const length = channels[0]?.length ?? 0;
  const pairs = new Int8Array(2 * Math.ceil(length / each));
  for (let n = 0; n * each < length; n++) {
    const [low, high] = extremes(channels, n * each, Math.min(length, (n + 1) * each));
    pairs[2 * n] = scaled(low);
    pairs[2 * n + 1] = scaled(high);
  }
  return { pairs, step: each / rate };
}

/** One pair for each column of the screen: least and most of what it shows, as shares of full scale. */
export function columns({ pairs, step }: Peaks, view: Seen, width: number): Float32Array {
  const found = new Float32Array(2 * width);
  const last = pairs.length / 2;
  const each = (view.to - view.from) / width / step;
  for (let x = 0; x < width; x++) {
    const from = view.from / step + x * each;
    let [low, high] = [127, -127];
    for (let n = Math.max(0, Math.floor(from)); n < Math.min(last, Math.max(Math.floor(from) + 1, from + each)); n++) {
      low = Math.min(low, pairs[2 * n] ?? 0);
      high = Math.max(high, pairs[2 * n + 1] ?? 0);
    }
    if (low > high) [low, high] = [0, 0];
    found[2 * x] = low / 127;
    found[2 * x + 1] = high / 127;
  }
  return found;
}

/** The same of sound that is here in full, for views in which one of the peaks is wider than a column. */
export function fineColumns({ values, rate, from }: Samples, view: Seen, width: number): Float32Array {
  const found = new Float32Array(2 * width);
  const each = ((view.to - view.from) / width) * rate;
  const first = (view.from - from) * rate;
  for (let x = 0; x < width; x++) {
    const start = Math.floor(first + x * each);
    const [low, high] = extremes([values], Math.max(0, start), Math.min(values.length, start + Math.ceil(each) + 1));
    found[2 * x] = low;
    found[2 * x + 1] = high;
  }
  return found;
}

/** An outline for the `d` of an SVG path, in a box as wide as there are columns and 2 high, silence at 1. */
export function outline(found: Float32Array): string {
  const width = found.length / 2;
  const up: string[] = [];
  const down: string[] = [];
  for (let x = 0; x < width; x++) {
    // Silence is a line, too.
    const [low, high] = [(found[2 * x] ?? 0) - 0.006, (found[2 * x + 1] ?? 0) + 0.006];
    up.push(`${x} ${(1 - high).toFixed(3)}`);
    down.push(`${x} ${(1 - low).toFixed(3)}`);
  }
  return width === 0 ? "" : `M${up.join("L")}L${down.reverse().join("L")}Z`;
}

function extremes(channels: readonly Float32Array[], from: number, to: number): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const values of channels)
    for (let n = from; n < to; n++) {
      const value = values[n] ?? 0;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  return low <= high ? [low, high] : [0, 0];
}

const scaled = (value: number): number => Math.round(Math.min(1, Math.max(-1, value)) * 127);
