/** Pictures that the browser itself draws: SVG, which has no pixels of its own, and GIF, which moves. */

import { h } from "../dom.ts";
import type { Decoded } from "./image.ts";

export const AS_ELEMENT = ["image/svg+xml", "image/gif"];

/** SVG is only ever shown inside `<img>`, where its scripts do not run and its links are not followed. */
export async function asElement(blob: Blob, name: string): Promise<Decoded> {
  const url = URL.createObjectURL(blob);
  const element = h("img", { src: url, alt: name, draggable: "false" });
  try {
    await element.decode();
  } catch {
    URL.revokeObjectURL(url);
    throw new Error(`this browser cannot decode it (${blob.type}, ${blob.size} bytes)`);
  }
  const size = { width: element.naturalWidth || 1, height: element.naturalHeight || 1 };
  return { element, size, release: () => URL.revokeObjectURL(url) };
}
