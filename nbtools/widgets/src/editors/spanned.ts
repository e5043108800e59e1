/** A text on the screen: where its characters are, and what the browser selects in it. Told and asked in code points; units stay in here. */

import { h } from "../dom.ts";
import type { Surface } from "../items/surface.ts";
import { type Range as Part, Points } from "../rules/points.ts";
import { hashOf } from "../rules/spans.ts";

export type TextSurface = Extract<Surface, { readonly form: "text" }>;

/** A piece of the text in the document; between pieces a line end may be left out. */
interface Piece {
  readonly node: Text;
  readonly start: number;
}

type Root = Document | ShadowRoot;

export class Spanned {
  readonly points: Points;
  readonly hash: string;
  readonly #surface: TextSurface;
  readonly #pieces: readonly Piece[];
  readonly #caret = h("div", { class: "nbt-caret", "aria-hidden": "true", hidden: true });
  /** Lines break elsewhere where there is more room, or less. */
  readonly #resizing = new ResizeObserver(() => this.drawCaret(this.#point));
  #point: number | null = null;

  constructor(surface: TextSurface) {
    this.#surface = surface;
    this.points = new Points(surface.text);
    this.hash = hashOf(surface.text);
    this.#pieces = piecesOf(surface);
    surface.scroll.append(this.#caret);
    this.#resizing.observe(surface.scroll);
  }

  /** Whether the text runs from right to left. */
  get backwards(): boolean {
    return getComputedStyle(this.#surface.body).direction === "rtl";
  }

  /** Whether it is still what the surface shows. */
  shows(surface: TextSurface | null): boolean {
    return surface === this.#surface && surface.text === this.points.text;
  }

  close(): void {
    this.#resizing.disconnect();
    this.#caret.remove();
  }

  /** A part of the text as a range of the document, such as a highlight takes. */
  range({ start, end }: Part): StaticRange | null {
    const [from, to] = [this.#place(this.points.toUnit(start)), this.#place(this.points.toUnit(end))];
    if (from === null || to === null) return null;
    return new StaticRange({
      startContainer: from.node,
      startOffset: from.offset,
      endContainer: to.node,
      endOffset: to.offset,
    });
  }

  /** What the browser has selected within the text; `null` where that is nothing. */
  selected(): Part | null {
    const selection = document.getSelection();
    const range = selection === null ? null : composed(selection, this.#root);
    if (range === null || (range.startContainer === range.endContainer && range.startOffset === range.endOffset))
      return null;
    const { body } = this.#surface;
    if (!body.contains(range.startContainer) && !body.contains(range.endContainer)) return null;
    const start = this.points.toPoint(this.#unit(range.startContainer, range.startOffset));
    const end = this.points.toPoint(this.#unit(range.endContainer, range.endOffset));
    return start < end ? { start, end } : null;
  }

  /** Drop what the browser has selected in the text: our own selection is drawn instead. */
  deselect(): void {
    if (this.selected() !== null) document.getSelection()?.removeAllRanges();
  }

  /** The code point that lies under a place of the window; `null` beside the text. */
  under(x: number, y: number): number | null {
    const near = this.#at(x, y);
    if (near === null) return null;
    const hit = (unit: number) =>
      this.#rects({ start: unit, end: unit + 1 }).some(
        ({ left, right, top, bottom }) => left <= x && x <= right && top - 4 <= y && y <= bottom + 4,
      );
    const found = [near, near - 1].find((unit) => unit >= 0 && unit < this.points.text.length && hit(unit));
    return found === undefined ? null : this.points.toPoint(found);
  }

  /** Show the caret, or none. */
  drawCaret(point: number | null): void {
    this.#point = point;
    const box = point === null ? null : this.#box(this.points.toUnit(point));
    this.#caret.hidden = box === null;
    if (box === null) return;
    const { scroll } = this.#surface;
    const frame = scroll.getBoundingClientRect();
    this.#caret.style.left = `${box.left - frame.left - scroll.clientLeft + scroll.scrollLeft - 1}px`;
    this.#caret.style.top = `${box.top - frame.top - scroll.clientTop + scroll.scrollTop}px`;
    this.#caret.style.height = `${box.height}px`;
  }

  /** Bring a place into view. */
  reveal(point: number): void {
    const box = this.#box(this.points.toUnit(point));
    const frame = this.#surface.scroll.getBoundingClientRect();
    if (box === null) return;
    const margin = Math.min(box.height, frame.height / 4);
    if (box.top < frame.top + margin) this.#surface.scroll.scrollTop -= frame.top + margin - box.top;
    else if (box.bottom > frame.bottom - margin) this.#surface.scroll.scrollTop += box.bottom - frame.bottom + margin;
  }

  /** The next place on (1) or back (-1); a line goes down or up, at the same distance from the side. */
  step(from: number, by: 1 | -1, over: "character" | "word" | "line"): number {
    if (over === "character") return this.points.character(from, by);
    if (over === "word") return this.points.word(from, by);
    this.reveal(from);
    const box = this.#box(this.points.toUnit(from));
    if (box === null) return from;
    const height = Number.parseFloat(getComputedStyle(this.#surface.body).lineHeight) || box.height * 1.5;
    const unit = this.#at(box.left, box.top + box.height / 2 + by * height);
    return unit === null ? (by < 0 ? 0 : this.points.length) : this.points.toPoint(unit);
  }

  /** The first place that is seen. */
  get top(): number {
    const frame = this.#surface.scroll.getBoundingClientRect();
    const body = this.#surface.body.getBoundingClientRect();
    const x = this.backwards ? body.right - 2 : body.left + 2;
    return this.points.toPoint(this.#at(x, Math.max(body.top, frame.top) + 8) ?? 0);
  }

  get #root(): Root {
    return this.#surface.body.getRootNode() as Root;
  }

  /** The unit that is next to a place of the window. */
  #at(x: number, y: number): number | null {
    const found = caretAt(x, y, this.#root);
    return found === null || !this.#surface.body.contains(found.node) ? null : this.#unit(found.node, found.offset);
  }

  #place(unit: number): { node: Text; offset: number } | null {
    const piece = this.#pieces.filter(({ start }) => start <= unit).at(-1);
    return piece === undefined ? null : { node: piece.node, offset: Math.min(unit - piece.start, piece.node.length) };
  }

  /** A place of the document as one of the text; what lies outside is its beginning or end. */
  #unit(node: Node, offset: number): number {
    const piece = this.#pieces.find((each) => each.node === node);
    if (piece !== undefined) return piece.start + offset;
    const place = document.createRange();
    place.setStart(node, offset);
    const next = this.#pieces.find((each) => place.comparePoint(each.node, 0) >= 0);
    return next?.start ?? this.points.text.length;
  }

  #rects(part: Part): readonly DOMRect[] {
    const [from, to] = [this.#place(part.start), this.#place(part.end)];
    if (from === null || to === null) return [];
    const range = document.createRange();
    range.setStart(from.node, from.offset);
    range.setEnd(to.node, to.offset);
    return [...range.getClientRects()];
  }

  /** Where a caret stands: at the side of the character after it, or of the one before at the end. */
  #box(unit: number): DOMRect | null {
    const own = this.#rects({ start: unit, end: unit }).find(({ height }) => height > 0);
    if (own !== undefined) return own;
    const [before] = this.#rects({ start: Math.max(0, unit - 1), end: unit }).slice(-1);
    if (before === undefined || before.height === 0) return null;
    return new DOMRect(this.backwards ? before.left : before.right, before.top, 0, before.height);
  }
}

function piecesOf({ body, text }: TextSurface): readonly Piece[] {
  const nodes = [...body.childNodes].flatMap((child) => (child instanceof Text ? [child] : [...child.childNodes]));
  let start = 0;
  return nodes
    .filter((node) => node instanceof Text)
    .map((node) => {
      const piece = { node, start };
      start += node.length;
      // The line end at which a long text was cut.
      if (text[start] === "\n" && nodes.length > 1) start += 1;
      return piece;
    });
}

/** In a shadow root the plain range points at its host. */
function composed(selection: Selection, root: Root): StaticRange | Range | null {
  if (root instanceof ShadowRoot && "getComposedRanges" in selection)
    return selection.getComposedRanges({ shadowRoots: [root] })[0] ?? null;
  return selection.rangeCount > 0 ? selection.getRangeAt(0) : null;
}

function caretAt(x: number, y: number, root: Root): { node: Node; offset: number } | null {
  if ("caretPositionFromPoint" in document) {
    const found = document.caretPositionFromPoint(x, y, root instanceof ShadowRoot ? { shadowRoots: [root] } : {});
    return found === null ? null : { node: found.offsetNode, offset: found.offset };
  }
  // Safari before it had the standard's.
  const found = (document as Document).caretRangeFromPoint(x, y);
  return found === null ? null : { node: found.startContainer, offset: found.startOffset };
}
