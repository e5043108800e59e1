/** A picture that is stored otherwise than it is to be seen, such as a photo from a phone. */

import { h } from "../dom.ts";
import type { Size } from "../zoom.ts";
import { type Decoded, pixelsOf } from "./image.ts";

/** Chromium turns a bitmap where it is drawn, and not where a canvas takes it over as it is. */
export async function asUpright(blob: Blob, name: string, goal: Size | null): Promise<Decoded> {
  const bitmap = await pixelsOf(blob, goal);
  const { width, height } = bitmap;
  const canvas = h("canvas", { width, height, role: "img", "aria-label": name });
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
  bitmap.close();
  const release = (): void => {
    canvas.width = 0;
  };
  return { element: canvas, size: { width, height }, release };
}
