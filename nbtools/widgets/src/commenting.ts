/** The field for a comment on an item; what is typed there is never taken for a key. */

import type { Controller } from "./controller.ts";
import type { Skin } from "./skin.ts";
import { draftOf } from "./state.ts";

export class Commenting {
  readonly #controller: Controller;
  readonly #skin: Skin;
  /** The item that the field is about, whatever is on the screen when it closes. */
  #item: string | null = null;

  constructor(controller: Controller, skin: Skin) {
    this.#controller = controller;
    this.#skin = skin;
  }

  open(): void {
    const { state } = this.#controller;
    if (state.current === null || this.#item !== null) return;
    this.#item = state.current;
    this.#skin.commentRow.hidden = false;
    this.#skin.comment.value = draftOf(state, state.current).comment ?? "";
    this.#skin.comment.focus();
  }

  /** Close the field and take what stands in it. */
  close(): void {
    const item = this.#item;
    if (item === null) return;
    this.#item = null;
    this.#skin.commentRow.hidden = true;
    const comment = this.#skin.comment.value.trim() || null;
    if (comment !== draftOf(this.#controller.state, item).comment)
      this.#controller.dispatch({ type: "draft", item, change: { comment } });
  }

  /** Enter and Esc close the field; true where it was one of them. */
  keyed(event: KeyboardEvent): boolean {
    if (this.#item === null || event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return false;
    this.close();
    this.#skin.root.focus({ preventScroll: true });
    return true;
  }
}
