/** Items that are nearly alike, two by two: those in two parts first. */

import { button, h, setText } from "../dom.ts";
import { count, plural } from "../format.ts";
import type { Controller } from "./controller.ts";
import type { Pair, Side } from "./protocol.ts";

const PAGE = 24;

export class Gallery {
  readonly root = h("section", { class: "nbt-gallery", "aria-label": "Near-duplicate pairs", hidden: true });
  readonly #controller: Controller;
  readonly #list = h("ul", {});
  readonly #said = h("p", { role: "status" });
  readonly #more = button("more", "Show more");
  #urls: string[] = [];
  #shown = 0;
  #of: unknown = null;

  constructor(controller: Controller) {
    this.#controller = controller;
    this.root.append(this.#said, this.#list, this.#more);
    this.#more.addEventListener("click", () => void this.#next());
  }

  get open(): boolean {
    return !this.root.hidden;
  }

  /** Show them or hide them. */
  toggle(open: boolean): void {
    this.root.hidden = !open;
    this.#of = null;
    this.draw();
  }

  /** After each preview the pairs may be in other parts. */
  draw(): void {
    const { seen, settled } = this.#controller;
    if (!this.open || !settled || seen === this.#of || seen?.near == null) return;
    this.#of = seen;
    this.#clear();
    void this.#next();
  }

  close(): void {
    this.#clear();
  }

  #clear(): void {
    for (const url of this.#urls) URL.revokeObjectURL(url);
    this.#urls = [];
    this.#shown = 0;
    this.#list.replaceChildren();
  }

  async #next(): Promise<void> {
    const of = this.#of;
    try {
      const answer = await this.#controller.pairs(this.#shown, PAGE, this.#shown === 0, true);
      if (this.#of !== of) return;
      this.#list.append(...answer.pairs.map((pair) => this.#pair(pair, answer.buffers)));
      this.#shown = answer.start + answer.pairs.length;
      setText(this.#said, `${count(this.#shown)} of ${plural(answer.total, "pair")}; those in two parts come first`);
      this.#more.hidden = this.#shown >= answer.total;
    } catch (error) {
      setText(this.#said, error instanceof Error ? error.message : String(error));
    }
  }

  #pair(pair: Pair, buffers: readonly DataView[]): HTMLElement {
    const [one, other] = pair.items;
    const across = one?.part !== other?.part;
    const measure = Number.isInteger(pair.measure) ? String(pair.measure) : pair.measure.toFixed(2);
    const words = `${pair.kind}, ${measure} ${pair.unit}${across ? " · in two parts" : ""}`;
    return h(
      "li",
      { "data-across": across },
      ...pair.items.map((side) => this.#side(side, buffers)),
      h("small", {}, words),
    );
  }

  #side(side: Side, buffers: readonly DataView[]): HTMLElement {
    const caption = h("figcaption", {}, `${side.name} · ${side.part}`);
    const bytes = side.buffer === undefined ? undefined : buffers[side.buffer];
    if (bytes === undefined) return h("figure", {}, h("p", {}, side.error ?? side.text ?? ""), caption);
    const url = URL.createObjectURL(new Blob([bytes as BlobPart], { type: side.media_type ?? "image/jpeg" }));
    this.#urls.push(url);
    return h("figure", {}, h("img", { src: url, alt: side.name }), caption);
  }
}
