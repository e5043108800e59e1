/** An image: decoded before it is shown, and painted from its own canvas, so that nothing is decoded between press and paint. */

import { h } from "../dom.ts";
import type { Content, Item } from "../protocol.ts";
import { fit, type Size } from "../zoom.ts";
import { type MakeHand, Picture } from "./canvas.ts";
import type { original } from "./original.ts";
import type { Prepared, Source } from "./prepared.ts";

export interface Decoded {
  readonly element: HTMLElement;
  readonly size: Size;
  release(): void;
}

/** What of a picture is not needed before somebody looks closer; the bundle `later` exports it. */
export interface Closer {
  readonly zooming: MakeHand;
  readonly original: typeof original;
}

export function image(
  item: Item,
  content: Extract<Content, { readonly form: "bytes" }>,
  source: Source,
  decode = asCanvas,
  closer = async () => (await source.module("later")) as Closer,
): Prepared {
  const blob = new Blob([content.bytes as BlobPart], { type: content.mediaType });
  const goal = scaledTo(item, source.room());
  let shown: Decoded | null = null;
  let sharp = goal === null && !content.full;
  const put = (decoded: Decoded): void => {
    shown?.release();
    shown = decoded;
    picture.put(decoded.element, decoded.size);
  };
  const whole = async () => (await closer()).original(content.mediaType, source);
  const sharpen = async (): Promise<void> => {
    if (sharp) return;
    sharp = true;
    try {
      put(await decode(content.full ? await whole() : blob, item.name, null));
    } catch (error) {
      if (!source.signal.aborted) source.changed(`the full size cannot be shown: ${words(error)}`);
    }
  };
  const picture = new Picture(
    async () => (await closer()).zooming,
    () => void sharpen(),
  );
  return {
    element: picture.element,
    tools: picture.tools,
    ready: decode(blob, item.name, goal).then(put),
    get surface() {
      return picture.surface(item);
    },
    blocked: null,
    get weight() {
      return shown ? shown.size.width * shown.size.height * 4 : content.bytes.byteLength;
    },
    act: (action) => picture.act(action),
    hidden: () => picture.reset(),
    dispose: () => shown?.release(),
  };
}

/** The size to decode to where the screen has fewer pixels than the image: painting it 1:1 takes half the time. */
function scaledTo({ width, height }: Item, room: Size): Size | null {
  if (width === null || height === null || room.width === 0) return null;
  const scale = fit({ width, height }, room);
  return scale < 1 ? { width: Math.round(width * scale) || 1, height: Math.round(height * scale) || 1 } : null;
}

/** The pixels of an image file, of the size `goal` where one is given. */
export function pixelsOf(blob: Blob, goal: Size | null): Promise<ImageBitmap> {
  const scaled: ImageBitmapOptions = goal
    ? { resizeWidth: goal.width, resizeHeight: goal.height, resizeQuality: "high" }
    : {};
  return createImageBitmap(blob, scaled).catch(() => {
    throw new Error(`this browser cannot decode it (${blob.type}, ${blob.size} bytes)`);
  });
}

async function asCanvas(blob: Blob, name: string, goal: Size | null): Promise<Decoded> {
  const bitmap = await pixelsOf(blob, goal);
  const { width, height } = bitmap;
  const canvas = h("canvas", { width, height, role: "img", "aria-label": name });
  const context = canvas.getContext("bitmaprenderer");
  context?.transferFromImageBitmap(bitmap);
  return { element: canvas, size: { width, height }, release: () => context?.transferFromImageBitmap(null) };
}

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));
