/** The rows of a ranking: a place, a candidate, and what moves it. */

import { button, h, setAttribute, setText } from "../dom.ts";

export class Row {
  readonly element: HTMLElement;
  readonly option: HTMLButtonElement;
  /** What it is dragged by. */
  readonly grip = h("span", { class: "nbt-rank", "aria-hidden": "true" });
  readonly #number = h("span", {});
  readonly #name: string;
  readonly #steps: readonly HTMLButtonElement[];

  constructor(candidate: string, option: string, name: string, caps: readonly string[], ties: boolean) {
    this.#name = name;
    this.grip.append(this.#number);
    this.option = h(
      "button",
      { type: "button", class: "nbt-option", "data-value": option, "aria-keyshortcuts": caps.join(" ") || null },
      ...caps.map((cap) => h("kbd", { "aria-hidden": "true" }, cap)),
      h("span", { class: "nbt-words", dir: "auto" }, name),
    );
    const named = { raise: ["↑", "move up"], lower: ["↓", "move down"], even: ["=", "even with the one above"] };
    this.#steps = Object.entries(named)
      .filter(([what]) => what !== "even" || ties)
      .map(([what, [sign = "", words = ""]]) =>
        button(what, sign, [], { class: "nbt-step", "aria-label": `${words}: ${name.slice(0, 40)}` }),
      );
    this.element = h("li", { "data-candidate": candidate }, this.grip, this.option, ...this.#steps);
  }

  draw(place: number | null, chosen: boolean, ranked: number): void {
    setText(this.#number, place === null ? "" : `${place}.`);
    setAttribute(this.option, "aria-pressed", String(place !== null));
    setAttribute(this.option, "aria-label", `${place === null ? "not ranked" : `place ${place}`}: ${this.#name}`);
    this.element.classList.toggle("nbt-chosen", chosen);
    for (const step of this.#steps) step.disabled = place === null || ranked < 2;
  }
}

/** Let a row be dragged within its list; `dropped` is told how many rows stand above the place where it was let go. */
export function drag(row: Row, list: HTMLElement, dropped: (rows: number, event: PointerEvent) => void): void {
  const { grip, element } = row;
  let over: HTMLElement | null = null;
  const others = () => [...list.children].filter((each): each is HTMLElement => each !== element);
  const above = (y: number) => {
    const middle = (each: HTMLElement) => each.getBoundingClientRect().top + each.offsetHeight / 2;
    return others().filter((each) => middle(each) < y).length;
  };
  const mark = (rows: number | null) => {
    over?.classList.remove("nbt-here-above", "nbt-here-below");
    const there = others();
    over = rows === null ? null : (there[rows] ?? there.at(-1) ?? null);
    over?.classList.add(rows !== null && rows >= there.length ? "nbt-here-below" : "nbt-here-above");
  };
  grip.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    element.classList.add("nbt-dragged");
  });
  grip.addEventListener("pointermove", (event) => {
    if (grip.hasPointerCapture(event.pointerId)) mark(above(event.clientY));
  });
  const end = (event: PointerEvent, done: boolean) => {
    if (!element.classList.contains("nbt-dragged")) return;
    element.classList.remove("nbt-dragged");
    const moved = over !== null;
    mark(null);
    if (done && moved) dropped(above(event.clientY), event);
  };
  grip.addEventListener("pointerup", (event) => end(event, true));
  grip.addEventListener("pointercancel", (event) => end(event, false));
}
