/** What stands beside the list: bars of what is listed, and the grid of what became what. */

import { h } from "../dom.ts";
import { bars, confusion } from "./bars.ts";
import type { Controller } from "./controller.ts";
import type { Look } from "./protocol.ts";
import * as states from "./state.ts";

export class Side {
  readonly #controller: Controller;
  readonly #element: HTMLElement;
  #drawn = "";

  constructor(controller: Controller, element: HTMLElement) {
    this.#controller = controller;
    this.#element = element;
  }

  /** Bars for each look; before them, where labels are compared, the grid. */
  draw(looks: readonly Look[], state: states.State): void {
    const { picked, against, tab, filters, cell, task } = state;
    const compared = against !== null && picked !== null && tab === "relabeled";
    const changes = compared ? this.#controller.changes(picked, against).value : null;
    const counted = looks.map((look) => this.#controller.facets(look).value);
    const side = this.#element;
    side.toggleAttribute("data-busy", counted.includes(null));
    for (const bar of side.querySelectorAll<HTMLElement>("[data-column]"))
      bar.setAttribute("aria-pressed", String(states.isFiltered(state, ...filterOf(bar))));
    // What was counted before stays until there is something new, and with it the focus.
    if (counted.includes(null) && this.#drawn !== "") return;
    const key = JSON.stringify([counted, changes, filters, cell, task, tab]);
    if (key === this.#drawn) return;
    this.#drawn = key;
    const { activeElement } = side.getRootNode() as Document | ShadowRoot;
    const focused =
      activeElement !== null && side.contains(activeElement) ? activeElement.getAttribute("aria-label") : null;
    const grids = (changes?.relabeled ?? []).filter(({ total }) => total > 0).map((grid) => confusion(grid, state));
    const groups = looks.flatMap((look, at) => {
      const title = looks.length > 1 ? [h("h3", { class: "nbt-list-title" }, look.part)] : [];
      const made = bars(counted[at]?.facets ?? [], state);
      return made.length === 0 ? [] : [...title, ...made];
    });
    side.replaceChildren(...grids, ...groups);
    if (focused !== null) side.querySelector<HTMLElement>(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
  }
}

/** The condition that a bar stands for. */
export function filterOf({ dataset }: HTMLElement): [string, string | null] {
  return [dataset["column"] ?? "", dataset["none"] === undefined ? (dataset["value"] ?? "") : null];
}
