/** What is marked in a text, by the CSS Custom Highlight API: nothing in the document changes, so overlaps and right-to-left need no care. */

import { h } from "../dom.ts";
import type { Option, Suggestion } from "../protocol.ts";
import type { Range } from "../rules/points.ts";
import { LEVELS, levels, type Marking, markingOf } from "../rules/spans.ts";
import { colorOf } from "./buttons.ts";
import type { Spanned } from "./spanned.ts";

const UNDERLINE_PX = 3;
const PROPOSED = "proposed-";

/** The highlights of one view. Their names are the whole page's, so that they carry a name of the view and go when it goes. */
export class Highlights {
  readonly #name = `nbt-${[...crypto.getRandomValues(new Uint32Array(2))].map((part) => part.toString(36)).join("")}`;
  readonly #root: HTMLElement;
  readonly #options: readonly string[];
  #drawn: readonly [Spanned | null, Marking, Suggestion | null] | null = null;
  readonly #there = new Set<string>();
  /** The rules of the highlights, which count only in the root that the text is in. */
  readonly style: HTMLStyleElement;

  constructor(root: HTMLElement, options: readonly Option[]) {
    this.#root = root;
    this.#options = options.map(({ id }) => id);
    // The last is for options that are retired.
    const colors = [...options.map(({ id }) => colorOf(options, id)), "transparent"];
    const rules = colors.flatMap((color, option) => {
      // As a property, so that a color from the data can be nothing else.
      root.style.setProperty(property(option), color === "transparent" ? "var(--nbt-quiet)" : color);
      return Array.from({ length: LEVELS }, (_, level) => [
        this.#rule(`${option}-${level}`, marked(option, level)),
        this.#rule(`${PROPOSED}${option}-${level}`, underlined(option, level, "dashed")),
      ]).flat();
    });
    const chosen = "background-color: color-mix(in srgb, var(--nbt-text) 28%, transparent)";
    const selected = "background-color: color-mix(in srgb, var(--nbt-accent) 40%, transparent)";
    this.style = h("style", {}, ...rules, this.#rule("chosen", chosen), this.#rule("selected", selected));
  }

  /** Paint the spans, and those that are suggested, where they have changed. */
  drawSpans(marking: Marking, suggestion: Suggestion | null, text: Spanned | null): void {
    const [before, said, proposed] = this.#drawn ?? [];
    if (before !== text || said !== marking) this.#paint("", marking, text);
    if (before !== text || proposed !== suggestion) this.#paint(PROPOSED, markingOf(suggestion?.value ?? null), text);
    this.#drawn = [text, marking, suggestion];
  }

  /** Paint over the spans what is `selected`, and the span that is `chosen`. */
  drawHeld(selected: Range | null, chosen: Range | null, text: Spanned | null): void {
    for (const [key, part] of [["selected", selected] as const, ["chosen", chosen] as const]) {
      const range = part === null ? null : (text?.range(part) ?? null);
      this.#set(key, range === null ? [] : [range]);
    }
  }

  close(): void {
    for (const key of [...this.#there]) this.#set(key, []);
    for (let option = 0; option <= this.#options.length; option += 1) this.#root.style.removeProperty(property(option));
  }

  /** `kind`: what the names of their highlights begin with. */
  #paint(kind: "" | typeof PROPOSED, marking: Marking, text: Spanned | null): void {
    const groups = new Map<string, AbstractRange[]>();
    const levelOf = levels(marking);
    marking.spans.forEach((span, i) => {
      const range = text?.range(span) ?? null;
      const at = this.#options.indexOf(span.option);
      const key = `${kind}${at < 0 ? this.#options.length : at}-${levelOf[i]}`;
      const group = groups.get(key) ?? [];
      if (range !== null) group.push(range);
      groups.set(key, group);
    });
    const mine = (key: string) => key.startsWith(PROPOSED) === (kind === PROPOSED) && key.includes("-");
    for (const key of this.#there) if (mine(key) && !groups.has(key)) this.#set(key, []);
    for (const [key, ranges] of groups) this.#set(key, ranges);
  }

  #set(key: string, ranges: readonly AbstractRange[]): void {
    // A browser without it has the list of spans.
    if (!("highlights" in CSS)) return;
    if (ranges.length === 0) {
      CSS.highlights.delete(`${this.#name}-${key}`);
      this.#there.delete(key);
      return;
    }
    const highlight = new Highlight(...ranges);
    highlight.priority = key === "selected" ? 2 : key === "chosen" ? 1 : key.startsWith(PROPOSED) ? -1 : 0;
    CSS.highlights.set(`${this.#name}-${key}`, highlight);
    this.#there.add(key);
  }

  #rule(key: string, declarations: string): string {
    return `.nbt-labeler :is(.nbt-text, .nbt-block)::highlight(${this.#name}-${key}) { ${declarations} }\n`;
  }
}

const property = (option: number): string => `--nbt-span-${option}`;

const marked = (option: number, level: number): string =>
  `background-color: color-mix(in srgb, var(${property(option)}) 26%, transparent); ${underlined(option, level, "solid")}`;

function underlined(option: number, level: number, style: "solid" | "dashed"): string {
  return [
    `text-decoration: underline ${style} ${UNDERLINE_PX}px var(${property(option)})`,
    `text-underline-offset: ${3 + level * (UNDERLINE_PX + 1)}px`,
    "text-decoration-skip-ink: none",
  ].join("; ");
}
