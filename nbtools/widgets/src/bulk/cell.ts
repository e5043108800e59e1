/** One item of a grid: its small picture or first words, its name, and what is said of it. */

import { h, setAttribute, setText } from "../dom.ts";
import type { Kind } from "../editors/kind.ts";
import type { Thumb } from "../lists/thumb.ts";
import type { Current, Item, Task } from "../protocol.ts";

/** Whether a person can see what the item is; what is not to be seen is not to be labeled. */
export const readable = ({ content }: Item): boolean => content.form === "bytes" || content.form === "text";

export function emptyCell(position: number, id: string, made: Thumb | undefined): HTMLElement {
  const attributes = {
    class: "nbt-grid-cell",
    role: "option",
    id,
    "data-position": position,
    "aria-selected": "false",
  };
  const picture = made?.element ?? h("div", { class: "nbt-thumb nbt-bone" });
  const name = h("div", { class: "nbt-cell-name", dir: "auto" });
  return h("div", attributes, picture, name, h("div", { class: "nbt-cell-said", dir: "auto" }));
}

export function drawCell(element: HTMLElement, item: Item, mark: Current | null, task: Task, kind: Kind): void {
  const labeled = mark?.status === "labeled";
  const words = mark === null || mark.status === "cleared" ? "" : labeled ? kind.words(task, mark.value) : "skipped";
  const [, name, said] = element.children;
  if (name) setText(name, item.name);
  if (said) setText(said, words);
  element.style.setProperty("--nbt-color", labeled ? kind.color(task, mark.value) : "transparent");
  setAttribute(element, "data-item-id", item.id);
  setAttribute(element, "aria-label", `${item.name}${words === "" ? "" : `, ${words}`}`);
}
