/** What a view asks for once its first item is on the screen, so that it is there before it is needed. */

import type { Around, LaterAround } from "./around.ts";
import type { Controller } from "./controller.ts";
import { h } from "./dom.ts";
import type { Desk } from "./editing.ts";
import type { Kind } from "./editors/kind.ts";
import type { Keymap, Meaning } from "./keys.ts";
import type { Press } from "./presented.ts";
import type { ModuleName } from "./protocol.ts";
import type { Skin } from "./skin.ts";

/** What of a view is needed around the item. */
export interface Host {
  readonly controller: Controller;
  readonly kind: Kind;
  readonly skin: Skin;
  readonly desk: Desk;
  keys(): Keymap;
  refuse(words: string, pressed: Element | null): void;
}

export class Rest {
  readonly #host: Host;
  readonly #sheets = new Set<string>();
  #around: Around | null = null;

  constructor(host: Host) {
    this.#host = host;
  }

  /** A bundle of ours, whose style sheet is put where the view is drawn. */
  async module(name: ModuleName): Promise<unknown> {
    const found = (await this.#host.controller.requests.module(name)) as { readonly sheet?: string };
    if (found.sheet !== undefined && !this.#sheets.has(name)) this.#host.skin.root.append(h("style", {}, found.sheet));
    this.#sheets.add(name);
    return found;
  }

  /** Have it come, if it has not. */
  settle(then: (around: Around) => void = () => {}): void {
    if (this.#around !== null) then(this.#around);
    else void this.#load().then(then, () => {});
  }

  draw(): void {
    this.#around?.draw();
  }

  /** Take what stands in the field for a comment. */
  close(): void {
    this.#around?.commenting.close();
  }

  keyed(event: KeyboardEvent): boolean {
    return this.#around?.keyed(event) === true;
  }

  /** Whether the item is covered, so that nothing may be said about it. */
  get covered(): boolean {
    return this.#around?.bulking.open === true;
  }

  /** Whether a press was meant for what covers the item. */
  press(meaning: Meaning, press: Press, pressed: HTMLElement | null): boolean {
    return this.#around?.bulking.press(meaning, press, pressed) === true;
  }

  reverse(type: "undo" | "redo"): boolean {
    return this.#around?.bulking.reverse(type) === true;
  }

  async #load(): Promise<Around> {
    const { Around } = (await this.module("later")) as LaterAround;
    this.#around ??= new Around(this.#host);
    this.draw();
    return this.#around;
  }
}
