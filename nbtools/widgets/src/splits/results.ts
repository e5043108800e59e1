/** What comes of it: bars of what was asked and reached, facts, who would move, who is in no part. */

import { button, h, setAttribute, setText } from "../dom.ts";
import { count, plural } from "../format.ts";
import type { Controller } from "./controller.ts";
import type { Balance, Outlook } from "./protocol.ts";
import { compared, facts, near, percents, worst } from "./words.ts";

// A bar that is as long as was asked ends here, and what is too much has room.
const ASKED = 0.75;

export class Results {
  readonly root: HTMLElement;
  readonly look = button("look", "Look", [], { "aria-expanded": "false" });
  readonly #controller: Controller;
  readonly #summary = h("p", { class: "nbt-summary" });
  readonly #tables = h("div", { class: "nbt-tables" });
  readonly #facts = h("ul", { class: "nbt-facts" });
  readonly #near = h("span", {});
  readonly #against = h("select", {});
  readonly #compared = h("span", { class: "nbt-compared" });
  readonly #out = h("details", { class: "nbt-out" });
  #drawn: Outlook | null = null;
  #splits = "";

  constructor(controller: Controller) {
    this.#controller = controller;
    const against = h("label", {}, "compare with ", this.#against);
    this.root = h(
      "div",
      { class: "nbt-results" },
      this.#summary,
      this.#tables,
      this.#facts,
      h("p", { class: "nbt-near" }, this.#near, " ", this.look),
      h("p", { class: "nbt-against" }, against, " ", this.#compared),
      this.#out,
    );
    this.#against.addEventListener("change", () => controller.compare(this.#against.value || null));
  }

  draw(): void {
    const { seen, working, refused } = this.#controller;
    setAttribute(this.root, "aria-busy", working === null ? null : "true");
    setAttribute(this.root, "data-stale", refused === null && working === null ? null : "");
    this.#drawSplits();
    if (seen === this.#drawn) return;
    this.#drawn = seen;
    if (seen === null) {
      this.#tables.replaceChildren();
      this.#facts.replaceChildren();
      this.#out.replaceChildren();
      for (const one of [this.#summary, this.#near, this.#compared]) setText(one, "");
      return;
    }
    const out = seen.counts.quarantined > 0 ? `, ${count(seen.counts.quarantined)} in quarantine` : "";
    setText(this.#summary, seen.summary === "" ? `${plural(seen.items, "item")}, all placed anew${out}` : seen.summary);
    this.#tables.replaceChildren(table(seen));
    this.#facts.replaceChildren(
      ...[...seen.balances.map(worst).filter(Boolean), ...facts(seen)].map((words) => h("li", {}, words)),
    );
    setText(this.#near, near(seen));
    setText(this.look.querySelector(".nbt-words") ?? this.look, seen.near === null ? "Look for them" : "Look");
    this.look.hidden = seen.near?.pairs === 0;
    setText(this.#compared, seen.compared === undefined ? "" : compared(seen.compared));
    this.#drawOut(seen);
  }

  #drawSplits(): void {
    const names = this.#controller.version?.splits ?? [];
    const key = names.join(" ");
    if (key !== this.#splits || this.#against.options.length === 0) {
      this.#splits = key;
      const options = ["", ...[...names].reverse()].map((value) => h("option", { value }, value || "no other split"));
      this.#against.replaceChildren(...options);
      this.#against.disabled = names.length === 0;
    }
    this.#against.value = this.#controller.against ?? "";
  }

  #drawOut(seen: Outlook): void {
    this.#out.hidden = seen.quarantine.length === 0;
    const rows = seen.quarantine.map(({ id, was, reason }) =>
      h("li", {}, `${id} was in ${was ?? "no part"}: ${reason}`),
    );
    const all = seen.counts.quarantined;
    const more = all > rows.length ? [h("li", {}, `and ${count(all - rows.length)} more`)] : [];
    this.#out.replaceChildren(
      h("summary", {}, `quarantine: ${plural(all, "item")} in no part`),
      h("ul", {}, ...rows, ...more),
    );
  }
}

function table(seen: Outlook): HTMLElement {
  const head = seen.parts.map(({ name, target }, at) => {
    const asked = target === null ? "" : `asked ${percents(target)} %`;
    return h(
      "th",
      { scope: "col" },
      h("span", { class: `nbt-swatch nbt-part-${at % 7}`, "aria-hidden": "true" }),
      ` ${name} `,
      h("small", {}, asked),
    );
  });
  const all = row(
    "all items",
    seen.parts.map(({ items }) => items),
    seen,
    null,
  );
  const bodies = seen.balances.map((balance) => {
    const title = h(
      "tr",
      {},
      h("th", { scope: "colgroup", colspan: seen.parts.length + 1, class: "nbt-column-of" }, balance.column),
    );
    const rows = balance.rows.map(({ value, counts }) => row(value, counts, seen, balance));
    const more =
      balance.more > 0
        ? [h("tr", {}, h("td", { colspan: seen.parts.length + 1 }, `and ${count(balance.more)} rarer ones`))]
        : [];
    return h("tbody", {}, title, ...rows, ...more);
  });
  return h(
    "table",
    {},
    h("caption", { class: "nbt-live" }, "Share of each part, in percent, overall and for each class"),
    h("thead", {}, h("tr", {}, h("td", {}), ...head)),
    h("tbody", {}, all),
    ...bodies,
  );
}

function row(name: string, counts: readonly number[], seen: Outlook, balance: Balance | null): HTMLElement {
  const total = counts.reduce((a, b) => a + b, 0);
  const cells = counts.map((items, at) => {
    const part = seen.parts[at];
    const share = total === 0 ? 0 : items / total;
    const asked = part?.target ?? part?.share ?? 0;
    const isWorst = balance?.worst?.value === name && balance.worst.part === part?.name;
    const bar = h("span", { class: `nbt-fill nbt-part-${at % 7}` });
    bar.style.width = `${Math.min(100, asked > 0 ? (share / asked) * ASKED * 100 : 0)}%`;
    const track = h("span", { class: "nbt-track", "aria-hidden": "true" }, bar, h("span", { class: "nbt-tick" }));
    const number = h("span", { class: "nbt-number", title: `${count(items)} of ${count(total)}` }, percents(share));
    return h("td", { class: "nbt-cell", "data-worst": isWorst, "data-empty": items === 0 }, track, number);
  });
  return h("tr", {}, h("th", { scope: "row" }, name, " ", h("small", {}, count(total))), ...cells);
}
