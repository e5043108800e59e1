/** A list of any length, as a table or as cards: only what is seen is here, and is asked for. */

import { h, setAttribute, setText } from "../dom.ts";
import { type Frame, firstAt, fitting, height, revealing, scaled, topOf } from "../lists/virtual.ts";
import { card, header, shownColumns, tableRow, template } from "./cells.ts";
import type { Controller } from "./controller.ts";
import type { Player } from "./player.ts";
import type { Column, Look, Part } from "./protocol.ts";
import type { Mode, State } from "./state.ts";
import { Supply } from "./supply.ts";
import { listName, listTitle } from "./words.ts";

const ROW_PX = 32;
const CARD_PX = 176;
const CARD_WIDTH_PX = 140;

let lists = 0;

export class Listing {
  readonly element: HTMLElement;
  readonly #controller: Controller;
  readonly #player: Player;
  readonly #part: Part;
  readonly #opened: (part: Part, position: number) => void;
  readonly #title = h("h3", { class: "nbt-list-title" });
  readonly #rows = h("div", { class: "nbt-rows", role: "presentation" });
  readonly #head = h("div", { class: "nbt-list-head", role: "rowgroup" });
  readonly #window = h("div", { class: "nbt-window", role: "presentation" }, this.#head, this.#rows);
  readonly #spacer = h("div", { class: "nbt-spacer", role: "presentation" }, this.#window);
  readonly #scroller = h("div", { class: "nbt-scroller", tabindex: 0, role: "grid" }, this.#spacer);
  readonly #empty = h("p", { class: "nbt-list-empty", role: "status" });
  readonly #id: string;
  readonly #supply: Supply;
  readonly #resizing: ResizeObserver;
  #look: Look | null = null;
  #state: State | null = null;
  #columns: readonly Column[] = [];
  #total = 0;
  #active = 0;
  #first = 0;
  #frame = 0;
  #expected = -1;

  constructor(controller: Controller, player: Player, part: Part, opened: (part: Part, position: number) => void) {
    this.#controller = controller;
    this.#player = player;
    this.#part = part;
    this.#opened = opened;
    this.#supply = new Supply(controller, () => (this.#supply.why === null ? this.#plan() : controller.draw()));
    lists += 1;
    this.#id = `nbt-list-${lists}`;
    const wait = h("div", { class: "nbt-wait", "aria-hidden": "true" });
    this.element = h(
      "section",
      { class: "nbt-list", "data-part": part },
      this.#title,
      this.#scroller,
      this.#empty,
      wait,
    );
    this.#scroller.addEventListener("scroll", () => this.#scrolled());
    this.#scroller.addEventListener("wheel", (event) => this.#wheeled(event), { passive: false });
    this.#scroller.addEventListener("keydown", (event) => this.#keyed(event));
    this.#scroller.addEventListener("click", (event) => this.#clicked(event));
    this.#resizing = new ResizeObserver(() => this.#plan());
    this.#resizing.observe(this.#scroller);
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    this.#resizing.disconnect();
    this.#supply.dispose();
    this.element.remove();
    this.#player.settle();
  }

  focus(): void {
    this.#scroller.focus({ preventScroll: true });
  }

  /** The item that the keys are on. */
  get active(): number {
    return this.#active;
  }

  set active(position: number) {
    this.#active = Math.max(0, Math.min(position, this.#total - 1));
    this.#reveal();
  }

  get total(): number {
    return this.#total;
  }

  /** Play or pause what is on a card: of the item that the keys are on, unless another is named. */
  play(position = this.#active): void {
    const made = this.#supply.cards.get(position);
    if (made !== undefined && this.#look !== null && this.#mode === "grid")
      this.#player.toggle(this.#look, position, made.element);
  }

  /** Show what `look` asks for. */
  draw(look: Look, state: State): void {
    const before = this.#state;
    if (JSON.stringify(look) !== JSON.stringify(this.#look)) this.#startOver(look);
    this.#state = state;
    const { value, why } = this.#controller.view(look);
    this.#supply.why ??= why;
    this.#total = value?.total ?? 0;
    this.#columns = value?.columns ?? [];
    setText(this.#title, listTitle(look, value));
    this.#title.hidden = this.#part === "all";
    setAttribute(this.#scroller, "aria-label", listName(look, value));
    setAttribute(this.#scroller, "aria-busy", value === null && why === null ? "true" : null);
    this.element.dataset["state"] = this.#supply.why !== null ? "failed" : value === null ? "loading" : "shown";
    if (before?.mode !== state.mode) this.#first = 0;
    this.#say(value !== null, look, state);
    this.#plan();
  }

  #startOver(look: Look): void {
    this.#look = look;
    this.#supply.startOver(look);
    this.#active = 0;
    this.#first = 0;
    this.#scroller.scrollTop = 0;
  }

  #say(known: boolean, look: Look, state: State): void {
    const narrowed = look.find.trim() !== "" || look.filters.length > 0 || look.cell !== null;
    const nothing = look.part === "all" ? "This version holds no items." : `Nothing was ${look.part}.`;
    const words =
      this.#supply.why !== null
        ? `This list cannot be shown: ${this.#supply.why}`
        : known && this.#total === 0
          ? narrowed
            ? "Nothing is left by what you look for."
            : nothing
          : "";
    setText(this.#empty, words);
    this.#empty.hidden = words === "";
    this.#scroller.hidden = words !== "";
    this.#scroller.dataset["mode"] = state.mode;
  }

  get #mode(): Mode {
    return this.#state?.mode ?? "grid";
  }

  get #perRow(): number {
    return this.#mode === "table" ? 1 : Math.max(2, Math.floor(this.#scroller.clientWidth / CARD_WIDTH_PX));
  }

  #shape(): Frame {
    const seen = this.#scroller.clientHeight - (this.#mode === "table" ? ROW_PX : 0);
    return { rows: Math.ceil(this.#total / this.#perRow), row: this.#mode === "table" ? ROW_PX : CARD_PX, seen };
  }

  /** Draw in the next frame, however often it is asked for. */
  #plan(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#paint());
  }

  #paint(): void {
    if (this.#look === null || this.#state === null || this.#scroller.hidden) return;
    const frame = this.#shape();
    const table = this.#mode === "table";
    const columns = shownColumns(this.#columns, this.#hasTexts());
    this.#spacer.style.height = `${height(frame) + (table ? ROW_PX : 0)}px`;
    this.#spacer.style.minWidth = table ? `${columns.length * 13}ch` : "";
    this.#window.style.height = `${this.#scroller.clientHeight}px`;
    this.#rows.style.setProperty(
      "--nbt-columns",
      table ? template(columns) : `repeat(${this.#perRow}, minmax(0, 1fr))`,
    );
    this.#head.style.setProperty("--nbt-columns", template(columns));
    this.#head.replaceChildren(...(table ? [header(columns, this.#state)] : []));
    setAttribute(this.#scroller, "aria-rowcount", String(frame.rows + (table ? 1 : 0)));
    setAttribute(this.#scroller, "aria-colcount", String(table ? columns.length : this.#perRow));
    const place = scaled(frame) ? { first: this.#first, cut: 0 } : firstAt(frame, this.#scroller.scrollTop);
    this.#first = place.first;
    const end = Math.min(frame.rows, place.first + fitting(frame) + 2);
    this.#rows.style.transform = `translateY(${-place.cut}px)`;
    const drawn = Array.from({ length: Math.max(0, end - place.first) }, (_, at) =>
      this.#row(place.first + at, columns),
    );
    this.#rows.replaceChildren(...drawn);
    this.#player.settle();
    const active = this.element.querySelector(`[data-position="${this.#active}"]`);
    active?.setAttribute("aria-selected", "true");
    setAttribute(this.#scroller, "aria-activedescendant", active?.id ?? null);
    const [from, to] = [place.first * this.#perRow, Math.min(this.#total, end * this.#perRow)];
    this.#supply.stock(from, to, this.#total, !table);
  }

  #row(row: number, columns: readonly Column[]): HTMLElement {
    const id = (position: number) => `${this.#id}-${position}`;
    if (this.#mode === "table") return tableRow(columns, this.#supply.rows.get(row), row, id(row));
    const from = row * this.#perRow;
    const to = Math.min(this.#total, from + this.#perRow);
    const cells = Array.from({ length: to - from }, (_, at) => from + at).map((position) =>
      card(this.#supply.rows.get(position), this.#supply.cards.get(position), this.#columns, position, id(position)),
    );
    return h("div", { class: "nbt-cards", role: "row", "aria-rowindex": row + 1 }, ...cells);
  }

  #hasTexts(): boolean {
    const row = this.#supply.rows.get(this.#first) ?? this.#supply.rows.get(0);
    return typeof row?.["text"] === "string";
  }

  #scrolled(): void {
    const top = this.#scroller.scrollTop;
    // What was scrolled to by us says nothing new; a pixel is more than a row there.
    if (scaled(this.#shape()) && Math.abs(top - this.#expected) > 1) this.#first = firstAt(this.#shape(), top).first;
    this.#expected = -1;
    this.#plan();
  }

  #wheeled(event: WheelEvent): void {
    const frame = this.#shape();
    if (!scaled(frame) || event.ctrlKey || event.deltaY === 0) return;
    event.preventDefault();
    const px = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * ROW_PX : event.deltaY;
    this.#goTo(this.#first + Math.sign(px) * Math.max(1, Math.round(Math.abs(px) / frame.row)));
  }

  #goTo(first: number): void {
    const frame = this.#shape();
    this.#first = Math.max(0, Math.min(first, frame.rows - fitting(frame)));
    this.#scroller.scrollTop = topOf(frame, this.#first);
    this.#expected = this.#scroller.scrollTop;
    this.#plan();
  }

  #reveal(): void {
    const row = Math.floor(this.#active / this.#perRow);
    const first = revealing(this.#shape(), this.#first, row);
    if (first !== this.#first || row === this.#first) this.#goTo(first);
    else this.#plan();
  }

  #keyed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = fitting(this.#shape()) * this.#perRow;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: this.#perRow,
      ArrowUp: -this.#perRow,
      ArrowRight: this.#mode === "grid" ? 1 : 0,
      ArrowLeft: this.#mode === "grid" ? -1 : 0,
      PageDown: page,
      PageUp: -page,
      Home: -this.#total,
      End: this.#total,
    };
    const step = steps[event.key];
    if (step !== undefined) this.active = this.#active + step;
    else if (event.key === "Enter" && this.#total > 0) this.#opened(this.#part, this.#active);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #clicked({ target }: MouseEvent): void {
    const cell = target instanceof Element ? target.closest<HTMLElement>("[data-position]") : null;
    if (!(target instanceof Element) || cell === null) return;
    this.#active = Number(cell.dataset["position"]);
    if (target.closest(".nbt-play") === null) this.#opened(this.#part, this.#active);
    else {
      this.play();
      // The cards are laid out anew, and a button that is moved loses the keys.
      this.focus();
      this.#plan();
    }
  }
}
