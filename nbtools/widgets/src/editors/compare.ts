/** `compare`: two candidates side by side, drawn by chance; a press says which side is better and is the whole answer. */

import { h, setAttribute } from "../dom.ts";
import { prepare } from "../items/candidates.ts";
import type { Surface } from "../items/surface.ts";
import { keycap } from "../keys.ts";
import type { Press } from "../presented.ts";
import * as rules from "../rules/compare.ts";
import { buttonOf, drawOptions, optionButtons, optionGrid } from "./buttons.ts";
import shared from "./candidates.css";
import sheet from "./compare.css";
import type { Editor, Kind, Now, Place } from "./kind.ts";

export const compare: Kind = {
  options: rules.options,
  commands: {},
  atOnce: true,
  initial: () => null,
  problem: (_, value) => (value === null ? "say which is better" : null),
  words: rules.words,
  brief: (_, value) => rules.brief(value),
  stood: (_, value, { said, annotator, item }) => rules.stood(value, rules.leftOf(said, annotator, item.id)),
  picks: rules.picks,
  color: () => "transparent",
  sheet: shared + sheet,
  prepare,
  build: (place) => new Comparing(place),
};

type Candidates = Extract<Surface, { readonly form: "candidates" }>;

class Comparing implements Editor {
  readonly #place: Place;
  readonly #buttons: readonly HTMLButtonElement[];
  #surface: Candidates | null = null;
  #left: rules.Letter = "a";

  constructor(place: Place) {
    this.#place = place;
    this.#buttons = optionButtons(rules.options(place.task), place.keys);
    for (const button of this.#buttons) inPlaces(button.querySelector(".nbt-words"));
    const grid = optionGrid(this.#buttons);
    grid.classList.add("nbt-verdicts");
    place.element.replaceChildren(grid);
  }

  shown(_: unknown, surface: Surface | null): void {
    this.#surface = surface?.form === "candidates" ? surface : null;
  }

  draw({ item, current }: Now): void {
    const said = current?.status === "labeled" ? current.value : null;
    this.#left = rules.leftOf(said, this.#place.annotator, item?.id ?? "");
    const option = said === null ? null : rules.optionOf(said, this.#left);
    drawOptions(this.#buttons, option === null ? [] : [option], option === null ? [] : [option]);
    this.#arrange();
  }

  choose(option: string, press: Press, pressed: Element | null): void {
    this.#place.label(rules.answerOf(option, this.#left), press, pressed ?? buttonOf(this.#buttons, option));
  }

  act(): boolean {
    return false;
  }

  close(): void {}

  /** Put the panes where they belong, each with the key that says it is better. */
  #arrange(): void {
    const surface = this.#surface;
    const [a, b] = rules.columnsOf(this.#place.task).map((name) => surface?.panes.get(name));
    if (surface === null || a === undefined || b === undefined) return;
    const panes = this.#left === "a" ? [a, b] : [b, a];
    if (panes.some((pane, i) => surface.row.children[i] !== pane)) surface.row.append(...panes);
    for (const pane of panes) this.#head(pane, pane === panes[0] ? "left" : "right");
  }

  #head(pane: HTMLElement, side: "left" | "right"): void {
    const head = pane.firstElementChild;
    if (head === null || pane.dataset["side"] === side) return;
    pane.dataset["side"] = side;
    setAttribute(pane, "aria-label", side);
    const own = this.#place.keys.ofOption.get(side)?.[0];
    const caps = own === undefined ? [] : [h("kbd", { "aria-hidden": "true" }, keycap(own))];
    const words = h("span", {}, side);
    head.replaceChildren(...caps, words);
    inPlaces(words);
  }
}

/** Where there is no room beside each other, they stand one above the other, and the words say so. */
function inPlaces(words: Element | null): void {
  const text = words?.textContent ?? "";
  const side = /^(left|right)(.*)$/.exec(text);
  if (words === null) return;
  if (side === null) words.textContent = upper(text);
  else
    words.replaceChildren(
      h("span", { class: "nbt-aside" }, upper(side[1] ?? "")),
      h("span", { class: "nbt-stacked" }, side[1] === "left" ? "Upper" : "Lower"),
      side[2] ?? "",
    );
}

const upper = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
