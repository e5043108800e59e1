/** The guidelines beside the item: a button that folds them, remembered for each person, and a word when they changed. */

import type { Controller } from "./controller.ts";
import { button, h, setAttribute } from "./dom.ts";
import { guided, guideKey, WIDE_PX } from "./guides.ts";
import { remember } from "./kept.ts";
import type { Guidelines } from "./protocol.ts";
import type { Skin } from "./skin.ts";

/** What the bundle `guide` exports. */
interface GuideModule {
  guide(markdown: string, picture: (path: string) => Promise<BlobPart>): DocumentFragment;
}

const day = (moment: string): string =>
  new Date(moment).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });

export class Guiding {
  readonly #controller: Controller;
  readonly #skin: Skin;
  readonly #button = button("guidelines", "Guidelines", ["G"], { class: "nbt-guide-button", "aria-keyshortcuts": "g" });
  readonly #text = h("div", { class: "nbt-guide-text" });
  readonly #changed = h("p", { class: "nbt-guide-changed" });
  readonly #aside = h(
    "aside",
    { class: "nbt-guide", tabindex: 0, "aria-label": "guidelines", hidden: true },
    this.#changed,
    this.#text,
  );
  #shown: string | null = null;

  constructor(controller: Controller, skin: Skin) {
    this.#controller = controller;
    this.#skin = skin;
    skin.middle.prepend(this.#aside);
    skin.help.before(this.#button);
  }

  draw(): void {
    const { opened } = this.#controller.state;
    const guidelines = opened?.task.guidelines ?? null;
    this.#button.hidden = guidelines === null;
    const open = guidelines !== null && this.#skin.root.hasAttribute("data-guide");
    this.#aside.hidden = !open;
    setAttribute(this.#button, "aria-expanded", String(open));
    if (open && guidelines.text !== this.#shown) void this.#load(guidelines);
  }

  /** Fold or unfold them; false where the task has none. */
  toggle(): boolean {
    const { opened } = this.#controller.state;
    if (opened?.task.guidelines == null) return false;
    const open = !this.#skin.root.hasAttribute("data-guide");
    setAttribute(this.#skin.root, "data-guide", open ? "" : null);
    if (this.#skin.root.clientWidth > WIDE_PX) remember(guideKey(opened), guided(opened, open));
    this.draw();
    return true;
  }

  async #load({ text, changed }: Guidelines): Promise<void> {
    this.#shown = text;
    this.#changed.hidden = changed === null;
    if (changed !== null) this.#changed.textContent = `guidelines changed on ${day(changed)}`;
    try {
      const { guide } = (await this.#controller.requests.module("guide")) as GuideModule;
      this.#text.replaceChildren(guide(text, (path) => this.#picture(path)));
    } catch {
      // Markdown is readable as it is.
      this.#text.textContent = text;
    }
  }

  async #picture(path: string): Promise<BlobPart> {
    const answer = await this.#controller.requests.ask((request) => ({ type: "picture", request, path }));
    if (answer.type === "error") throw new Error(answer.why);
    if (answer.type !== "bytes") throw new Error("no picture came");
    return answer.bytes as BlobPart;
  }
}
