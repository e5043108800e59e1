/** The parts and their shares: a slider and a field for each, which move the others along. */

import { h, setText } from "../dom.ts";
import { moved, named, type Part, percent, read, WHOLE } from "./ratios.ts";

interface Row {
  readonly slider: HTMLInputElement;
  readonly field: HTMLInputElement;
}

export class Shares {
  readonly root = h("div", { class: "nbt-shares" });
  readonly names = h("input", {
    type: "text",
    class: "nbt-parts-names",
    spellcheck: "false",
    autocomplete: "off",
    maxlength: 200,
  });
  readonly #changed: (parts: readonly Part[]) => void;
  #parts: readonly Part[] = [];
  /** What the shares were before a slider was taken in hand: on its way it may push others to the edge and let them back. */
  #before: readonly Part[] | null = null;
  #rows: readonly Row[] = [];
  #drawn = "";

  constructor(changed: (parts: readonly Part[]) => void) {
    this.#changed = changed;
    this.names.addEventListener("change", () => this.#rename());
  }

  draw(parts: readonly Part[]): void {
    this.#parts = parts;
    const key = parts.map(({ name }) => name).join(" ");
    if (key !== this.#drawn) {
      this.#drawn = key;
      this.#before = null;
      this.#rows = parts.map((part, at) => this.#row(part.name, at));
      this.names.value = parts.map(({ name }) => name).join(", ");
    }
    parts.forEach(({ name, share }, at) => {
      const row = this.#rows[at];
      if (row === undefined) return;
      row.slider.value = String(share);
      row.slider.setAttribute("aria-valuetext", `${name} ${percent(share)} %`);
      if (row.field !== row.field.ownerDocument.activeElement) row.field.value = percent(share);
    });
    const strip = this.root.querySelector<HTMLElement>(".nbt-strip-of");
    if (strip !== null)
      [...strip.children].forEach((one, at) => {
        (one as HTMLElement).style.flexGrow = String(parts[at]?.share ?? 0);
        setText(one, `${parts[at]?.name ?? ""} ${percent(parts[at]?.share ?? 0)}`);
      });
  }

  #row(name: string, at: number): Row {
    if (at === 0) this.root.replaceChildren(h("div", { class: "nbt-strip-of", "aria-hidden": "true" }));
    const color = `nbt-part-${at % 7}`;
    this.root.querySelector(".nbt-strip-of")?.append(h("span", { class: color }));
    const slider = h("input", { type: "range", min: 1, max: WHOLE - 1, step: 1, "aria-label": `${name}: share` });
    const field = h("input", {
      type: "text",
      inputmode: "decimal",
      class: "nbt-share",
      "aria-label": `${name} in percent`,
      maxlength: 8,
    });
    slider.addEventListener("keydown", (event) => this.#stride(event, at));
    slider.addEventListener("input", () => {
      this.#before ??= this.#parts;
      this.#changed(moved(this.#before, at, Number(slider.value)));
    });
    slider.addEventListener("change", () => {
      this.#before = null;
    });
    field.addEventListener("change", () => this.#typed(at, field));
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.#typed(at, field);
    });
    field.addEventListener("focus", () => field.select());
    field.addEventListener("blur", () => {
      field.value = percent(this.#parts[at]?.share ?? 0);
    });
    const swatch = h("span", { class: `nbt-swatch ${color}`, "aria-hidden": "true" });
    this.root.append(
      h("div", { class: "nbt-share-row", "data-part": name }, swatch, h("span", {}, name), slider, field, "%"),
    );
    return { slider, field };
  }

  /** By arrow a slider moves a whole percent; with Shift a tenth. */
  #stride(event: KeyboardEvent, at: number): void {
    const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (way === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.#changed(moved(this.#parts, at, (this.#parts[at]?.share ?? 0) + way * (event.shiftKey ? 1 : 10)));
  }

  #typed(at: number, field: HTMLInputElement): void {
    const share = read(field.value);
    if (share !== null && share !== this.#parts[at]?.share) this.#changed(moved(this.#parts, at, share));
    field.value = percent(this.#parts[at]?.share ?? 0);
  }

  #rename(): void {
    const parts = named(this.#parts, this.names.value);
    if (parts.length > 0) this.#changed(parts);
    this.names.value = this.#parts.map(({ name }) => name).join(", ");
  }
}
