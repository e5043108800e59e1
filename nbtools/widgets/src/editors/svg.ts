/** SVG over a picture, whose units are the picture's pixels. */

import { setAttribute } from "../dom.ts";
import type { Points } from "../rules/form.ts";
import { boundsOf } from "../rules/geometry.ts";

const TAG_PX = 18;

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly Node[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Write the name of a shape at its head; `unit`: how many of the picture's pixels a CSS pixel takes. */
export function drawTag(tag: Element, words: string, at: Points, unit: number): void {
  if (tag.textContent !== words) tag.textContent = words;
  if (at.length === 0) return;
  const { left, top, right } = boundsOf(at);
  setAttribute(tag, "x", String(left));
  setAttribute(tag, "y", String(top));
  // A point's name stands beside it; another shape's above it, or within where there is no room.
  const beside = left === right;
  setAttribute(tag, "dx", beside ? "0.8em" : "0");
  setAttribute(tag, "dy", beside ? "0.35em" : top < TAG_PX * unit ? "1.2em" : "-0.5em");
}

/** Write it at its foot, where it covers no name at the head of another; `height`: of the picture. */
export function drawTagBelow(tag: Element, words: string, at: Points, unit: number, height: number): void {
  const { left, right, bottom } = boundsOf(at);
  const beside = left === right;
  tag.textContent = words;
  setAttribute(tag, "x", String(left));
  setAttribute(tag, "y", String(bottom));
  setAttribute(tag, "text-anchor", beside ? "end" : "start");
  setAttribute(tag, "dx", beside ? "-0.8em" : "0");
  setAttribute(tag, "dy", beside ? "0.35em" : bottom + TAG_PX * unit > height ? "-0.5em" : "1.2em");
}
