/** The small picture of an item in a list, or what stands in its place. */

import { h } from "../dom.ts";
import type { Content } from "../protocol.ts";

/** What of an item is a picture, or stands in its place; made once, as pictures flicker when they are made again. */
export interface Thumb {
  readonly element: HTMLElement;
  release(): void;
}

export function thumb({ content }: { readonly content: Content | null }): Thumb {
  const kept = (element: HTMLElement): Thumb => ({ element, release() {} });
  if (content === null) return kept(h("div", { class: "nbt-thumb nbt-thumb-word" }));
  if (content.form === "error") return kept(h("div", { class: "nbt-thumb" }, broken(content.why)));
  if (content.form === "text") return kept(h("div", { class: "nbt-thumb nbt-thumb-text", dir: "auto" }, content.text));
  if (content.form !== "bytes") return kept(h("div", { class: "nbt-thumb nbt-thumb-word" }));
  // Also SVG only ever lies in an <img>, where no script of it runs.
  const url = URL.createObjectURL(new Blob([content.bytes as BlobPart], { type: content.mediaType }));
  const image = h("img", { src: url, alt: "", draggable: "false", decoding: "async" });
  const element = h("div", { class: "nbt-thumb" }, image);
  image.addEventListener("error", () => element.replaceChildren(broken("this browser cannot decode it")), {
    once: true,
  });
  return { element, release: () => URL.revokeObjectURL(url) };
}

const broken = (why: string): HTMLElement =>
  h("div", { class: "nbt-broken", title: why }, h("strong", {}, "cannot be shown"), h("span", {}, why));
