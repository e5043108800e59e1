/** An array of numbers as a picture, seen through a window of values, channel by channel. */

import { h } from "../dom.ts";
import { changed, firstWindow, numbers, rgba } from "../pixels.ts";
import type { Content } from "../protocol.ts";
import { Picture } from "./canvas.ts";
import type { Prepared, Source } from "./prepared.ts";
import { zooming } from "./zooming.ts";

const SHIFT = 0.1;
const WIDEN = 1.25;

export function array(name: string, content: Extract<Content, { readonly form: "array" }>, source: Source): Prepared {
  const values = numbers(content.bytes, content.dtype, content.shape);
  const inColor = values.channels === 3 || (values.channels === 4 && content.dtype === "uint8");
  let channel: number | null = inColor ? null : 0;
  let window = firstWindow(values, channel);
  const canvas = h("canvas", { width: values.width, height: values.height, role: "img", "aria-label": name });
  const says = h("span", { class: "nbt-tool-name" });
  const draw = (): void => {
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context?.putImageData(new ImageData(rgba(values, window, channel), values.width, values.height), 0, 0);
    const which =
      values.channels > 1 ? `channel ${channel === null ? "all" : channel + 1} of ${values.channels} · ` : "";
    says.textContent = `${which}values ${short(window.low)} to ${short(window.high)}`;
  };
  const turn = (by: number): void => {
    const first = inColor ? -1 : 0;
    const count = values.channels - first;
    const next = (((channel ?? -1) - first + by + count) % count) + first;
    channel = next < 0 ? null : next;
    window = firstWindow(values, channel);
  };
  const picture = new Picture(
    async () => zooming,
    () => {},
  );
  picture.put(canvas, values);
  draw();
  const act = (action: string): boolean => {
    if (picture.act(action)) return true;
    if (action === "levelDown") window = changed(window, SHIFT, 1);
    else if (action === "levelUp") window = changed(window, -SHIFT, 1);
    else if (action === "widthDown") window = changed(window, 0, 1 / WIDEN);
    else if (action === "widthUp") window = changed(window, 0, WIDEN);
    else if (action === "channelBack" || action === "channelNext") turn(action === "channelNext" ? 1 : -1);
    else return false;
    draw();
    source.changed(null);
    return true;
  };
  return {
    element: picture.element,
    tools: [says, ...picture.tools],
    ready: Promise.resolve(),
    surface: picture.surface(content.original ?? values),
    blocked: null,
    weight: values.width * values.height * 4 + content.bytes.byteLength,
    act,
    hidden: () => picture.reset(),
    dispose() {},
  };
}

const short = (value: number): string =>
  Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
