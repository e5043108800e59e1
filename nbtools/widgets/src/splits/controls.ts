/** What is chosen: version, parts, columns, seed and rules; what is wrong with one stands below it. */

import { h, setText } from "../dom.ts";
import { count } from "../format.ts";
import { Columns } from "./columns.ts";
import type { Controller } from "./controller.ts";
import { Field } from "./field.ts";
import type { Missing } from "./protocol.ts";
import { Shares } from "./shares.ts";
import { OWN, Ways } from "./strategy.ts";

export class Controls {
  readonly root: HTMLElement;
  readonly version = h("select", { class: "nbt-version" });
  readonly #controller: Controller;
  readonly #shares: Shares;
  readonly #ways: Ways;
  readonly #checks: Readonly<Record<string, HTMLElement>>;
  readonly #stratify: Columns;
  readonly #groups: Columns;
  readonly #seed = h("input", {
    type: "text",
    class: "nbt-seed",
    spellcheck: "false",
    autocomplete: "off",
    maxlength: 64,
  });
  readonly #missing = h("select", {});
  readonly #near = check();
  readonly #fresh = check();
  readonly #rare = check();
  readonly #fields: Readonly<Record<string, Field>>;
  #versions = "";

  constructor(controller: Controller) {
    this.#controller = controller;
    this.#shares = new Shares((ratios) => controller.change({ ratios }));
    this.#ways = new Ways(controller);
    this.#stratify = new Columns((stratify) => controller.change({ stratify }));
    this.#groups = new Columns((groups) => controller.change({ groups }));
    for (const [value, words] of Object.entries({ "": "refuse", alone: "each on its own", together: "all together" }))
      this.#missing.append(h("option", { value }, words));
    this.#fields = {
      ratios: new Field("parts", "ratios", this.#shares.names, "two or more names; their shares add up to 100 %"),
      stratify: new Field("stratify by", "stratify", this.#stratify.root, "alike in all parts", true),
      groups: new Field("keep together", "groups", this.#groups.root, "items that share a value are in one part", true),
      missing: new Field("without a value", "missing", this.#missing, "items that have none in a column of groups"),
      seed: new Field("seed", "seed", this.#seed, "decides between what is alike"),
    };
    const box = (field: HTMLElement, words: string, title: string) =>
      h("label", { class: "nbt-check", title }, field, h("span", {}, words));
    this.#checks = {
      near: box(this.#near, "keep near-duplicates together", "images that look alike, and texts that read alike"),
      rare: box(this.#rare, "take answers that one item only has", "they can be in one part only"),
      fresh: box(this.#fresh, "begin anew", "carry on no earlier split"),
    };
    this.root = this.#build();
    this.#listen();
  }

  draw(): void {
    const { wanted, version, refused } = this.#controller;
    this.#drawVersions();
    const columns = version?.columns ?? [];
    this.#shares.draw(wanted.ratios);
    this.#stratify.draw(wanted.stratify, columns);
    this.#groups.draw(wanted.groups, columns);
    this.#missing.value = wanted.missing ?? "";
    this.#missing.disabled = wanted.groups.length === 0;
    if (this.#seed !== this.#seed.ownerDocument.activeElement) this.#seed.value = wanted.seed;
    [this.#near.checked, this.#fresh.checked, this.#rare.checked] = [wanted.near, wanted.fresh, wanted.rare];
    this.#ways.draw();
    this.#drawOwn();
    const at = refused === null ? null : refused.of === "rare" ? "stratify" : refused.of;
    const balanced = OWN[wanted.strategy].includes("balanced");
    for (const [name, field] of Object.entries({ ...this.#ways.fields, ...this.#fields })) {
      const why = name === at || (at === "cutoffs" && name === "ratios") ? (refused?.refused ?? null) : null;
      if (name === "stratify" && !balanced) field.say(why, "compared below; this strategy balances nothing");
      else field.say(why, name === "strategy" ? this.#ways.help : undefined);
    }
  }

  /** What another strategy has is not there. */
  #drawOwn(): void {
    const { wanted } = this.#controller;
    const own = OWN[wanted.strategy];
    for (const name of ["ratios", "missing", "seed"]) {
      const field = this.#fields[name];
      if (field !== undefined) field.root.hidden = !own.includes(name);
    }
    this.#shares.root.hidden = !own.includes("ratios") || !this.#ways.cutoffs.hidden;
    for (const name of ["rare", "fresh"]) {
      const box = this.#checks[name];
      if (box !== undefined) box.hidden = !own.includes(name);
    }
  }

  #build(): HTMLElement {
    const { ratios, stratify, groups, missing, seed } = this.#fields;
    return h(
      "div",
      { class: "nbt-controls" },
      h("div", { class: "nbt-fields nbt-ways" }, ...Object.values(this.#ways.fields).map(({ root }) => root)),
      h("div", { class: "nbt-ratios" }, h("div", {}, this.#shares.root, this.#ways.cutoffs), ratios?.root ?? ""),
      h("div", { class: "nbt-fields" }, ...[stratify, groups, missing, seed].map((one) => one?.root ?? "")),
      h("div", { class: "nbt-checks" }, ...Object.values(this.#checks)),
    );
  }

  #listen(): void {
    const controller = this.#controller;
    this.version.addEventListener("change", () => void controller.choose(this.version.value));
    const seed = () => {
      if (this.#seed.value.trim() !== controller.wanted.seed)
        controller.change({ seed: this.#seed.value.trim() || "0" });
    };
    this.#seed.addEventListener("input", seed);
    this.#seed.addEventListener("blur", () => {
      this.#seed.value = controller.wanted.seed;
    });
    this.#missing.addEventListener("change", () =>
      controller.change({ missing: this.#missing.value === "" ? null : (this.#missing.value as Missing) }),
    );
    this.#near.addEventListener("change", () => controller.change({ near: this.#near.checked }));
    this.#fresh.addEventListener("change", () => controller.change({ fresh: this.#fresh.checked }));
    this.#rare.addEventListener("change", () => controller.change({ rare: this.#rare.checked }));
  }

  #drawVersions(): void {
    const { opened, version } = this.#controller;
    const key = JSON.stringify(opened?.versions ?? []);
    if (key !== this.#versions) {
      this.#versions = key;
      const lines = [...(opened?.versions ?? [])].reverse();
      this.version.replaceChildren(
        ...lines.map(({ name, items, message }) => {
          const option = h("option", { value: name });
          setText(
            option,
            [`${name} · ${count(items)} items`, ...(message === "" ? [] : [message.slice(0, 60)])].join(" · "),
          );
          return option;
        }),
      );
    }
    if (version !== null) this.version.value = version.version;
  }
}

const check = (): HTMLInputElement => h("input", { type: "checkbox" });
