/** Numbers to pixels: a window of values (level and width) mapped to gray, one channel or three. Pure. */

import type { Dtype } from "./protocol.ts";

export interface Numbers {
  readonly data: Uint8Array | Uint16Array | Float32Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** Values from `low` to `high` go from black to white. */
export interface Window {
  readonly low: number;
  readonly high: number;
}

const SAMPLES = 4_096;

/** The typed numbers of an array message; copied, because the message's bytes need not lie on their boundary. */
export function numbers(bytes: DataView, dtype: Dtype, shape: readonly number[]): Numbers {
  const copy = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength).slice().buffer;
  const data =
    dtype === "uint8" ? new Uint8Array(copy) : dtype === "uint16" ? new Uint16Array(copy) : new Float32Array(copy);
  const [height = 0, width = 0, channels = 1] = shape;
  return { data, width, height, channels };
}

/** Where to begin: all of 8 bits, else from the 1st to the 99th percentile of a sample of `channel` (`null`: all). */
export function firstWindow({ data, channels }: Numbers, channel: number | null): Window {
  if (data instanceof Uint8Array) return { low: 0, high: 255 };
  const step = Math.max(1, Math.floor(data.length / channels / SAMPLES)) * (channel === null ? 1 : channels);
  const sample: number[] = [];
  for (let i = channel ?? 0; i < data.length; i += step) sample.push(data[i] ?? 0);
  const sorted = sample.filter(Number.isFinite).sort((a, b) => a - b);
  const low = sorted[Math.floor(sorted.length * 0.01)] ?? 0;
  const high = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 1;
  return high > low ? { low, high } : { low, high: low + 1 };
}

/** Move the window by a share of its width, or widen it (`factor` > 1) around its middle. */
export function changed({ low, high }: Window, shift: number, factor: number): Window {
  const middle = (low + high) / 2 + shift * (high - low);
  const half = Math.max(1e-9, ((high - low) / 2) * factor);
  return { low: middle - half, high: middle + half };
}

/** RGBA bytes; `channel` null draws the first three channels as red, green and blue. Values that are no numbers are clear. */
export function rgba(
  { data, width, height, channels }: Numbers,
  { low, high }: Window,
  channel: number | null,
): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(width * height * 4);
  const scale = 255 / (high - low);
  const [r, g, b] = channel === null ? [0, 1, 2] : [channel, channel, channel];
  for (let from = 0, to = 0; to < out.length; from += channels, to += 4) {
    const red = data[from + r] ?? 0;
    out[to] = (red - low) * scale;
    out[to + 1] = ((data[from + g] ?? 0) - low) * scale;
    out[to + 2] = ((data[from + b] ?? 0) - low) * scale;
    out[to + 3] = Number.isNaN(red) ? 0 : 255;
  }
  return out;
}
