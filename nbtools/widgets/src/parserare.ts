/** The guard for the rarer forms of content, as `parse.ts` is for messages. */

import { parseContent } from "./parse.ts";
import type { Content, Wav } from "./protocol.ts";

type Raw = Extract<Content, { readonly form: "raw" }>;
type Fields = Readonly<Record<string, unknown>>;

/** Whether a picture, or its original, is stored otherwise than it is to be seen. */
export const isTurned = (content: Content): boolean => content.form === "raw" && content.fields["turned"] === true;

/** Content in the form in which it can be shown. */
export function wholly(content: Content): Exclude<Content, Raw> {
  if (content.form !== "raw") return content;
  const { fields, buffers, mediaType } = content;
  const { array, html, parts, stream, turned, ...rest } = fields;
  if (typeof array === "object" && array !== null) return arrayOf(array as Fields, buffers);
  if (typeof html === "string") return { form: "html", html };
  if (Array.isArray(parts)) return { form: "parts", parts: parts.map((part) => parseContent(part, "", buffers)) };
  if (typeof stream === "number") return { form: "stream", total: stream, mediaType, wav: wavOf(fields["wav"]) };
  if (turned === true) return wholly(parseContent(rest, mediaType, buffers));
  return { form: "error", why: "its content is of a form that this page does not know" };
}

function wavOf(value: unknown): Wav | null {
  if (typeof value !== "object" || value === null) return null;
  const fields = value as Fields;
  const [encoding, channels, rate, bits, start, frames, framesPerPeak] = [
    "encoding",
    "channels",
    "rate",
    "bits",
    "start",
    "frames",
    "frames_per_peak",
  ].map((name) => Number(fields[name]));
  const wav = { encoding, channels, rate, bits, start, frames, framesPerPeak } as Wav;
  return Object.values(wav).every((each) => Number.isSafeInteger(each) && each > 0) ? wav : null;
}

function arrayOf({ buffer, dtype, shape, of }: Fields, buffers: readonly DataView[]): Exclude<Content, Raw> {
  const bytes = buffers[typeof buffer === "number" ? buffer : -1];
  const sides = Array.isArray(shape) ? shape.map(Number) : [];
  const width = dtype === "float32" ? 4 : dtype === "uint16" ? 2 : 1;
  const known = dtype === "uint8" || dtype === "uint16" || dtype === "float32";
  if (!known || !bytes || sides.length < 2 || bytes.byteLength !== width * sides.reduce((a, b) => a * b, 1))
    return { form: "error", why: `an array of ${String(dtype)} ${sides.join(" × ")} came without its numbers` };
  const [across = 0, down = 0] = Array.isArray(of) ? of.map(Number) : [];
  const original = across > 0 && down > 0 ? { width: across, height: down } : null;
  return { form: "array", bytes, dtype, shape: sides, original };
}
