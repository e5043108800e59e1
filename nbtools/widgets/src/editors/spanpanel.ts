/** What stands below a text that is marked: the options, what is selected and what can be done with it, the list of spans. */

import { button, h, setAttribute, setText } from "../dom.ts";
import { keycap } from "../keys.ts";
import { MANY } from "../rules/options.ts";
import type { Points, Range } from "../rules/points.ts";
import * as rules from "../rules/spans.ts";
import { colorOf, drawOptions, nameOf, optionButtons, optionGrid } from "./buttons.ts";
import { type Finding, finding } from "./finding.ts";
import { type Editor, NOTHING, type Now, type Place } from "./kind.ts";
import { SpanList } from "./spanlist.ts";

export interface Panelled extends Now {
  readonly marking: rules.Marking;
  /** The text on the screen. */
  readonly points: Points | null;
  /** Whether the spans are of another text. */
  readonly stale: boolean;
  readonly chosen: string | null;
  readonly begun: { readonly type: string; readonly from: string } | null;
  readonly range: Range | null;
  readonly inside: boolean;
}

const ENDS = { startLeft: "Start ←", startRight: "Start →", reachLeft: "End ←", reachRight: "End →" } as const;

/** What of very many options is found: the one that the chosen span has. */
const FOUND: Omit<Finding, "choose"> = {
  chosen: (value) => (value === null ? [] : [String(value)]),
  more: [],
  act: () => false,
  draw() {},
};

export class Panel {
  readonly elements: readonly HTMLElement[];
  readonly #place: Place;
  readonly #options: readonly HTMLButtonElement[];
  /** In the place of buttons, where there are very many options. */
  readonly #finder: Editor | null;
  readonly #types: readonly HTMLButtonElement[];
  readonly #selected = h("span", { class: "nbt-selected", role: "status", dir: "auto" });
  readonly #ends = h("span", { class: "nbt-ends", role: "group", "aria-label": "of the span" });
  readonly #enter: HTMLButtonElement;
  readonly #none: HTMLButtonElement;
  readonly #list: SpanList;

  /** `choose`: a row was pressed, or the keys came to it; `mark`: an option was found among very many, false where it was refused. */
  constructor(place: Place, choose: (key: string | null) => void, mark: Finding["choose"]) {
    const { options } = place.task;
    const types = rules.relationOptions(place.task);
    this.#place = place;
    const many = options.length > MANY;
    const grid = h("div");
    this.#options = many ? [] : optionButtons(options, place.keys);
    this.#finder = many ? finding({ ...place, element: grid }, { ...FOUND, choose: mark }) : null;
    this.#types = optionButtons(types, place.keys);
    this.#enter = this.#button("enter", "Mark by keys");
    this.#none = this.#button("none", "No spans");
    this.#list = new SpanList({
      name: (option) => nameOf(options, option),
      color: (option) => colorOf(options, option),
    });
    this.#ends.append(
      ...Object.entries(ENDS).map(([what, words]) => button(what, words)),
      this.#button("remove", "Remove"),
    );
    const { element } = this.#list;
    for (const type of ["click", "focusin"])
      element.addEventListener(type, ({ target }) => choose(SpanList.keyOf(target)));
    this.elements = [
      many ? grid : optionGrid(this.#options, options),
      ...(types.length === 0 ? [] : [this.#relations()]),
      h("div", { class: "nbt-marking" }, this.#selected, this.#ends, this.#enter, this.#none),
      element,
    ];
  }

  /** Whether a row has the keys. */
  get focused(): boolean {
    const { activeElement } = this.#list.element.getRootNode() as Document | ShadowRoot;
    return this.isRow(activeElement);
  }

  /** A key for the field in which options are found; true where it was taken. */
  keyed(event: KeyboardEvent): boolean {
    return this.#finder?.keyed?.(event) === true;
  }

  close(): void {
    this.#finder?.close();
  }

  isRow(target: EventTarget | null): boolean {
    return SpanList.keyOf(target) !== null && this.#list.element.contains(target as Element);
  }

  /** Take the keys to the row after the one that is chosen; false where there is none. */
  enter(chosen: string | null): boolean {
    const next = this.#list.button(this.#list.beside(chosen, 1) ?? "");
    next?.focus();
    return next !== null;
  }

  beside(key: string | null, way: "next" | "previous"): string | null {
    return this.#list.beside(key, way === "next" ? 1 : -1);
  }

  /** Where the row with the keys has gone, another one has them, or the widget. */
  keepFocus(key: string | null): void {
    const root = this.#place.root.getRootNode() as Document | ShadowRoot;
    if (root.activeElement !== null && this.#place.root.contains(root.activeElement)) return;
    (this.#list.button(key ?? "") ?? this.#place.root).focus({ preventScroll: true });
  }

  draw(now: Panelled): void {
    const { marking, points, chosen, begun, range, inside, current } = now;
    const span = marking.spans.find(({ id }) => id === chosen);
    this.#finder?.draw({ ...NOTHING, item: now.item, value: span?.option ?? null });
    drawOptions(this.#options, span === undefined ? [] : [span.option], []);
    for (const type of this.#types)
      setAttribute(
        type,
        "aria-pressed",
        String(begun !== null && rules.typeOf(type.dataset["value"] ?? "") === begun.type),
      );
    setText(this.#selected, this.#words(now));
    setAttribute(this.#ends, "data-idle", chosen !== null && range === null ? null : "");
    for (const each of this.#ends.children)
      (each as HTMLButtonElement).disabled =
        chosen === null || (span === undefined && !each.matches("[data-do=remove]"));
    setAttribute(this.#enter, "aria-pressed", String(inside));
    const none = current?.status === "labeled" && rules.markingOf(current.value).spans.length === 0;
    setAttribute(this.#none, "aria-pressed", String(none));
    this.#list.draw(marking, now.stale ? null : points, chosen);
    this.#list.drawSuggested(now.suggested, points);
    // A row that was let go of lets go of the keys too: else Enter would press it, and not submit.
    if (chosen === null && this.focused) this.#place.root.focus({ preventScroll: true });
  }

  #words({ marking, points, stale, chosen, begun, range, inside }: Panelled): string {
    const { options } = this.#place.task;
    const named = (id: string) => {
      const span = marking.spans.find((each) => each.id === id);
      return span === undefined
        ? ""
        : `${nameOf(options, span.option)} ${points === null ? "" : rules.quote(points.slice(span))}`;
    };
    if (stale) return "These spans are of another text: remove them, then mark anew.";
    if (range !== null && points !== null) return `${rules.quote(points.slice(range))}: choose an option`;
    if (begun !== null)
      return `${named(begun.from)} ${begun.type} …: go to the other span, then ${begun.type} once more`;
    if (chosen !== null) return named(chosen) || "a relation";
    return inside
      ? "Shift+arrows select, an option marks, Tab goes to the spans"
      : "Select words, then choose an option";
  }

  #relations(): HTMLElement {
    return h("div", { class: "nbt-types", role: "group", "aria-label": "relations" }, "relation", ...this.#types);
  }

  #button(command: string, words: string): HTMLButtonElement {
    const caps = (this.#place.keys.ofAction.get(command) ?? []).slice(0, 1).map(keycap);
    return button(command, words, caps, { "aria-keyshortcuts": caps.join(" ") || null });
  }
}
