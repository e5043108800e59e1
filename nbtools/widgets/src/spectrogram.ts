/** What frequencies a recording holds over time: asked for with the first look at them. The FFT is wavesurfer.js'. */

import FFT from "wavesurfer.js/dist/fft.js";
import type { Samples } from "./rules/peaks.ts";
import { columns } from "./rules/spectrum.ts";
import type { Seen } from "./rules/timeline.ts";

export interface Sheet {
  readonly width: number;
  /** The color of what is loud, as CSS `rgb(…)`; what is silent lets the ground through. */
  readonly ink: string;
}

export type Painter = (canvas: HTMLCanvasElement, samples: Samples, seen: Seen, sheet: Sheet) => void;

/** What the bundle exports. */
export interface SpectrogramModule {
  readonly paint: Painter;
}

/** The package's types name the class as an export that the module does not have. */
type Transform = new (
  size: number,
  rate: number,
  window: string,
  alpha: number,
) => {
  calculateSpectrum(part: Float32Array): Float32Array;
};

const SIZES: Readonly<Record<string, number>> = { low: 512, high: 1024 };

export const paint: Painter = (canvas, samples, seen, { width, ink }) => {
  const size = (samples.rate > 16_000 ? SIZES["high"] : SIZES["low"]) ?? 512;
  const fft = new (FFT as unknown as Transform)(size, samples.rate, "hann", 0);
  const found = columns(samples, seen, width, size, (part) => fft.calculateSpectrum(part));
  const rows = size / 2;
  canvas.width = width;
  canvas.height = rows;
  const [red, green, blue] = (ink.match(/[\d.]+/g) ?? ["0", "0", "0"]).map(Number);
  const image = new ImageData(width, rows);
  for (let x = 0; x < width; x++)
    for (let row = 0; row < rows; row++) {
      const at = 4 * ((rows - 1 - row) * width + x);
      image.data[at] = red ?? 0;
      image.data[at + 1] = green ?? 0;
      image.data[at + 2] = blue ?? 0;
      image.data[at + 3] = found[x * rows + row] ?? 0;
    }
  canvas.getContext("2d")?.putImageData(image, 0, 0);
};
