/** Versions from left to right with their splits below: pick one, compare it with another. */

import { h, setAttribute } from "../dom.ts";
import { count } from "../format.ts";
import type { Split, Timeline, Version } from "./protocol.ts";
import { inOrder, type State } from "./state.ts";
import { origin } from "./words.ts";

export class TimelineView {
  readonly element = h("div", { class: "nbt-timeline", role: "toolbar", "aria-label": "versions" });
  readonly #pick: (name: string, compare: boolean) => void;
  #drawn: Timeline | null = null;

  constructor(pick: (name: string, compare: boolean) => void) {
    this.#pick = pick;
    this.element.addEventListener("click", (event) => {
      const node = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-version]") : null;
      if (node?.dataset["version"] !== undefined) this.#pick(node.dataset["version"], event.shiftKey);
    });
    this.element.addEventListener("keydown", (event) => this.#keyed(event));
  }

  draw(timeline: Timeline, state: State): void {
    const focused = this.#focused?.dataset["version"] ?? null;
    if (timeline !== this.#drawn) {
      this.element.replaceChildren(
        h("div", { class: "nbt-line" }, ...timeline.versions.map(version), ...beside(timeline)),
      );
      this.#drawn = timeline;
      this.#reveal(state.picked);
      if (focused !== null) this.#node(focused)?.focus({ preventScroll: true });
    }
    for (const node of this.#nodes) {
      const name = node.dataset["version"] ?? "";
      const role = name === state.picked ? "picked" : name === state.against ? "against" : null;
      if (role === "picked" && node.dataset["role"] !== "picked") this.#reveal(name);
      setAttribute(node, "data-role", role);
      setAttribute(node, "aria-pressed", String(role !== null));
      node.tabIndex = name === (focused ?? state.picked) ? 0 : -1;
    }
  }

  get #nodes(): HTMLElement[] {
    return [...this.element.querySelectorAll<HTMLElement>("[data-version]")];
  }

  get #focused(): HTMLElement | null {
    return this.element.querySelector<HTMLElement>("[data-version]:focus");
  }

  #node(name: string): HTMLElement | null {
    return this.#nodes.find((node) => node.dataset["version"] === name) ?? null;
  }

  #reveal(name: string | null): void {
    const node = name === null ? null : this.#node(name);
    // The first time it is not in its page yet.
    requestAnimationFrame(() => {
      if (node === null) return;
      const column = node.closest<HTMLElement>(".nbt-version") ?? node;
      const { offsetLeft, offsetWidth } = column;
      const { scrollLeft, clientWidth } = this.element;
      if (offsetLeft < scrollLeft || offsetLeft + offsetWidth > scrollLeft + clientWidth)
        this.element.scrollLeft = offsetLeft + offsetWidth - clientWidth;
    });
  }

  #keyed(event: KeyboardEvent): void {
    const name = this.#focused?.dataset["version"];
    if (this.#drawn === null || name === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === " ") this.#pick(name, event.shiftKey);
    else {
      const to = next(this.#drawn, name, event.key);
      if (to === null) return;
      for (const node of this.#nodes) node.tabIndex = node.dataset["version"] === to ? 0 : -1;
      this.#node(to)?.focus();
    }
    event.preventDefault();
    event.stopPropagation();
  }
}

/** Left and right go through the versions, down and up into their splits. */
export function next(timeline: Timeline, name: string, key: string): string | null {
  const versions = timeline.versions.map((version) => version.name);
  const mine = name.split(".")[0] ?? name;
  const at = versions.indexOf(mine);
  const family = inOrder(timeline).filter((one) => one.name.split(".")[0] === mine);
  const below = family.findIndex((one) => one.name === name);
  const to: Readonly<Record<string, string | undefined>> = {
    ArrowLeft: versions[at - 1],
    ArrowRight: versions[at + 1],
    Home: versions[0],
    End: versions.at(-1),
    ArrowDown: family[below + 1]?.name,
    ArrowUp: family[below - 1]?.name,
  };
  return to[key] ?? null;
}

function version(one: Version): HTMLElement {
  const words = [h("strong", {}, one.name), h("span", { class: "nbt-count" }, count(one.items))];
  const node = h("button", { ...attributes(one), class: "nbt-node" }, h("span", { class: "nbt-dot" }), ...words);
  const about = h(
    "span",
    { class: "nbt-message", dir: "auto" },
    [...(one.labelsOnly ? ["labels only"] : []), ...(one.message ? [one.message] : [])].join(" · "),
  );
  return h("div", { class: "nbt-version" }, node, about, ...one.splits.map(split));
}

function split(one: Split): HTMLElement {
  const words = h("span", { class: "nbt-split-words", dir: "auto" }, one.message);
  return h(
    "button",
    { ...attributes(one), class: "nbt-node nbt-split" },
    h("span", { "aria-hidden": "true" }, "└"),
    h("strong", {}, one.name),
    words,
  );
}

function attributes(one: Split): Record<string, string | number> {
  const label = `${one.name}, ${count(one.items)} items, ${origin(one)}`;
  return { type: "button", "data-version": one.name, tabindex: -1, "aria-label": label, title: one.message };
}

/** What lies in versions/ and cannot be looked into. */
function beside({ foreign, damaged }: Timeline): HTMLElement[] {
  const broken = Object.entries(damaged).map(([name, why]) =>
    h("div", { class: "nbt-version nbt-beside", title: why }, h("strong", {}, name), h("span", {}, "cannot be read")),
  );
  if (foreign.length === 0) return broken;
  const names = foreign.join(", ");
  const words = [h("strong", {}, names), h("span", {}, "made by hand")];
  return [...broken, h("div", { class: "nbt-version nbt-beside", title: names }, ...words)];
}
