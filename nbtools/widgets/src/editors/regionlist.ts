/** The list of regions: what a screen reader finds of them, and where those that overlap are told apart. */

import { h, setAttribute, setText } from "../dom.ts";
import type { Suggestion } from "../protocol.ts";
import { type Cutting, cuttingOf, type Stretch } from "../rules/regions.ts";
import { clock } from "../rules/timeline.ts";
import type { Look } from "./bands.ts";
import { proposedName, proposedRow } from "./proposed.ts";

export class RegionList {
  readonly element = h("ol", { class: "nbt-regions", "aria-label": "regions" });
  readonly #look: Look;
  readonly #rows = new Map<string, HTMLButtonElement>();
  /** Of what is suggested, below the others. */
  #proposals: readonly HTMLElement[] = [];
  #suggested: Suggestion | null = null;
  #drawn: Cutting | null = null;
  #chosen: string | null = null;

  constructor(look: Look) {
    this.#look = look;
  }

  draw(cutting: Cutting, chosen: string | null): void {
    if (cutting !== this.#drawn) this.#drawRows(cutting);
    this.#drawn = cutting;
    if (chosen !== null && chosen !== this.#chosen) this.#reveal(chosen);
    this.#chosen = chosen;
    for (const [id, row] of this.#rows) setAttribute(row, "aria-pressed", String(id === chosen));
  }

  drawSuggested(suggestion: Suggestion | null): void {
    if (suggestion === this.#suggested) return;
    this.#suggested = suggestion;
    for (const row of this.#proposals) row.remove();
    const regions = suggestion === null ? [] : cuttingOf(suggestion.value).regions;
    const named = (label: string | null) => this.#look.name(label) || "region";
    this.#proposals = regions.map((region) => {
      const name = suggestion === null ? "" : proposedName(named(region.label), suggestion, regions.length);
      return proposedRow(name, times(region), this.#look.color(region.label));
    });
    this.element.append(...this.#proposals);
  }

  button(id: string): HTMLButtonElement | null {
    return this.#rows.get(id) ?? null;
  }

  /** What follows or goes before a row, or the first or last one. */
  beside(id: string | null, by: 1 | -1): string | null {
    const ids = [...this.#rows.keys()];
    const at = id === null ? -1 : ids.indexOf(id);
    return (at < 0 ? ids.at(by < 0 ? -1 : 0) : ids[at + by]) ?? null;
  }

  static idOf(target: EventTarget | null): string | null {
    return target instanceof Element ? (target.closest<HTMLElement>(".nbt-region")?.dataset["id"] ?? null) : null;
  }

  #drawRows({ regions }: Cutting): void {
    const ids = regions.map(({ id }) => id);
    if (ids.join("\t") !== [...this.#rows.keys()].join("\t")) this.#order(ids);
    for (const { id, label, start, end } of regions) {
      const button = this.#rows.get(id);
      const [name, when] = button?.children ?? [];
      if (button === undefined || name === undefined || when === undefined) continue;
      setText(name, this.#look.name(label) || "region");
      setText(when, times({ start, end }));
      button.style.setProperty("--nbt-color", this.#look.color(label));
    }
  }

  #order(ids: readonly string[]): void {
    const { activeElement } = this.element.getRootNode() as Document | ShadowRoot;
    const kept = ids.map((id) => [id, this.#rows.get(id) ?? row(id)] as const);
    this.#rows.clear();
    for (const [id, button] of kept) this.#rows.set(id, button);
    this.element.replaceChildren(...kept.map(([, button]) => h("li", {}, button)), ...this.#proposals);
    // An element that is moved loses the keys.
    if (activeElement instanceof HTMLElement && this.element.contains(activeElement))
      activeElement.focus({ preventScroll: true });
  }

  /** Scrolled by itself: `scrollIntoView` would move the notebook too. */
  #reveal(id: string): void {
    const box = this.#rows.get(id)?.getBoundingClientRect();
    const frame = this.element.getBoundingClientRect();
    if (box === undefined) return;
    if (box.top < frame.top) this.element.scrollTop -= frame.top - box.top;
    else if (box.bottom > frame.bottom) this.element.scrollTop += box.bottom - frame.bottom;
  }
}

const times = ({ start, end }: Stretch): string =>
  start === end ? clock(start, 3) : `${clock(start, 3)} – ${clock(end, 3)}, ${seconds(end - start)}`;

const seconds = (length: number): string => `${Number(length.toFixed(3))} s`;

const row = (id: string): HTMLButtonElement =>
  h(
    "button",
    { type: "button", class: "nbt-region", "data-id": id, "aria-pressed": "false" },
    h("span", { class: "nbt-words", dir: "auto" }),
    h("span", { class: "nbt-times" }),
  );
