/** What stands around the item from the first press on: the last items, a comment, and whose labels they are. */

import { Bulking } from "./bulking.ts";
import { Commenting } from "./commenting.ts";
import { h, setAttribute, setText } from "./dom.ts";
import { giveBack } from "./focus.ts";
import { Guiding } from "./guiding.ts";
import { remembered } from "./kept.ts";
import { panelsOf } from "./panel.ts";
import type { Host } from "./rest.ts";
import { Standing } from "./standing.ts";
import { Strip } from "./strip.ts";
import { Suggesting } from "./suggesting.ts";

/** What the bundle `later` exports for this. */
export interface LaterAround {
  readonly Around: typeof Around;
}

export class Around {
  readonly giveBack = giveBack;
  readonly panelsOf = panelsOf;
  readonly commenting: Commenting;
  readonly guiding: Guiding;
  readonly bulking: Bulking;
  readonly #host: Host;
  readonly #strip: Strip;
  readonly #standing: Standing;
  readonly suggesting: Suggesting;
  readonly #who = h("button", { type: "button", class: "nbt-who", "data-do": "person", hidden: true });

  constructor(host: Host) {
    const { controller, kind, skin } = host;
    this.#host = host;
    this.commenting = new Commenting(controller, skin);
    this.#strip = new Strip(kind, skin.strip);
    this.guiding = new Guiding(controller, skin);
    this.bulking = new Bulking(host);
    this.suggesting = new Suggesting(host);
    this.#standing = new Standing(skin.root, controller.state.current);
    skin.status.before(this.#who);
  }

  draw(): void {
    const { state } = this.#host.controller;
    this.#strip.draw(state);
    this.guiding.draw();
    this.bulking.draw();
    this.suggesting.draw();
    const person = state.opened?.annotator;
    const guessed = person?.identity === "self-declared" && remembered("name") === person.name;
    this.#who.hidden = !guessed;
    if (guessed) setText(this.#who, `not ${person.name}?`);
    this.#standing.draw(state.current);
  }

  /** A key in a field of ours, or one of a suggestion's; true where it was taken. */
  keyed(event: KeyboardEvent): boolean {
    return this.commenting.keyed(event) || this.bulking.keyed(event) || this.suggesting.keyed(event);
  }

  click(target: HTMLElement): void {
    if (!target.matches(".nbt-more")) return;
    setAttribute(target, "aria-expanded", String(this.#host.skin.root.classList.toggle("nbt-open")));
  }
}
