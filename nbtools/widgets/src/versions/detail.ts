/** One item large, with what the version says of it and what became of its labels. */

import { h } from "../dom.ts";
import { plain, size } from "../format.ts";
import type { Prepared, Source } from "../items/prepared.ts";
import { rare } from "../items/rare.ts";
import type { Controller, Known } from "./controller.ts";
import type { Detail, Look, Row, Said } from "./protocol.ts";
import { asItem, sourceOf } from "./source.ts";
import { day, nameOf, saying } from "./words.ts";

const SKELETON_MS = 150;
const HIDDEN = ["id", "source", "sources", "path", "bytes", "width", "height", "sha256", "recipe", "content", "row"];

export class DetailView {
  readonly element = h("div", { class: "nbt-detail", hidden: true });
  readonly #controller: Controller;
  readonly #stage = h("div", { class: "nbt-stage" });
  readonly #tools = h("div", { class: "nbt-tools" });
  readonly #facts = h("div", { class: "nbt-facts", tabindex: 0, role: "region", "aria-label": "about this item" });
  readonly #title = h("h3", { class: "nbt-detail-title", dir: "auto" });
  readonly #place = h("span", { class: "nbt-quiet" });
  #key = "";
  #prepared: Prepared | null = null;
  #abort = new AbortController();

  constructor(controller: Controller) {
    this.#controller = controller;
    const go = (what: string, words: string, key: string) =>
      h(
        "button",
        { type: "button", "data-do": what, "aria-keyshortcuts": key },
        h("kbd", { "aria-hidden": "true" }, key === "Escape" ? "Esc" : key === "ArrowLeft" ? "←" : "→"),
        words,
      );
    const head = h("div", { class: "nbt-detail-head" }, go("close", "back", "Escape"), this.#title, this.#place);
    head.append(go("previous", "previous", "ArrowLeft"), go("next", "next", "ArrowRight"));
    this.element.append(
      head,
      h(
        "div",
        { class: "nbt-detail-body" },
        h("div", { class: "nbt-detail-item" }, this.#stage, this.#tools),
        this.#facts,
      ),
    );
  }

  /** Whether `action` meant something for the item. */
  act(action: string): boolean {
    return this.#prepared?.act(action) ?? false;
  }

  hide(): void {
    this.element.hidden = true;
    this.#clear("");
  }

  draw(look: Look, position: number, total: number): void {
    this.element.hidden = false;
    const known = this.#controller.item(look, position);
    this.#place.textContent = `${position + 1} of ${total}`;
    const key = `${position} ${JSON.stringify(look)} ${known.value === null ? known.why : "here"}`;
    if (key === this.#key) return;
    this.#clear(key);
    if (known.value !== null) this.#show(known.value);
    else this.#wait(known);
  }

  #clear(key: string): void {
    this.#key = key;
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#prepared?.hidden();
    this.#prepared?.dispose();
    this.#prepared = null;
    this.#stage.replaceChildren();
    this.#tools.replaceChildren();
  }

  #wait(known: Known<Detail>): void {
    if (known.why !== null) {
      this.#stage.replaceChildren(failure(known.why));
      this.#facts.replaceChildren();
      return;
    }
    const { signal } = this.#abort;
    setTimeout(() => {
      if (!signal.aborted)
        this.#stage.replaceChildren(h("div", { class: "nbt-skeleton nbt-bone", "aria-hidden": "true" }));
    }, SKELETON_MS);
  }

  #show(detail: Detail): void {
    const { item: row, content } = detail;
    this.#title.textContent = nameOf(row);
    this.#facts.replaceChildren(...facts(detail));
    if (content.form === "error") {
      this.#stage.replaceChildren(failure(content.why));
      return;
    }
    const prepared = rare(asItem(row, content), this.#source(row));
    if (prepared.blocked !== null) {
      this.#stage.replaceChildren(failure(prepared.blocked));
      return;
    }
    this.#prepared = prepared;
    const { signal } = this.#abort;
    prepared.ready.then(
      () => {
        if (signal.aborted) return;
        this.#stage.replaceChildren(prepared.element);
        this.#tools.replaceChildren(...prepared.tools);
      },
      (error: unknown) => {
        if (!signal.aborted)
          this.#stage.replaceChildren(failure(error instanceof Error ? error.message : String(error)));
      },
    );
  }

  #source(row: Row): Source {
    return sourceOf(this.#controller, row, {
      room: () => ({
        width: this.#stage.clientWidth * devicePixelRatio,
        height: this.#stage.clientHeight * devicePixelRatio,
      }),
      changed: (message) => {
        if (message !== null) this.#place.textContent = message;
      },
      signal: this.#abort.signal,
    });
  }
}

/** A picture that says why there is none. */
const failure = (why: string): HTMLElement =>
  h(
    "div",
    { class: "nbt-failure", role: "note" },
    h("strong", {}, "This item cannot be shown"),
    h("p", { class: "nbt-why" }, why),
  );

function facts({ item: row, labels, history }: Detail): HTMLElement[] {
  const own = Object.entries(row).filter(([name, value]) => !HIDDEN.includes(name) && value !== null && value !== "");
  const pixels =
    row["width"] === null || row["width"] === undefined
      ? []
      : [["pixels", `${plain(row["width"])} × ${plain(row["height"])}`]];
  const bytes = typeof row["bytes"] === "number" ? [["size", size(row["bytes"])]] : [];
  const rest = [
    ["source", plain(row["sources"] ?? row["source"])],
    ["file", plain(row["path"])],
    ["id", plain(row["id"])],
  ];
  const pairs = [...own.map(([name, value]) => [name, plain(value)]), ...pixels, ...bytes, ...rest];
  const list = h(
    "dl",
    { class: "nbt-record" },
    ...pairs.flatMap(([name, value]) => [h("dt", {}, name ?? ""), h("dd", { dir: "auto" }, value ?? "")]),
  );
  return [
    list,
    ...said("Labels in this version", labels, "None."),
    ...said("What was said of it, until today", history, "Nothing yet."),
  ];
}

function said(title: string, lines: readonly Said[], nothing: string): HTMLElement[] {
  const rows = lines.map((line) => {
    const comment = line.comment === null || line.comment === "" ? [] : [h("q", { dir: "auto" }, line.comment)];
    const when = line.at === null ? "" : day(line.at);
    return h(
      "li",
      {},
      h("span", { class: "nbt-quiet" }, `${line.task} `),
      h("span", { dir: "auto" }, saying(line)),
      " ",
      ...comment,
      h("span", { class: "nbt-quiet" }, ` ${when}`),
    );
  });
  const body = rows.length === 0 ? h("p", { class: "nbt-quiet" }, nothing) : h("ol", { class: "nbt-says" }, ...rows);
  return [h("h4", {}, title), body];
}
