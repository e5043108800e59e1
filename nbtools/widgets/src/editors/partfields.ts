/** The attributes of the shape or region that is selected, each in a field that stays where it is. */

import { h, setAttribute } from "../dom.ts";
import type { Press } from "../presented.ts";
import type { Json, Task } from "../protocol.ts";
import type { Fields } from "../rules/form.ts";
import { type Attribute, attributesOf, readAs } from "../rules/partattributes.ts";
import { pressOf } from "./kind.ts";

/** `run`: typed words are one step. */
export type Say = (name: string, value: Json, press: Press | null, run: string | null) => void;
type Field = HTMLInputElement | HTMLSelectElement;

export class PartFields {
  readonly element: HTMLElement;
  readonly #fields: readonly (readonly [Attribute, Field])[];
  readonly #say: Say;

  /** `part`: what has them, such as a shape. */
  constructor(task: Task, part: string, say: Say) {
    this.#say = say;
    this.element = h("div", { class: "nbt-attributes", role: "group", "aria-label": `attributes of the ${part}` });
    this.#fields = attributesOf(task).map((attribute) => [attribute, fieldOf(attribute)] as const);
    for (const [attribute, field] of this.#fields) {
      field.addEventListener("input", (event) => this.#changed(attribute, field, event));
      const name = h("span", { dir: "auto" }, attribute.name);
      this.element.append(h("label", {}, ...(attribute.type === "bool" ? [field, name] : [name, field])));
    }
  }

  get count(): number {
    return this.#fields.length;
  }

  /** Take the keys to the first field; false where there is none that can be filled in. */
  enter(): boolean {
    const field = this.#fields[0]?.[1];
    if (field === undefined || field.disabled) return false;
    field.focus({ preventScroll: true });
    return true;
  }

  /** Whether one of them has the keys. */
  get focused(): boolean {
    const { activeElement } = this.element.getRootNode() as Document | ShadowRoot;
    return this.has(activeElement);
  }

  /** Whether a key leaves them, so that it goes back to where keys change the part. */
  keyed({ key, target }: KeyboardEvent): boolean {
    return this.has(target) && (key === "Enter" || key === "Escape");
  }

  has(target: EventTarget | null): boolean {
    return this.#fields.some(([, field]) => field === target);
  }

  /** `said`: of the one that is selected; `null` while none is. */
  draw(said: Fields | null): void {
    for (const [attribute, field] of this.#fields) {
      const value = said?.[attribute.name] ?? null;
      field.disabled = said === null;
      if (field instanceof HTMLInputElement && attribute.type === "bool") {
        field.checked = value === true;
        continue;
      }
      const typed = readAs(attribute, field.value);
      const typing = typed === value || (field.matches(":focus") && typed === undefined);
      if (!typing) field.value = value === null ? "" : String(value);
      setAttribute(field, "aria-invalid", readAs(attribute, field.value) === undefined ? "true" : null);
    }
  }

  #changed(attribute: Attribute, field: Field, event: Event): void {
    const { name, type } = attribute;
    if (field instanceof HTMLInputElement && type === "bool") this.#say(name, field.checked, pressOf(event), null);
    else {
      const value = readAs(attribute, field.value);
      setAttribute(field, "aria-invalid", value === undefined ? "true" : null);
      if (value !== undefined) this.#say(name, value, null, type === "options" ? null : `typed ${name}`);
    }
  }
}

function fieldOf({ name, type, options }: Attribute): Field {
  if (type === "options")
    return h(
      "select",
      { "aria-label": name },
      h("option", { value: "" }, "–"),
      ...options.map((one) => h("option", { value: one }, one)),
    );
  if (type === "bool") return h("input", { type: "checkbox", "aria-label": name });
  const number = type === "number" ? { inputmode: "decimal", class: "nbt-short-field" } : { maxlength: 1000 };
  return h("input", { type: "text", autocomplete: "off", "aria-label": name, ...number });
}
