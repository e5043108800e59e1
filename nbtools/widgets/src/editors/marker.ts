/** The editor of `spans`, of one view. */

import type { Surface } from "../items/surface.ts";
import type { Press } from "../presented.ts";
import type { Range } from "../rules/points.ts";
import * as rules from "../rules/spans.ts";
import type { Finding } from "./finding.ts";
import { Highlights } from "./highlights.ts";
import { type Editor, NOTHING, type Now, type Place, pressOf } from "./kind.ts";
import { MOVES, type Move } from "./spancommands.ts";
import { EMPTY, type Part, SpanDesk } from "./spandesk.ts";
import { Spanned, type TextSurface } from "./spanned.ts";
import { Panel } from "./spanpanel.ts";

export class Marker implements Editor {
  readonly #place: Place;
  readonly #desk: SpanDesk;
  readonly #panel: Panel;
  readonly #highlights: Highlights;
  readonly #snap: "word" | "character";
  readonly #end = new AbortController();
  #surface: TextSurface | null = null;
  #leaves = new AbortController();
  #shown: Spanned | null = null;
  #now = NOTHING;
  #selection: rules.Selected | null = null;
  /** Whether the arrows are the text's, from one item to the next: Esc ends that. */
  #inside = false;

  constructor(place: Place) {
    const { options, settings } = place.task;
    this.#place = place;
    // Of a text whose rest is not here the kernel knows the hash.
    this.#desk = new SpanDesk(place, () => (this.#surface?.whole === true ? (this.#shown?.hash ?? null) : null));
    this.#snap = settings["snap"] === "character" ? "character" : "word";
    this.#highlights = new Highlights(place.root, options);
    const mark: Finding["choose"] = (...found) => this.#mark(...found);
    this.#panel = new Panel(place, (key) => this.#choose(key), mark);
    place.element.replaceChildren(...this.#panel.elements, this.#highlights.style);
    document.addEventListener("selectionchange", () => this.#selectedByHand(), { signal: this.#end.signal });
  }

  shown(_: unknown, surface: Surface | null): void {
    this.#surface = surface?.form === "text" ? surface : null;
    this.#leaves.abort();
    this.#leaves = new AbortController();
    this.#surface?.body.addEventListener("click", (event) => this.#clicked(event), { signal: this.#leaves.signal });
    this.#open();
    this.#selection = this.#inside ? { anchor: 0, focus: 0 } : null;
    this.#desk.release();
    if (this.#panel.focused) this.#place.root.focus({ preventScroll: true });
  }

  draw(now: Now): void {
    this.#now = now;
    if (this.#surface !== null && this.#shown?.shows(this.#surface) !== true) this.#open();
    this.#desk.draw(now.value);
    this.#refresh();
  }

  choose(option: string, press: Press, pressed: Element | null): void {
    const type = rules.typeOf(option);
    if (type === null) this.#mark(option, press, pressed);
    else if (this.#markable() !== null) this.#relate(type, press, pressed);
  }

  act(command: string, press: Press, pressed: Element | null): boolean {
    const move = MOVES[command];
    if (move !== undefined) return this.#move(move, press, pressed);
    if (command === "enter") this.#enter();
    else if (command === "next" || command === "previous") this.#choose(this.#panel.beside(this.#desk.chosen, command));
    else if (command === "none") this.#desk.none(press, pressed);
    else if (command === "remove") return this.#remove(press, pressed);
    else return this.#drop();
    return true;
  }

  keyed(event: KeyboardEvent): boolean {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const { root } = this.#place;
    if (!plain || this.#panel.keyed(event)) return plain;
    if (event.key === "Tab" && !event.shiftKey && (event.target === root || event.target === this.#surface?.scroll))
      return this.#panel.enter(this.#desk.chosen);
    // A row's press leads back to the text, where keys then change the span.
    if (!this.#panel.isRow(event.target) || (event.key !== "Enter" && event.key !== " ")) return false;
    root.focus({ preventScroll: true });
    return true;
  }

  close(): void {
    this.#end.abort();
    this.#panel.close();
    this.#leaves.abort();
    this.#shown?.close();
    this.#highlights.close();
  }

  #open(): void {
    this.#shown?.close();
    this.#shown = this.#surface && new Spanned(this.#surface);
  }

  /** The text where it can be marked now; else the person is told why not. */
  #markable(): Spanned | null {
    if (this.#surface === null) this.#place.tell("there is no text here to mark");
    else if (!this.#surface.whole) this.#place.tell("show the rest of the text first");
    else if (this.#desk.stale) this.#place.tell("these spans are of another text: remove them, then mark anew");
    else return this.#shown;
    return null;
  }

  /** What is selected, as a span would have it. */
  #range(): Range | null {
    const { anchor, focus } = this.#selection ?? { anchor: 0, focus: 0 };
    const range = { start: Math.min(anchor, focus), end: Math.max(anchor, focus) };
    return this.#shown?.points.snapped(range, this.#snap) ?? null;
  }

  /** What is selected becomes a span of this option, or else the chosen span changes to it; false where nothing does. */
  #mark(option: string, press: Press, pressed: Element | null): boolean {
    const [shown, range, span] = [this.#markable(), this.#range(), this.#desk.span];
    if (shown === null) return false;
    if (range !== null) return this.#add({ ...range, option }, press, pressed);
    if (span !== null) return this.#desk.change(span, { option }, press, pressed);
    this.#place.tell("select a part of the text first");
    return false;
  }

  #add(span: Part, press: Press, pressed: Element | null): boolean {
    const done = this.#desk.add(span, press, pressed);
    if (done) this.#select(this.#inside ? { anchor: span.end, focus: span.end } : null);
    return done;
  }

  #relate(type: string, press: Press, pressed: Element | null): void {
    this.#desk.relate(type, press, pressed);
    this.#refresh();
  }

  #remove(press: Press, pressed: Element | null): boolean {
    const { chosen } = this.#desk;
    if (chosen === null) return false;
    const at = this.#panel.beside(chosen, "next") ?? this.#panel.beside(chosen, "previous");
    if (this.#desk.remove(press, pressed)) this.#panel.keepFocus(at);
    return true;
  }

  #move({ by, over, end }: Move, press: Press, pressed: Element | null): boolean {
    const [shown, { span }] = [this.#shown, this.#desk];
    if (shown === null || (end === undefined && this.#selection === null && !this.#inside)) return false;
    const forward = over !== "line" && shown.backwards ? (by === 1 ? -1 : 1) : by;
    if (end !== undefined && span !== null && over !== "line") this.#resize(span, end, forward, press, pressed);
    else {
      const from = this.#selection?.focus ?? span?.start ?? shown.top;
      const focus = shown.step(from, forward, over === "step" ? this.#snap : over);
      this.#select({ anchor: end === undefined ? focus : (this.#selection?.anchor ?? from), focus });
      shown.reveal(focus);
    }
    return true;
  }

  #resize(span: rules.Span, end: "start" | "end", by: 1 | -1, press: Press, pressed: Element | null): void {
    const shown = this.#markable();
    if (shown === null) return;
    const moved = { ...span, [end]: shown.step(span[end], by, this.#snap) };
    const range = moved.start < moved.end ? shown.points.snapped(moved, this.#snap) : null;
    if (range === null) this.#place.tell("a span cannot be shorter: Del removes it");
    else if (range.start !== span.start || range.end !== span.end) this.#desk.change(span, range, press, pressed);
  }

  #enter(): void {
    this.#inside = true;
    const start = this.#desk.span?.start ?? this.#shown?.top ?? 0;
    this.#select(this.#selection ?? { anchor: start, focus: start });
    this.#place.root.focus({ preventScroll: true });
  }

  /** Let go of one thing after the other; false where nothing is held, and Esc gives the keys back. */
  #drop(): boolean {
    const held = this.#desk.begun !== null || this.#desk.chosen !== null;
    if (!held && this.#selection === null && !this.#inside) return false;
    if (!held && this.#range() === null) this.#inside = false;
    this.#desk.begun = null;
    const { focus } = this.#selection ?? { focus: 0 };
    this.#select(this.#inside ? { anchor: focus, focus } : null);
    return true;
  }

  #select(selection: rules.Selected | null): void {
    this.#selection = selection;
    this.#desk.chosen = null;
    this.#shown?.deselect();
    this.#refresh();
  }

  #choose(key: string | null): void {
    if (key === null || key === this.#desk.chosen) return;
    this.#selection = null;
    this.#desk.chosen = key;
    this.#shown?.deselect();
    const { span } = this.#desk;
    if (span !== null) this.#shown?.reveal(span.start);
    this.#refresh();
  }

  /** By mouse, or by a finger that rests on the text: the browser selects, and we take it over. */
  #selectedByHand(): void {
    const found = this.#shown?.selected() ?? null;
    if (found === null) return;
    this.#selection = { anchor: found.start, focus: found.end };
    this.#desk.chosen = null;
    this.#refresh();
  }

  #clicked(event: MouseEvent): void {
    const shown = this.#shown;
    // The end of a drag.
    if (shown === null || shown.selected() !== null) return;
    const point = shown.under(event.clientX, event.clientY);
    const word = point === null ? null : shown.points.wordAt(point);
    const finger = event instanceof PointerEvent && event.pointerType === "touch";
    const range = this.#range();
    if (point === null) this.#select(null);
    else if (range !== null && word !== null && (finger || event.shiftKey)) this.#select(rules.joined(range, word));
    else this.#pick(point, word, event);
  }

  /** The innermost span at a place, at the next click the one around it, and then the word. */
  #pick(point: number, word: Range | null, event: MouseEvent): void {
    const { marking, stale, chosen, begun } = this.#desk;
    const there = rules.spansAt(stale ? EMPTY : marking, point);
    const next = there[there.findIndex(({ id }) => id === chosen) + 1];
    if (next === undefined) this.#select(word === null ? null : { anchor: word.start, focus: word.end });
    else this.#choose(next.id);
    if (next !== undefined && begun !== null && begun.from !== next.id) this.#relate(begun.type, pressOf(event), null);
  }

  #refresh(): void {
    const { marking, span, stale, chosen, begun } = this.#desk;
    const [shown, range] = [this.#shown, this.#range()];
    this.#highlights.drawSpans(stale ? EMPTY : marking, this.#now.suggested, shown);
    this.#highlights.drawHeld(range, stale ? null : span, shown);
    const caret = this.#selection === null || range !== null ? null : this.#selection.focus;
    this.#shown?.drawCaret(caret);
    this.#panel.draw({
      ...this.#now,
      marking,
      points: shown?.points ?? null,
      stale,
      chosen,
      begun,
      range,
      inside: this.#inside,
    });
  }
}
