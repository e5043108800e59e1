/** An image: decoded before it is shown, and painted from its own canvas, so that nothing is decoded between press and paint. */

import { h } from "../dom.ts";
import type { Content } from "../protocol.ts";
import type { Size } from "../zoom.ts";
import { Picture } from "./canvas.ts";
import type { Prepared, Source } from "./prepared.ts";

/** Drawn by the browser itself: one has no pixels of its own, the other moves. */
const AS_ELEMENT = ["image/svg+xml", "image/gif"];

interface Decoded {
  readonly element: HTMLElement;
  readonly size: Size;
  release(): void;
}

export function image(name: string, content: Extract<Content, { readonly form: "bytes" }>, source: Source): Prepared {
  let shown: Decoded | null = null;
  let asked = !content.full;
  const put = (decoded: Decoded): void => {
    shown?.release();
    shown = decoded;
    picture.put(decoded.element, decoded.size);
  };
  const full = async (): Promise<void> => {
    if (asked) return;
    asked = true;
    try {
      const pieces = await source.bytes(true, (done, total) =>
        source.changed(`loading full size, ${Math.round((done / total) * 100)} %`),
      );
      put(await decode(new Blob(pieces as BlobPart[], { type: content.mediaType }), name));
      source.changed("full size");
    } catch (error) {
      if (!source.signal.aborted) source.changed(`the full size cannot be shown: ${words(error)}`);
    }
  };
  const picture = new Picture(() => void full());
  const ready = decode(new Blob([content.bytes as BlobPart], { type: content.mediaType }), name).then(put);
  return {
    element: picture.element,
    tools: picture.tools,
    ready,
    blocked: null,
    get weight() {
      return shown ? shown.size.width * shown.size.height * 4 : content.bytes.byteLength;
    },
    act: (action) => picture.act(action),
    hidden: () => picture.reset(),
    dispose: () => shown?.release(),
  };
}

async function decode(blob: Blob, name: string): Promise<Decoded> {
  return AS_ELEMENT.includes(blob.type) ? asElement(blob, name) : asCanvas(blob, name);
}

async function asCanvas(blob: Blob, name: string): Promise<Decoded> {
  const bitmap = await createImageBitmap(blob).catch(() => {
    throw new Error(`this browser cannot decode it (${blob.type}, ${blob.size} bytes)`);
  });
  const { width, height } = bitmap;
  const canvas = h("canvas", { width, height, role: "img", "aria-label": name });
  const context = canvas.getContext("bitmaprenderer");
  context?.transferFromImageBitmap(bitmap);
  return { element: canvas, size: { width, height }, release: () => context?.transferFromImageBitmap(null) };
}

/** SVG is only ever shown inside `<img>`, where its scripts do not run and its links are not followed. */
async function asElement(blob: Blob, name: string): Promise<Decoded> {
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

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));
