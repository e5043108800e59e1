/** How it is decided who goes where, and what each way is set to. */

import { h, setAttribute, setText } from "../dom.ts";
import type { Controller } from "./controller.ts";
import { Field } from "./field.ts";
import type { Strategy, Wanted } from "./protocol.ts";
import { percent, read } from "./ratios.ts";

const WAYS: Readonly<Record<Strategy, readonly [name: string, what: string]>> = {
  ledger: ["ledger", "what was decided stays; new items fill what is lacking"],
  time: ["time", "trained on the past, tested on what came later"],
  folds: ["k folds", "validated on in turn, beside a test set"],
  hash: ["hash", "by the id alone; sizes are as chance has them"],
  predefined: ["predefined", "as it came with the data"],
};
/** Which controls a strategy has of its own; `shares` are parts with sliders, `parts` only their names. */
export const OWN: Readonly<Record<Strategy, readonly string[]>> = {
  ledger: ["ratios", "missing", "seed", "rare", "fresh", "balanced"],
  time: ["ratios", "time", "begin", "gap", "straddling", "undated", "missing", "fresh"],
  folds: ["folds", "test", "missing", "seed", "rare", "fresh", "balanced"],
  hash: ["ratios", "missing", "seed"],
  predefined: ["column", "rest"],
};

const select = (options: Readonly<Record<string, string>>): HTMLSelectElement => {
  const made = h("select", {});
  fill(made, options);
  return made;
};
const input = (more: Readonly<Record<string, string>>): HTMLInputElement =>
  h("input", { type: "text", autocomplete: "off", spellcheck: "false", maxlength: 64, ...more });

function fill(made: HTMLSelectElement, options: Readonly<Record<string, string>>): void {
  const key = JSON.stringify(options);
  if (made.dataset["options"] === key) return;
  made.dataset["options"] = key;
  made.replaceChildren(
    ...Object.entries(options).map(([value, words]) => {
      const option = h("option", { value });
      setText(option, words);
      return option;
    }),
  );
}

export class Ways {
  readonly fields: Readonly<Record<string, Field>>;
  readonly cutoffs = h("div", { class: "nbt-cutoffs" });
  readonly #controller: Controller;
  readonly #way = select(Object.fromEntries(Object.entries(WAYS).map(([value, [name]]) => [value, name])));
  readonly #time = h("select", {});
  readonly #begin = select({ "": "by shares of the items", at: "at times that are named" });
  readonly #gap = input({ placeholder: "such as 7D" });
  readonly #straddling = select({ "": "leave out", earlier: "all into the earlier", later: "all into the later" });
  readonly #undated = select({ "": "refuse", drop: "leave out", first: "into the first part" });
  readonly #folds = input({ inputmode: "numeric" });
  readonly #test = input({ inputmode: "decimal" });
  readonly #column = h("select", {});
  readonly #rest = select({ "": "refuse", drop: "leave out", train: "into train" });
  #names = "";

  constructor(controller: Controller) {
    this.#controller = controller;
    this.fields = {
      strategy: new Field("strategy", "strategy", this.#way, "how it is decided who goes where"),
      time: new Field("time", "time", this.#time, "when each item came about"),
      begin: new Field("parts begin", "begin", this.#begin, "in the order of time"),
      gap: new Field("gap", "gap", this.#gap, "left out before each part begins"),
      straddling: new Field("groups on both sides", "straddling", this.#straddling, "of the time when a part begins"),
      undated: new Field("without a time", "undated", this.#undated, "items that have none"),
      folds: new Field("folds", "folds", this.#folds, "2 to 50, of equal size"),
      test: new Field("test set in percent", "test", this.#test, "in no fold; 0 for none"),
      column: new Field("named by", "column", this.#column, "what says which part an item is in"),
      rest: new Field("without a part", "rest", this.#rest, "items that none is named for"),
    };
    this.#listen();
  }

  draw(): void {
    const { wanted, version } = this.#controller;
    const times = (version?.times ?? []).map(({ name }) => [name, name]);
    fill(this.#time, times.length > 0 ? Object.fromEntries(times) : { "": "no column has times" });
    const columns = (version?.columns ?? []).map((name) => [`=${name}`, name]);
    fill(this.#column, { "": "the folders of raw/", ...Object.fromEntries(columns) });
    this.#way.value = wanted.strategy;
    this.#time.value = wanted.time ?? "";
    this.#begin.value = wanted.cutoffs === null ? "" : "at";
    [this.#straddling.value, this.#undated.value] = [wanted.straddling ?? "", wanted.undated ?? ""];
    this.#column.value = wanted.column === null ? "" : `=${wanted.column}`;
    this.#rest.value = wanted.rest ?? "";
    quietly(this.#gap, String(wanted.gap ?? ""));
    quietly(this.#folds, String(wanted.folds));
    quietly(this.#test, percent(wanted.test));
    const own = OWN[wanted.strategy];
    for (const [name, { root }] of Object.entries(this.fields))
      root.hidden = name !== "strategy" && !own.includes(name);
    this.#drawCutoffs(wanted);
  }

  /** What the way that was chosen is. */
  get help(): string {
    return WAYS[this.#controller.wanted.strategy][1];
  }

  #drawCutoffs({ cutoffs, strategy }: Wanted): void {
    const parts = strategy === "time" ? cutoffs : null;
    this.cutoffs.hidden = parts === null;
    const names = (parts ?? []).map(({ name }) => name);
    if (names.join() !== this.#names) {
      this.#names = names.join();
      this.cutoffs.replaceChildren(...names.map((name, at) => this.#cutoff(name, at)));
    }
    [...this.cutoffs.querySelectorAll("input")].forEach((field, at) => {
      quietly(field, String(parts?.[at + 1]?.from ?? ""));
    });
  }

  #cutoff(name: string, at: number): HTMLElement {
    const swatch = h("span", { class: `nbt-swatch nbt-part-${at % 7}`, "aria-hidden": "true" });
    if (at === 0) return h("div", { class: "nbt-cutoff" }, swatch, h("span", {}, name), "from the first item on");
    const field = input({ "aria-label": `${name} begins at`, placeholder: "such as 2026-05-31" });
    this.#typed(field, () => {
      const cutoffs = (this.#controller.wanted.cutoffs ?? []).map((one, index) =>
        index === at ? { ...one, from: this.#moment(field.value) } : one,
      );
      this.#controller.change({ cutoffs });
    });
    return h("div", { class: "nbt-cutoff" }, swatch, h("span", {}, name), field);
  }

  /** Times are text, or numbers where the column holds numbers. */
  #moment(text: string): string | number | null {
    const { wanted, version } = this.#controller;
    const plain = text.trim();
    const number = version?.times.find(({ name }) => name === wanted.time)?.number === true;
    if (plain === "") return null;
    return number && Number.isFinite(Number(plain)) ? Number(plain) : plain;
  }

  #listen(): void {
    const change = (some: Partial<Wanted>) => this.#controller.change(some);
    const chosen = (made: HTMLSelectElement, act: (value: string) => Partial<Wanted>) =>
      made.addEventListener("change", () => change(act(made.value)));
    chosen(this.#way, (strategy) => ({ strategy: strategy as Strategy }));
    chosen(this.#time, (time) => ({ time: time || null }));
    chosen(this.#begin, (at) => ({
      cutoffs: at === "" ? null : this.#controller.wanted.ratios.map(({ name }) => ({ name, from: null })),
    }));
    chosen(this.#straddling, (one) => ({ straddling: (one || null) as Wanted["straddling"] }));
    chosen(this.#undated, (one) => ({ undated: (one || null) as Wanted["undated"] }));
    chosen(this.#column, (one) => ({ column: one === "" ? null : one.slice(1) }));
    chosen(this.#rest, (one) => ({ rest: one || null }));
    this.#typed(this.#gap, () => change({ gap: this.#moment(this.#gap.value) }));
    this.#typed(this.#folds, () => {
      const folds = Number(this.#folds.value);
      if (Number.isInteger(folds) && folds >= 2 && folds <= 50) change({ folds });
    });
    this.#typed(this.#test, () => {
      const test = /^\s*0+([.,]0*)?\s*%?\s*$/.test(this.#test.value) ? 0 : read(this.#test.value);
      if (test !== null) change({ test });
    });
  }

  /** What is typed counts when it is done; what cannot be is put back. */
  #typed(field: HTMLInputElement, act: () => void): void {
    field.addEventListener("change", act);
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") act();
    });
    field.addEventListener("blur", () => this.draw());
  }
}

function quietly(field: HTMLInputElement, value: string): void {
  if (field !== field.ownerDocument.activeElement) field.value = value;
  setAttribute(field, "data-value", value);
}
