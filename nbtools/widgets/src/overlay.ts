/** The panel that stands in the item's place: which one, and what its own buttons and keys do. */

import type { Controller } from "./controller.ts";
import type { Kind } from "./editors/kind.ts";
import { remember, remembered } from "./kept.ts";
import { type Keymap, nameOf, type Remap } from "./keys.ts";
import * as panels from "./panels.ts";
import { finished } from "./state.ts";

type Asked = "help" | "person";

const MODIFIERS = ["Shift", "Control", "Alt", "Meta", "Tab"];

export class Overlay {
  readonly #controller: Controller;
  readonly #kind: Kind;
  readonly #panel: HTMLElement;
  readonly #redraw: () => void;
  #asked: Asked | null = null;
  #editing: string | null = null;
  #key = "";

  constructor(controller: Controller, kind: Kind, panel: HTMLElement, redraw: () => void) {
    this.#controller = controller;
    this.#kind = kind;
    this.#panel = panel;
    this.#redraw = redraw;
  }

  /** Whether a person opened a panel over the item, so that nothing may be said about it. */
  get open(): boolean {
    return this.#asked !== null;
  }

  toggle(asked: Asked): void {
    this.#show(this.#asked === asked ? null : asked);
  }

  /** A click on a button of a panel; true where it was one. */
  click(target: HTMLElement): boolean {
    const { remap, do: what } = target.dataset;
    if (remap !== undefined) this.#edit(remap);
    else if (what === "closePanel") this.#show(null);
    else if (what === "resetKeys") this.#keep({});
    else if (what === "forgetName") {
      remember("name", null);
      window.location.reload();
    } else return false;
    return true;
  }

  /** A key while a panel is open; true where it was meant for the panel. */
  keyed(event: KeyboardEvent): boolean {
    if (this.#editing !== null) return this.#remap(event);
    if (event.key !== "Escape" || !this.open) return false;
    this.#show(null);
    return true;
  }

  /** Draw the panel that the state asks for; `waiting`: there is no item on the screen. */
  draw(keys: Keymap, waiting: boolean): void {
    const [key, make] = this.#which(keys, waiting);
    this.#panel.hidden = key === "";
    if (key === this.#key) return;
    this.#key = key;
    this.#panel.replaceChildren(...make());
    if (key.startsWith("name")) this.#panel.querySelector("input")?.focus({ preventScroll: true });
    if (this.open) this.#panel.querySelector<HTMLElement>(".nbt-primary")?.focus({ preventScroll: true });
  }

  #which(keys: Keymap, waiting: boolean): [string, () => HTMLElement[]] {
    const { state, nameless, trouble } = this.#controller;
    const { opened, failed } = state;
    const options = opened ? this.#kind.options(opened.task) : [];
    if (failed !== null && state.current === null) return [`failed ${failed}`, () => panels.failed(failed)];
    if (nameless) {
      const why = trouble?.of === "name" ? trouble.why : null;
      return [`name ${why}`, () => panels.nameForm(why, (name) => this.#controller.introduce(name))];
    }
    if (this.#asked === "help")
      return [
        `help ${this.#editing} ${remembered("keys")}`,
        () => panels.help(options, this.#kind.commands, keys, this.#editing),
      ];
    if (this.#asked === "person") return ["person", () => panels.otherPerson(opened?.annotator?.name ?? "")];
    if (finished(state))
      return [`done ${JSON.stringify(state.counts)} ${state.pending.size}`, () => panels.done(state)];
    return waiting ? ["waiting", () => panels.skeleton("loading")] : ["", () => []];
  }

  #show(asked: Asked | null): void {
    this.#asked = asked;
    this.#editing = null;
    this.#redraw();
  }

  #edit(action: string): void {
    this.#editing = action;
    this.#redraw();
  }

  #remap(event: KeyboardEvent): boolean {
    if (MODIFIERS.includes(event.key)) return false;
    const name = nameOf(event);
    const action = this.#editing;
    this.#editing = null;
    if (event.key !== "Escape" && name !== null && action !== null) this.#keep({ ...remaps(), [action]: name });
    this.#redraw();
    return true;
  }

  #keep(remap: Remap): void {
    remember("keys", JSON.stringify(remap));
    this.#redraw();
  }
}

/** The keys that this person has changed. */
export function remaps(): Remap {
  try {
    const kept: unknown = JSON.parse(remembered("keys") ?? "{}");
    return typeof kept === "object" && kept !== null ? (kept as Remap) : {};
  } catch {
    return {};
  }
}
