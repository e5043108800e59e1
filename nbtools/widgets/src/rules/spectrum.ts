/** How loud each frequency is in each column of the screen, 0 to 255. Pure: the transform is handed in. */

import type { Samples } from "./peaks.ts";
import type { Seen } from "./timeline.ts";

/** What is so far below the loudest is silence. */
const RANGE_DB = 70;
const FAINTEST = 1e-9;
/** What is no louder is not made so. */
const QUIET = 1e-4;

/** Column after column, each from the lowest frequency up; `transform` takes `size` numbers and gives half as many. */
export function columns(
  { values, rate, from }: Samples,
  seen: Seen,
  width: number,
  size: number,
  transform: (part: Float32Array) => Float32Array,
): Uint8ClampedArray {
  const rows = size / 2;
  const loud = new Float32Array(width * rows);
  const part = new Float32Array(size);
  let most = QUIET;
  for (let x = 0; x < width; x++) {
    const middle = (seen.from + ((x + 0.5) / width) * (seen.to - seen.from) - from) * rate;
    const first = Math.round(middle - size / 2);
    for (let n = 0; n < size; n++) part[n] = values[first + n] ?? 0;
    const found = transform(part);
    for (let row = 0; row < rows; row++) {
      const value = found[row] ?? 0;
      loud[x * rows + row] = value;
      if (value > most) most = value;
    }
  }
  return Uint8ClampedArray.from(loud, (value) =>
    Math.max(0, 255 * (1 + (20 * Math.log10(Math.max(FAINTEST, value) / most)) / RANGE_DB)),
  );
}
