/** The list of spans and relations: what a screen reader finds of them, and where nested ones are told apart. */

import { h, setAttribute, setText } from "../dom.ts";
import type { Suggestion } from "../protocol.ts";
import type { Points } from "../rules/points.ts";
import { type Marking, markingOf, quote, relationKey, type Span } from "../rules/spans.ts";
import { proposedName, proposedRow } from "./proposed.ts";

/** How an option is called and which color stands for it. */
export interface Look {
  name(option: string): string;
  color(option: string): string;
}

/** How far spans within others are moved in. */
const DEEPEST = 6;

interface Row {
  readonly key: string;
  readonly words: string;
  readonly quote: string;
  readonly color: string;
  readonly depth: number;
}

export class SpanList {
  readonly element = h("ol", { class: "nbt-spans", "aria-label": "spans" });
  readonly #look: Look;
  readonly #rows = new Map<string, HTMLButtonElement>();
  /** Of what is suggested, below the others. */
  #proposals: readonly HTMLElement[] = [];
  #proposed: readonly [Suggestion | null, Points | null] = [null, null];
  #drawn: readonly [Marking, Points | null] | null = null;
  #chosen: string | null = null;

  constructor(look: Look) {
    this.#look = look;
  }

  /** `points`: the text that the spans are in; `null` where it is another one. */
  draw(marking: Marking, points: Points | null, chosen: string | null): void {
    if (marking !== this.#drawn?.[0] || points !== this.#drawn[1]) this.#drawRows(this.#lines(marking, points));
    this.#drawn = [marking, points];
    if (chosen !== null && chosen !== this.#chosen) this.#reveal(chosen);
    for (const key of [this.#chosen, chosen]) {
      const row = this.#rows.get(key ?? "");
      if (row !== undefined) setAttribute(row, "aria-pressed", String(key === chosen));
    }
    this.#chosen = chosen;
  }

  /** `points`: the text that is on the screen. */
  drawSuggested(suggestion: Suggestion | null, points: Points | null): void {
    if (suggestion === this.#proposed[0] && points === this.#proposed[1]) return;
    this.#proposed = [suggestion, points];
    for (const row of this.#proposals) row.remove();
    const marking = markingOf(suggestion?.value ?? null);
    this.#proposals = this.#lines({ ...marking, relations: [] }, points).map(({ words, quote, color }) =>
      proposedRow(suggestion === null ? words : proposedName(words, suggestion, marking.spans.length), quote, color),
    );
    this.element.append(...this.#proposals);
  }

  button(key: string): HTMLButtonElement | null {
    return this.#rows.get(key) ?? null;
  }

  /** What follows or goes before a row, or the first or last one. */
  beside(key: string | null, by: 1 | -1): string | null {
    const keys = [...this.#rows.keys()];
    const at = key === null ? -1 : keys.indexOf(key);
    return (at < 0 ? keys.at(by < 0 ? -1 : 0) : keys[at + by]) ?? null;
  }

  static keyOf(target: EventTarget | null): string | null {
    return target instanceof Element ? (target.closest<HTMLElement>(".nbt-span")?.dataset["span"] ?? null) : null;
  }

  #lines(marking: Marking, points: Points | null): readonly Row[] {
    const said = (span: Span) => (points === null ? `${span.start}–${span.end}` : quote(points.slice(span)));
    const open: number[] = [];
    const spans = marking.spans.map((span) => {
      while (open.length > 0 && (open.at(-1) ?? 0) <= span.start) open.pop();
      open.push(span.end);
      const { name, color } = this.#look;
      return {
        key: span.id,
        words: name(span.option),
        quote: said(span),
        color: color(span.option),
        depth: open.length - 1,
      };
    });
    const ofId = new Map(marking.spans.map((span) => [span.id, span]));
    const end = (id: string) => {
      const span = ofId.get(id);
      return span === undefined ? id : `${this.#look.name(span.option)} ${said(span)}`;
    };
    const relations = marking.relations.map((each) => ({
      key: relationKey(each),
      words: each.type,
      quote: `${end(each.from)} → ${end(each.to)}`,
      color: "transparent",
      depth: 0,
    }));
    return [...spans, ...relations];
  }

  #order(keys: readonly string[]): void {
    const { activeElement } = this.element.getRootNode() as Document | ShadowRoot;
    const kept = keys.map((key) => [key, this.#rows.get(key) ?? row(key)] as const);
    this.#rows.clear();
    for (const [key, button] of kept) this.#rows.set(key, button);
    this.element.replaceChildren(...kept.map(([, button]) => h("li", {}, button)), ...this.#proposals);
    // An element that is moved loses the keys.
    if (activeElement instanceof HTMLElement && this.element.contains(activeElement))
      activeElement.focus({ preventScroll: true });
  }

  /** Scrolled by itself: `scrollIntoView` would move the notebook too. */
  #reveal(key: string): void {
    const row = this.#rows.get(key)?.getBoundingClientRect();
    const frame = this.element.getBoundingClientRect();
    if (row === undefined) return;
    if (row.top < frame.top) this.element.scrollTop -= frame.top - row.top;
    else if (row.bottom > frame.bottom) this.element.scrollTop += row.bottom - frame.bottom;
  }

  #drawRows(rows: readonly Row[]): void {
    const keys = rows.map(({ key }) => key);
    if (keys.join("\t") !== [...this.#rows.keys()].join("\t")) this.#order(keys);
    for (const { key, words, quote, color, depth } of rows) {
      const button = this.#rows.get(key);
      const [name, said] = button?.children ?? [];
      if (button === undefined || name === undefined || said === undefined) continue;
      setText(name, words);
      setText(said, quote);
      setProperty(button, "--nbt-depth", String(Math.min(depth, DEEPEST)));
      setProperty(button, "--nbt-color", color);
    }
  }
}

function setProperty({ style }: HTMLElement, name: string, value: string): void {
  if (style.getPropertyValue(name) !== value) style.setProperty(name, value);
}

const row = (key: string): HTMLButtonElement =>
  h(
    "button",
    { type: "button", class: "nbt-span", "data-span": key, "aria-pressed": "false" },
    h("span", { class: "nbt-words", dir: "auto" }),
    h("span", { class: "nbt-quote", dir: "auto" }),
  );
