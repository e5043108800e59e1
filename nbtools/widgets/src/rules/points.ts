/** Places in a text: code points, which are kept, and UTF-16 units, which the browser has; steps by characters and words. Pure. */

export interface Range {
  readonly start: number;
  readonly end: number;
}

const BLANK = /^\s*$/u;
// One rule for all languages, so that a word does not end elsewhere on another person's machine.
const segmented = (text: string, granularity: "grapheme" | "word"): Intl.Segments =>
  new Intl.Segmenter("und", { granularity }).segment(text);

/** A text whose places are counted in Unicode code points; characters are what a person takes for one. */
export class Points {
  readonly text: string;
  /** How many code points it has. */
  readonly length: number;
  readonly #characters: Intl.Segments;
  readonly #words: Intl.Segments;
  /** The units at which a code point begins that takes two of them. */
  readonly #pairs: readonly number[];

  constructor(text: string) {
    this.text = text;
    this.#characters = segmented(text, "grapheme");
    this.#words = segmented(text, "word");
    this.#pairs = [...text.matchAll(/[\u{10000}-\u{10ffff}]/gu)].map(({ index }) => index);
    this.length = text.length - this.#pairs.length;
  }

  toPoint(unit: number): number {
    return unit - countBelow(this.#pairs, (pair) => pair < unit);
  }

  toUnit(point: number): number {
    return point + countBelow(this.#pairs, (pair, before) => pair - before < point);
  }

  slice({ start, end }: Range): string {
    return this.text.slice(this.toUnit(start), this.toUnit(end));
  }

  /** The next place between two characters, on (1) or back (-1). */
  character(point: number, by: 1 | -1): number {
    const found = segment(this.#characters, this.toUnit(point) - (by < 0 ? 1 : 0));
    if (found === null) return by < 0 ? 0 : this.length;
    return this.toPoint(by < 0 ? found.start : found.end);
  }

  /** The end of the next word, or the start of the one before; a sign or emoji counts as a word. */
  word(point: number, by: 1 | -1): number {
    let found = segment(this.#words, this.toUnit(point) - (by < 0 ? 1 : 0));
    while (found?.blank) found = segment(this.#words, by < 0 ? found.start - 1 : found.end);
    if (found === null) return by < 0 ? 0 : this.length;
    return this.toPoint(by < 0 ? found.start : found.end);
  }

  /** The word at a place, or `null` between words. */
  wordAt(point: number): Range | null {
    const found = segment(this.#words, this.toUnit(point));
    return found === null || found.blank ? null : this.#points(found);
  }

  /** A range grown to whole characters, or to whole words and without space around; `null` where nothing is left. */
  snapped(range: Range, to: "word" | "character"): Range | null {
    const [start, last] = [this.toUnit(range.start), this.toUnit(Math.min(range.end, this.length)) - 1];
    if (last < start) return null;
    const segments = to === "word" ? this.#words : this.#characters;
    let [first, final] = [segment(segments, start), segment(segments, last)];
    while (to === "word" && first?.blank) first = segment(segments, first.end);
    while (to === "word" && final?.blank) final = segment(segments, final.start - 1);
    if (first === null || final === null || first.start >= final.end) return null;
    return this.#points({ start: first.start, end: final.end });
  }

  #points({ start, end }: Range): Range {
    return { start: this.toPoint(start), end: this.toPoint(end) };
  }
}

/** The segment that holds a unit, in units; `null` outside of the text. */
function segment(segments: Intl.Segments, unit: number): (Range & { readonly blank: boolean }) | null {
  const found = unit < 0 ? undefined : segments.containing(unit);
  if (found === undefined) return null;
  return { start: found.index, end: found.index + found.segment.length, blank: BLANK.test(found.segment) };
}

/** How many of sorted numbers are `below`, which holds for the first ones and no others. */
function countBelow(sorted: readonly number[], below: (one: number, at: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (below(sorted[middle] ?? 0, middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
