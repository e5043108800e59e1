/** Items that are nearly alike, two by two, to be kept together or dismissed; a pair stays where it stands. */

import { button, h, setAttribute, setText } from "../dom.ts";
import { count, plural } from "../format.ts";
import type { Controller } from "./controller.ts";
import { idsOf, MOST, saidOf } from "./decisions.ts";
import type { Outlook, Pair, Said, Side } from "./protocol.ts";

const PAGE = 24;

interface Card {
  pair: Pair;
  readonly root: HTMLElement;
  readonly captions: readonly HTMLElement[];
  readonly words: HTMLElement;
  readonly buttons: Readonly<Record<Said, HTMLElement>>;
}

export class Gallery {
  readonly root = h("section", { class: "nbt-gallery", "aria-label": "Near-duplicate pairs", hidden: true });
  readonly #controller: Controller;
  readonly #list = h("ul", {});
  readonly #said = h("p", { role: "status" });
  readonly #more = button("more", "Show more");
  readonly #undo = button("undo", "Undo", ["U"], { class: "nbt-undo" });
  #urls: string[] = [];
  #cards: Card[] = [];
  #total = 0;
  #at = 0;
  #of: Outlook | null = null;
  #version = "";

  constructor(controller: Controller) {
    this.#controller = controller;
    this.root.append(h("p", { class: "nbt-near" }, this.#said, this.#undo), this.#list, this.#more);
    this.#more.addEventListener("click", () => void this.#next());
    this.#undo.addEventListener("click", () => this.#takeBack());
    this.root.addEventListener("keydown", (event) => this.#press(event));
    this.#list.addEventListener("focusin", (event) => {
      const at = this.#cards.findIndex(({ root }) => root.contains(event.target as Node));
      if (at >= 0) this.#point(at);
    });
  }

  get open(): boolean {
    return !this.root.hidden;
  }

  /** Show them, those in two parts first, or hide them. */
  toggle(open: boolean): void {
    this.root.hidden = !open;
    this.#of = null;
    this.#clear();
    this.draw();
  }

  /** After each preview the pairs may be in other parts; they keep their places. */
  draw(): void {
    const { seen, settled } = this.#controller;
    setAttribute(this.#undo, "aria-disabled", String(!this.#controller.undoable));
    for (const card of this.#cards) this.#tell(card);
    if (!this.open || !settled || seen === this.#of || seen?.near == null) return;
    this.#of = seen;
    if (seen.version !== this.#version) this.#clear();
    this.#version = seen.version;
    void (this.#cards.length === 0 ? this.#next() : this.#again());
  }

  close(): void {
    this.#clear();
  }

  #clear(): void {
    for (const url of this.#urls) URL.revokeObjectURL(url);
    [this.#urls, this.#cards, this.#at] = [[], [], 0];
    this.#list.replaceChildren();
  }

  async #next(): Promise<void> {
    const [of, start] = [this.#of, this.#cards.length];
    try {
      const answer = await this.#controller.pairs(start, PAGE, start === 0, true);
      if (this.#of !== of || this.#cards.length !== start) return;
      this.#cards.push(...answer.pairs.map((pair) => this.#card(pair, answer.buffers)));
      this.#list.append(...this.#cards.slice(start).map(({ root }) => root));
      this.#total = answer.total;
      this.#point(this.#at);
      this.#count();
    } catch (error) {
      setText(this.#said, error instanceof Error ? error.message : String(error));
    }
  }

  /** What is shown already, without its pictures. */
  async #again(): Promise<void> {
    const of = this.#of;
    for (let start = 0; start < this.#cards.length; start += PAGE) {
      const answer = await this.#controller.pairs(start, PAGE, false, false).catch(() => null);
      if (answer === null || this.#of !== of) return;
      answer.pairs.forEach((pair, at) => {
        const card = this.#cards[start + at];
        if (card === undefined || idsOf(card.pair).join() !== idsOf(pair).join()) return;
        card.pair = pair;
        this.#tell(card);
      });
    }
    this.#count();
  }

  #count(): void {
    setText(
      this.#said,
      `${count(this.#cards.length)} of ${plural(this.#total, "pair")}; those in two parts came first`,
    );
    this.#more.hidden = this.#cards.length >= this.#total;
  }

  #press(event: KeyboardEvent): void {
    const key = event.key.toLowerCase();
    const undo = (event.ctrlKey || event.metaKey) && key === "z";
    if (event.repeat || event.altKey || ((event.ctrlKey || event.metaKey) && !undo)) return;
    const step = { arrowright: 1, arrowdown: 1, arrowleft: -1, arrowup: -1 }[key];
    if (undo || key === "u") this.#takeBack();
    else if (step !== undefined && this.#cards.length > 0) this.#move(this.#at + step);
    else if (key === "k" || key === "d") this.#decide(this.#at, key === "k" ? "linked" : "dismissed", true);
    else return;
    event.preventDefault();
  }

  /** By key the next pair follows; by pointer one stays where one is, and a second press takes it back. */
  #decide(at: number, said: Said, onward: boolean): void {
    const card = this.#cards[at];
    if (card === undefined) return;
    const ids = idsOf(card.pair);
    const mine = saidOf(this.#controller.wanted, ids);
    if (!this.#controller.decide(ids, !onward && mine === said ? null : said))
      setText(
        this.#said,
        `${count(MOST)} pairs were decided on this page: save the split, and go on with what is left`,
      );
    else if (onward) this.#move(at + 1);
  }

  #takeBack(): void {
    const ids = this.#controller.undo();
    const at = this.#cards.findIndex(({ pair }) => ids !== null && idsOf(pair).join() === ids.join());
    if (at >= 0) this.#move(at);
  }

  #move(to: number): void {
    this.#point(Math.min(Math.max(to, 0), this.#cards.length - 1));
    this.#cards[this.#at]?.root.focus();
  }

  /** One pair at a time is in the order of Tab. */
  #point(at: number): void {
    this.#at = at;
    this.#cards.forEach(({ root }, index) => {
      setAttribute(root, "tabindex", index === at ? "0" : "-1");
    });
  }

  #card(pair: Pair, buffers: readonly DataView[]): Card {
    const captions = pair.items.map(() => h("figcaption", {}));
    const figures = pair.items.map((side, at) => this.#side(side, buffers, captions[at] ?? ""));
    const [words, linked, dismissed] = [
      h("small", {}),
      button("linked", "Keep together", ["K"]),
      button("dismissed", "Dismiss", ["D"]),
    ];
    const root = h("li", { tabindex: -1 }, ...figures, words, h("p", { class: "nbt-choices" }, linked, dismissed));
    const card: Card = { pair, root, captions, words, buttons: { linked, dismissed } };
    for (const said of ["linked", "dismissed"] as const)
      card.buttons[said].addEventListener("click", () => this.#decide(this.#cards.indexOf(card), said, false));
    this.#tell(card);
    return card;
  }

  #tell({ pair, root, captions, words, buttons }: Card): void {
    const [one, other] = pair.items;
    const across = one?.part !== other?.part;
    const said = saidOf(this.#controller.wanted, idsOf(pair)) ?? pair.said;
    const measure = Number.isInteger(pair.measure) ? String(pair.measure) : pair.measure.toFixed(2);
    const chained = pair.said === "dismissed" && said === "dismissed" && pair.together;
    const where = across ? " · in two parts" : chained ? " · others keep them together" : "";
    setText(words, `${pair.kind}, ${measure} ${pair.unit}${where}`);
    pair.items.forEach((side, at) => {
      const caption = captions[at];
      if (caption !== undefined) setText(caption, `${side.name} · ${side.part}`);
    });
    setAttribute(root, "data-across", across ? "" : null);
    setAttribute(root, "data-said", said);
    setAttribute(root, "aria-label", `${one?.name ?? ""} and ${other?.name ?? ""}`);
    for (const [name, made] of Object.entries(buttons)) setAttribute(made, "aria-pressed", String(said === name));
  }

  #side(side: Side, buffers: readonly DataView[], caption: HTMLElement | string): HTMLElement {
    const bytes = side.buffer === undefined ? undefined : buffers[side.buffer];
    if (bytes === undefined) return h("figure", {}, h("p", {}, side.error ?? side.text ?? ""), caption);
    const url = URL.createObjectURL(new Blob([bytes as BlobPart], { type: side.media_type ?? "image/jpeg" }));
    this.#urls.push(url);
    return h("figure", {}, h("img", { src: url, alt: side.name }), caption);
  }
}
