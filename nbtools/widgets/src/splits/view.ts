/** One view of a SplitBuilder: draws what the controller has. It decides nothing. */

import { button, h, setAttribute, setText } from "../dom.ts";
import { focusAtStart, giveBack } from "../focus.ts";
import { count } from "../format.ts";
import type { Controller } from "./controller.ts";
import { Controls } from "./controls.ts";
import { Gallery } from "./gallery.ts";
import { Results } from "./results.ts";
import { Saving } from "./saving.ts";

const NONE =
  'There is no version to split yet. Freeze one, on the page of versions or in a notebook: ds.freeze("first"). ' +
  "Then load this page, or run this cell, again.";

export class View {
  readonly #controller: Controller;
  readonly #controls: Controls;
  readonly #results: Results;
  readonly #gallery: Gallery;
  readonly #saving: Saving;
  readonly #root: HTMLElement;
  readonly #title = h("strong", { class: "nbt-title" });
  readonly #state = h("span", { class: "nbt-state" });
  readonly #live = h("p", { class: "nbt-live", role: "status" });
  readonly #cancel = button("cancel", "Cancel", [], { class: "nbt-cancel" });
  readonly #body = h("div", { class: "nbt-body" });
  readonly #empty = h("p", { class: "nbt-empty" });
  readonly #version = h("label", {}, "version ");
  readonly #end = new AbortController();
  readonly #unsubscribe: () => void;

  constructor(controller: Controller, el: HTMLElement, sheet: string) {
    this.#controller = controller;
    this.#controls = new Controls(controller);
    this.#results = new Results(controller);
    this.#gallery = new Gallery(controller);
    this.#saving = new Saving(controller);
    this.#version.append(this.#controls.version);
    const head = h("header", { class: "nbt-head" }, this.#title, this.#version, this.#state, this.#cancel);
    this.#body.append(this.#controls.root, this.#results.root, this.#gallery.root, this.#saving.root);
    this.#root = h(
      "section",
      { class: "nbt-splits", tabindex: -1, "aria-label": "Split builder", "data-lm-suppress-shortcuts": "true" },
      h("style", {}, sheet),
      head,
      this.#empty,
      this.#body,
      this.#live,
    );
    el.append(this.#root);
    this.#listen();
    this.#unsubscribe = controller.subscribe(() => this.#draw());
    this.#draw();
    focusAtStart(this.#root);
  }

  close(): void {
    this.#end.abort();
    this.#unsubscribe();
    this.#gallery.close();
    this.#root.remove();
  }

  #listen(): void {
    const { signal } = this.#end;
    this.#cancel.addEventListener("click", () => this.#controller.cancel(), { signal });
    this.#results.look.addEventListener("click", () => this.#look(), { signal });
    for (const type of ["pointerdown", "keydown"])
      this.#root.addEventListener(type, () => this.#controller.attended(), { signal });
    this.#root.addEventListener(
      "keydown",
      (event) => {
        event.stopPropagation();
        if (event.key === "Escape") giveBack(this.#root);
      },
      { signal },
    );
  }

  #look(): void {
    const open = !this.#gallery.open;
    setAttribute(this.#results.look, "aria-expanded", String(open));
    if (open && this.#controller.seen?.near === null) this.#controller.look();
    this.#gallery.toggle(open);
  }

  #draw(): void {
    const { opened, failed } = this.#controller;
    setText(this.#title, opened?.dataset.name ?? "");
    const none = opened !== null && opened.versions.length === 0;
    const why = failed ?? (none ? NONE : null);
    this.#empty.hidden = why === null;
    setText(this.#empty, why ?? "");
    this.#version.hidden = why !== null;
    this.#body.hidden = why !== null;
    setAttribute(this.#root, "data-state", this.#controller.seen === null ? "still" : "shown");
    const said = this.#said();
    setText(this.#state, said);
    this.#cancel.style.visibility = this.#controller.working === null ? "hidden" : "visible";
    if (this.#controller.working === null) setText(this.#live, said);
    this.#controls.draw();
    this.#results.draw();
    this.#gallery.draw();
    this.#saving.draw();
  }

  #said(): string {
    const { link, working, refused, seen } = this.#controller;
    if (!link.connected) return "not connected: what you chose is kept on this page";
    if (working !== null) {
      const { done, total } = working;
      return total === null || total === 0 ? "working…" : `looked at ${count(done)} of ${count(total)} images`;
    }
    if (refused !== null) return refused.of === "all" ? refused.refused : "it can't be split so: see below";
    return seen === null ? "" : `previewed · ${count(seen.items)} items in ${count(seen.units)} units`;
  }
}
