/** A text: opened at its top, in a readable measure, scrolled by keys. */

import { button, h } from "../dom.ts";
import type { Prepared, Source } from "./prepared.ts";
import type { LaterRest } from "./rest.ts";

const BLOCK_CHARACTERS = 4_096;
const SHORT_CHARACTERS = 280;
const LINE_PX = 48;

export function text(content: string, partial: boolean, source: Source): Prepared {
  const body = h("div", { class: "nbt-text", dir: "auto" });
  fill(body, content);
  const element = h("div", { class: "nbt-scroll" }, body);
  const surface = { form: "text" as const, body, text: content, whole: !partial, scroll: element };
  const tools: HTMLElement[] = [];
  if (partial) {
    const more = button("rest", "show the rest");
    const came = (whole: string) => Object.assign(surface, { text: whole, whole: true });
    more.addEventListener("click", () => {
      more.disabled = true;
      void source.module("later").then(
        (later) => (later as LaterRest).showRest(body, more, source, came),
        () => {
          more.disabled = false;
        },
      );
    });
    tools.push(more);
  }
  return {
    element,
    tools,
    ready: Promise.resolve(),
    surface,
    blocked: null,
    weight: content.length * 2,
    act: (action) => scrolls(element, action),
    hidden: () => element.scrollTo(0, 0),
    dispose() {},
  };
}

/** Long texts lie in blocks, of which the browser lays out those that are seen. */
export function fill(body: HTMLElement, content: string): void {
  body.classList.toggle("nbt-short", content.length <= SHORT_CHARACTERS);
  if (content.length <= 2 * BLOCK_CHARACTERS) {
    body.textContent = content;
    return;
  }
  body.replaceChildren(...blocks(content).map((block) => h("div", { class: "nbt-block" }, block)));
}

/** `content` cut at line ends into blocks; a line end at a cut is the end of the block. */
export function blocks(content: string): string[] {
  const found: string[] = [];
  for (let start = 0; start < content.length; ) {
    const end = content.indexOf("\n", start + BLOCK_CHARACTERS);
    const next = end < 0 ? content.length : end + 1;
    found.push(content.slice(start, end < 0 ? next : end));
    start = next;
  }
  return found;
}

/** Scroll `element` as `action` says; false where it is not about scrolling. */
export function scrolls(element: HTMLElement, action: string): boolean {
  const page = element.clientHeight * 0.9;
  const by: Readonly<Record<string, number>> = {
    lineUp: -LINE_PX,
    lineDown: LINE_PX,
    pageUp: -page,
    pageDown: page,
    top: -element.scrollHeight,
    bottom: element.scrollHeight,
  };
  const distance = by[action];
  if (distance === undefined) return false;
  element.scrollTop += distance;
  return true;
}
