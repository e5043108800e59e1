/** How a part of what is suggested is called, and its row in a list. The same in every editor that draws on the item. */

import { h } from "../dom.ts";
import { score as shareOf } from "../format.ts";
import type { Suggestion } from "../protocol.ts";

/** With a question mark, and how sure the model is where there is one part, so that the score is about that. */
export function proposedName(name: string, { score }: Suggestion, parts: number): string {
  const sure = parts === 1 && score !== null ? ` ${shareOf(score)}` : "";
  return `${name}?${sure}`;
}

/** A row below those of the person: it can be read, and nothing can be done with it. */
export function proposedRow(name: string, about: string, color: string): HTMLElement {
  const row = h(
    "li",
    { class: "nbt-proposed-row" },
    h("span", { dir: "auto" }, name),
    h("span", { dir: "auto" }, about),
    h("span", {}, "suggested"),
  );
  row.style.setProperty("--nbt-color", color);
  return row;
}
