/** Shapes that a model suggests, below those that are the person's: in dashes, and out of reach of presses and keys. */

import type { Suggestion } from "../protocol.ts";
import type { Form } from "../rules/form.ts";
import { drawingOf, fitted, type Shape } from "../rules/shapes.ts";
import type { Size } from "../zoom.ts";
import { proposedName } from "./proposed.ts";
import type { Look } from "./shapelayer.ts";
import { drawTagBelow, svg } from "./svg.ts";

export class ShapeProposals {
  readonly element: SVGSVGElement;
  readonly #form: Form;
  readonly #look: Look;
  #drawn: Suggestion | null = null;

  constructor(form: Form, look: Look) {
    this.#form = form;
    this.#look = look;
    this.element = svg("svg", { class: "nbt-proposals", "data-form": form.noun[0], "aria-hidden": "true" });
  }

  clear(): void {
    this.#drawn = null;
    this.element.replaceChildren();
  }

  /** `size`: of the picture; `unit`: how many of its pixels a CSS pixel takes; `most`: with more shapes they go without names. */
  draw(suggestion: Suggestion | null, size: Size, unit: number, most: number): void {
    if (suggestion === this.#drawn) return;
    this.clear();
    this.#drawn = suggestion;
    if (suggestion === null) return;
    const { shapes } = fitted(drawingOf(this.#form, suggestion.value), size);
    const named = shapes.length <= most;
    this.element.append(
      ...shapes.map((shape) => {
        const name = proposedName(this.#look.tag(shape.option), suggestion, shapes.length);
        return this.#shape(shape, named ? name : "", unit, size.height);
      }),
    );
  }

  #shape({ option, at }: Shape, name: string, unit: number, height: number): SVGGElement {
    const d = this.#form.path(at);
    const lines = [svg("path", { class: "nbt-under", d }), svg("path", { class: "nbt-over", d })];
    const tag = svg("text", { class: "nbt-tag" });
    drawTagBelow(tag, name, at, unit, height);
    const group = svg("g", { class: "nbt-proposal" }, ...lines, tag);
    group.style.setProperty("--nbt-color", this.#look.color(option));
    return group;
  }
}
