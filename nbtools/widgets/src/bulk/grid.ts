/** A grid of items, chosen by keys, clicks and drags, of which all chosen get one label by the keys of the options. */

import { button, h, setAttribute, setText } from "../dom.ts";
import { count } from "../format.ts";
import { type Frame, firstAt, fitting, height, revealing, topOf } from "../lists/virtual.ts";
import { type Press, REFUSALS } from "../presented.ts";
import type { Current, Value } from "../protocol.ts";
import type { Host } from "../rest.ts";
import { reverseAll, sayAll } from "../rules/bulk.ts";
import { toggled as withOption } from "../rules/choices.ts";
import * as select from "../rules/selecting.ts";
import { band } from "./band.ts";
import { drawCell, emptyCell } from "./cell.ts";
import { Sight } from "./sight.ts";
import { Cells } from "./source.ts";

const CELL_PX = { picture: { width: 140, height: 172 }, words: { width: 280, height: 112 } };
let grids = 0;

export class Grid {
  open = false;
  readonly #host: Host;
  readonly #source: Cells;
  readonly #cells = h("div", { class: "nbt-cells", role: "presentation" });
  readonly #spacer = h("div", { class: "nbt-grid-spacer", role: "presentation" }, this.#cells);
  readonly #scroller = h(
    "div",
    { class: "nbt-grid-scroller", tabindex: 0, role: "listbox", "aria-multiselectable": "true", "aria-label": "items" },
    this.#spacer,
  );
  readonly #says = h("span", { class: "nbt-grid-says", role: "status" });
  readonly #open = button("gridUnlabeled", "Unlabeled only", [], { "aria-pressed": "false" });
  readonly #element = h(
    "div",
    { class: "nbt-grid", hidden: true },
    h(
      "div",
      { class: "nbt-grid-bar" },
      this.#says,
      this.#open,
      button("gridAll", "Select all seen", ["Ctrl+A"]),
      button("gridNone", "Select none", []),
      button("grid", "Close", ["B"]),
    ),
    this.#scroller,
  );
  readonly #drawn = new Map<number, HTMLElement>();
  readonly #sight = new Sight(this.#scroller);
  readonly #heads = new Map<string, Current>();
  readonly #id: string;
  #selection = select.NOTHING;
  /** What `choices` are set for the chosen ones. */
  #value: Value = null;
  #frame = 0;
  #openedAt = 0;

  constructor(host: Host) {
    this.#host = host;
    this.#source = new Cells(host.controller, () => this.#plan());
    grids += 1;
    this.#id = `nbt-grid-${grids}`;
    // Over what stands in the item's place when all are labeled.
    host.skin.panel.after(this.#element);
    this.#scroller.addEventListener("scroll", () => this.#plan());
    new ResizeObserver(() => this.#plan()).observe(this.#scroller);
    this.#element.addEventListener("click", (event) => this.#clicked(event));
    band(this.#scroller, this.#element, (positions) =>
      this.#select(select.added(this.#selection, positions, this.#sight.has)),
    );
  }

  toggle(): void {
    this.open = !this.open;
    this.#element.hidden = !this.open;
    setAttribute(this.#host.skin.root, "data-grid", this.open ? "" : null);
    this.#openedAt = performance.now();
    if (this.open) {
      this.#startOver(this.#source.unlabeled);
      this.#scroller.focus({ preventScroll: true });
    } else {
      this.#source.dispose();
      this.#host.skin.root.focus({ preventScroll: true });
    }
    this.#host.controller.apply({ state: this.#host.controller.state });
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    this.#source.dispose();
  }

  /** Show what the session says. */
  draw(): void {
    if (this.open) this.#plan();
  }

  choose(option: string, press: Press, pressed: Element | null): void {
    const task = this.#host.controller.state.opened?.task;
    if (task?.kind === "choices") {
      this.#value = withOption(this.#value, option, task.options);
      this.#say();
    } else this.#label(task?.kind === "rating" ? Number(option) : option, press, pressed);
  }

  act(action: string, press: Press, pressed: Element | null): void {
    if (action === "submit" && this.#value !== null) this.#label(this.#value, press, pressed);
    else if (action === "none") this.#label([], press, pressed);
    else this.#host.refuse("close the grid for that", pressed);
  }

  reverse(type: "undo" | "redo"): boolean {
    const { controller } = this.#host;
    const outcome = reverseAll(controller.state, type, this.#stamp, controller.newId());
    if (outcome === null) return false;
    if (controller.apply(outcome))
      setText(this.#host.skin.live, `${count(outcome.acts?.length ?? 0)} ${type === "undo" ? "undone" : "done again"}`);
    return true;
  }

  keyed(event: KeyboardEvent): boolean {
    if (event.isComposing || event.altKey) return false;
    const [total, across] = [this.#source.total ?? 0, this.#across];
    const page = fitting(this.#shape()) * across;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: across,
      ArrowUp: -across,
      ArrowRight: 1,
      ArrowLeft: -1,
      PageDown: page,
      PageUp: -page,
      Home: -total,
      End: total,
    };
    const by = steps[event.key];
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key.toLowerCase() === "a") this.#select(select.all(this.#selection, this.#sight.positions));
    else if (command) return false;
    else if (by !== undefined) {
      const to = this.#selection.active + by;
      const next = event.shiftKey
        ? select.ranged(this.#selection, to, total, this.#sight.has)
        : select.moved(this.#selection, by, total);
      this.#reveal(next.active);
      this.#select(next);
    } else if (event.key === " " && !(event.target instanceof HTMLButtonElement)) {
      if (!event.repeat) this.#select(select.toggled(this.#selection, this.#selection.active, this.#sight.has));
    } else if (event.key === "Escape") {
      if (this.#selection.chosen.size > 0) this.#select(select.none(this.#selection));
      else this.toggle();
    } else return false;
    return true;
  }

  readonly #stamp = () => {
    const visible = Math.round(performance.now() - this.#openedAt);
    return this.#host.controller.stamp({ at: this.#openedAt, visible, active: visible });
  };

  /** The rule of who is labeled: what was chosen, and seen to be chosen before the press. */
  #label(value: Value, press: Press, pressed: Element | null): void {
    const { controller, skin } = this.#host;
    const chosen = this.#sight.items(this.#selection.chosen);
    const why = press.composing
      ? ""
      : press.repeat
        ? REFUSALS.held
        : chosen.length === 0
          ? "select items first"
          : this.#sight.before(press)
            ? null
            : REFUSALS.fast;
    const outcome = why === null ? sayAll(controller.state, chosen, value, this.#stamp, controller.newId()) : null;
    if (outcome === null || !controller.apply(outcome)) {
      this.#host.refuse(why ?? "not recorded", pressed);
      return;
    }
    const task = controller.state.opened?.task;
    if (task) setText(skin.live, `${count(outcome.acts.length)} labeled ${this.#host.kind.words(task, value)}`);
    this.#value = null;
    this.#select(select.none(this.#selection));
  }

  #startOver(unlabeled: boolean): void {
    this.#drawn.clear();
    this.#sight.clear();
    this.#selection = select.NOTHING;
    this.#value = null;
    this.#scroller.scrollTop = 0;
    setAttribute(this.#open, "aria-pressed", String(unlabeled));
    this.#source.startOver(unlabeled);
    this.#plan();
  }

  #select(selection: select.Selection): void {
    this.#selection = selection;
    this.#sight.changed();
    this.#plan();
  }

  get #form(): keyof typeof CELL_PX {
    const first = this.#source.cells.get(0)?.item.content.form;
    return first === undefined || first === "bytes" || first === "error" ? "picture" : "words";
  }

  get #across(): number {
    return Math.max(1, Math.floor(this.#scroller.clientWidth / CELL_PX[this.#form].width));
  }

  #shape(): Frame {
    const rows = Math.ceil((this.#source.total ?? 0) / this.#across);
    return { rows, row: CELL_PX[this.#form].height, seen: this.#scroller.clientHeight };
  }

  #plan(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#paint());
  }

  #paint(): void {
    if (!this.open) return;
    const [frame, across, total] = [this.#shape(), this.#across, this.#source.total ?? 0];
    this.#spacer.style.height = `${height(frame)}px`;
    const { first, cut } = firstAt(frame, this.#scroller.scrollTop);
    const end = Math.min(frame.rows, first + fitting(frame) + 2);
    const [from, to] = [first * across, Math.min(total, end * across)];
    this.#cells.style.transform = `translateY(${this.#scroller.scrollTop - cut}px)`;
    this.#cells.style.gridTemplateColumns = `repeat(${across}, minmax(0, 1fr))`;
    this.#cells.style.gridAutoRows = `${frame.row}px`;
    for (const position of [...this.#drawn.keys()]) if (position < from || position >= to) this.#drawn.delete(position);
    const all = Array.from({ length: Math.max(0, to - from) }, (_, at) => this.#cell(from + at));
    if (all.length !== this.#cells.childElementCount || all.some((cell, at) => cell !== this.#cells.children[at]))
      this.#cells.replaceChildren(...all);
    setAttribute(this.#scroller, "aria-activedescendant", this.#drawn.get(this.#selection.active)?.id ?? null);
    setAttribute(this.#scroller, "aria-busy", this.#source.total === null && this.#source.why === null ? "true" : null);
    this.#source.stock(from, to);
    this.#say();
    this.#sight.drawn(this.#drawn, (position) => this.#source.cells.get(position)?.item);
  }

  #cell(position: number): HTMLElement {
    const id = `${this.#id}-${position}`;
    const made = this.#source.cells.get(position);
    let element = this.#drawn.get(position);
    if (element === undefined || (made !== undefined && !element.contains(made.element))) {
      element = emptyCell(position, id, made);
      this.#drawn.set(position, element);
    }
    const { kind, controller } = this.#host;
    const { opened, marks } = controller.state;
    if (made !== undefined) {
      const mark = marks.get(made.item.id) ?? this.#heads.get(made.item.id) ?? made.item.current;
      if (mark !== null) this.#heads.set(made.item.id, mark);
      if (opened) drawCell(element, made.item, mark, opened.task, kind);
    }
    setAttribute(element, "aria-selected", String(this.#selection.chosen.has(position)));
    element.classList.toggle("nbt-active", position === this.#selection.active);
    return element;
  }

  #say(): void {
    const { total, why } = this.#source;
    const task = this.#host.controller.state.opened?.task;
    const set = this.#value !== null && task ? ` · ${this.#host.kind.words(task, this.#value)}, then Enter` : "";
    const some = `${count(this.#selection.chosen.size)} selected of ${count(total ?? 0)}${set}`;
    const none = this.#source.unlabeled ? "Nothing unlabeled is left" : "No items here";
    setText(this.#says, why !== null ? `cannot be shown: ${why}` : total === null ? "" : total === 0 ? none : some);
  }

  #reveal(position: number): void {
    const frame = this.#shape();
    const { first, cut } = firstAt(frame, this.#scroller.scrollTop);
    const top = revealing(frame, cut > 0 ? first + 1 : first, Math.floor(position / this.#across));
    const row = Math.floor(position / this.#across);
    if (row < first + (cut > 0 ? 1 : 0) || row >= first + fitting(frame)) this.#scroller.scrollTop = topOf(frame, top);
  }

  #clicked(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target : null;
    const what = target?.closest<HTMLElement>("button")?.dataset["do"];
    const position = target?.closest<HTMLElement>("[data-position]")?.dataset["position"];
    if (what === "gridUnlabeled") this.#startOver(!this.#source.unlabeled);
    else if (what === "gridAll") this.#select(select.all(this.#selection, this.#sight.positions));
    else if (what === "gridNone") this.#select(select.none(this.#selection));
    else if (position === undefined) return;
    else if (event.shiftKey)
      this.#select(select.ranged(this.#selection, Number(position), this.#source.total ?? 0, this.#sight.has));
    else this.#select(select.toggled(this.#selection, Number(position), this.#sight.has));
    if (position !== undefined) event.stopPropagation();
  }
}
