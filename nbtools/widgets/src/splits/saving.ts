/** Keeping a split: its message, what has to be confirmed first, and the line of Python that does the same. */

import { button, h, setText } from "../dom.ts";
import type { Controller } from "./controller.ts";
import { saving } from "./words.ts";

export class Saving {
  readonly root: HTMLElement;
  readonly #controller: Controller;
  readonly #message = h("input", {
    type: "text",
    class: "nbt-message",
    maxlength: 500,
    placeholder: "such as: by site",
  });
  readonly #confirm = h("input", { type: "checkbox", class: "nbt-confirm" });
  readonly #confirmed: HTMLElement;
  readonly #confirming: HTMLElement;
  readonly #concerns = h("ul", {});
  readonly #save = button("save", "Save split", [], { class: "nbt-primary nbt-save" });
  readonly #said = h("p", { class: "nbt-said", role: "status" });
  readonly #line = h("code", {
    class: "nbt-line",
    tabindex: 0,
    role: "textbox",
    "aria-readonly": "true",
    "aria-label": "The same in Python",
  });
  readonly #copy = button("copy", "Copy");
  #of = "";

  constructor(controller: Controller) {
    this.#controller = controller;
    // Always in its place in the row, so that nothing moves when there is something to confirm.
    this.#confirmed = h("label", { class: "nbt-check" }, this.#confirm, h("span", {}, "that is as it has to be"));
    this.#confirming = h(
      "div",
      { class: "nbt-confirming" },
      h("strong", {}, "Before it is saved, look at this"),
      this.#concerns,
    );
    const message = h("label", { class: "nbt-message-of" }, "message ", this.#message);
    const form = h("form", {}, message, this.#confirmed, this.#save);
    this.root = h(
      "div",
      { class: "nbt-saving" },
      form,
      this.#said,
      this.#confirming,
      h("div", { class: "nbt-python" }, this.#line, this.#copy),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#keep();
    });
    this.#save.addEventListener("click", () => this.#keep());
    this.#confirm.addEventListener("change", () => this.draw());
    this.#message.addEventListener("input", () => this.draw());
    this.#copy.addEventListener("click", () => void this.#copied());
  }

  draw(): void {
    const { seen, settled, opened } = this.#controller;
    const concerns = seen?.confirm ?? [];
    const key = JSON.stringify(concerns);
    if (key !== this.#of) {
      // What was said of one split is not said of another.
      this.#of = key;
      this.#confirm.checked = false;
      this.#concerns.replaceChildren(...concerns.map((words) => h("li", {}, words)));
    }
    this.#confirming.hidden = concerns.length === 0;
    this.#confirmed.style.visibility = concerns.length === 0 ? "hidden" : "visible";
    this.#save.setAttribute("aria-disabled", String(!this.#ready));
    this.root.hidden = opened?.versions.length === 0;
    this.#message.disabled = opened?.read_only === true;
    setText(this.#said, settled || this.#controller.saving ? this.#state() : "");
    setText(
      this.#line,
      saving(this.#controller.line, this.#message.value.trim(), concerns.length > 0 && this.#confirm.checked),
    );
  }

  get #ready(): boolean {
    const { settled, opened, saving: busy, seen } = this.#controller;
    return settled && !busy && opened?.read_only === false && (seen?.confirm.length === 0 || this.#confirm.checked);
  }

  #state(): string {
    const { saved, unsaved, opened, seen } = this.#controller;
    if (opened?.read_only === true) return "this page is read-only: the line below saves it in a notebook";
    if (this.#controller.saving) return "saving…";
    if (unsaved !== null) return `not saved: ${unsaved}`;
    if (saved !== null) return saved.made ? `saved as ${saved.name}` : `${saved.name} holds exactly this already`;
    return (seen?.confirm.length ?? 0) > 0 && !this.#confirm.checked ? "confirm what is listed below, then save" : "";
  }

  #keep(): void {
    if (this.#ready) void this.#controller.save(this.#message.value.trim(), this.#confirm.checked);
  }

  /** A page on plain http has no clipboard: there the line is marked, and copied as a person would. */
  async #copied(): Promise<void> {
    const words = this.#copy.querySelector(".nbt-words") ?? this.#copy;
    try {
      await navigator.clipboard.writeText(this.#line.textContent ?? "");
      setText(words, "Copied");
    } catch {
      this.root.ownerDocument.getSelection()?.selectAllChildren(this.#line);
      setText(words, this.root.ownerDocument.execCommand("copy") ? "Copied" : "Marked: press Ctrl+C");
    }
    setTimeout(() => setText(words, "Copy"), 2_000);
  }
}
