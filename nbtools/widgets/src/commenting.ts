/** The field for a comment on an item; what is typed there is never taken for a key. */

import type { Controller } from "./controller.ts";
import { h } from "./dom.ts";
import type { Skin } from "./skin.ts";
import { draftOf } from "./state.ts";

export class Commenting {
  readonly #controller: Controller;
  readonly #root: HTMLElement;
  readonly #field = h("input", {
    class: "nbt-comment-field",
    maxlength: 2000,
    "aria-label": "comment on this item",
    placeholder: "Comment, then Enter",
  });
  readonly #row = h("div", { class: "nbt-comment-row", hidden: true }, this.#field);
  /** The item that the field is about, whatever is on the screen when it closes. */
  #item: string | null = null;

  constructor(controller: Controller, { root, caption }: Skin) {
    this.#controller = controller;
    this.#root = root;
    caption.append(this.#row);
  }

  open(): void {
    const { state } = this.#controller;
    if (state.current === null || this.#item !== null) return;
    this.#item = state.current;
    this.#row.hidden = false;
    this.#field.value = draftOf(state, state.current).comment ?? "";
    this.#field.focus();
  }

  /** Close the field and take what stands in it. */
  close(): void {
    const item = this.#item;
    if (item === null) return;
    this.#item = null;
    this.#row.hidden = true;
    const comment = this.#field.value.trim() || null;
    if (comment !== draftOf(this.#controller.state, item).comment)
      this.#controller.dispatch({ type: "draft", item, change: { comment } });
  }

  /** Enter and Esc close the field; true where it was one of them. */
  keyed(event: KeyboardEvent): boolean {
    if (this.#item === null || event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return false;
    this.close();
    this.#root.focus({ preventScroll: true });
    return true;
  }
}
