/** What stands around the item from the first press on: the last items, a comment, and whose labels they are. */

import { Commenting } from "./commenting.ts";
import type { Controller } from "./controller.ts";
import { h, setText } from "./dom.ts";
import type { Kind } from "./editors/kind.ts";
import { giveBack } from "./focus.ts";
import { Guiding } from "./guiding.ts";
import { remembered } from "./kept.ts";
import { panelsOf } from "./panel.ts";
import type { Skin } from "./skin.ts";
import type { State } from "./state.ts";
import { Strip } from "./strip.ts";
import { download } from "./unsaved.ts";

/** What the bundle `later` exports for this. */
export interface LaterAround {
  readonly Around: typeof Around;
}

export class Around {
  readonly giveBack = giveBack;
  readonly panelsOf = panelsOf;
  readonly commenting: Commenting;
  readonly guiding: Guiding;
  readonly #controller: Controller;
  readonly #strip: Strip;
  readonly #who = h("button", { type: "button", class: "nbt-who", "data-do": "person", hidden: true });

  constructor(controller: Controller, kind: Kind, skin: Skin) {
    this.#controller = controller;
    this.commenting = new Commenting(controller, skin);
    this.#strip = new Strip(kind, skin.strip);
    this.guiding = new Guiding(controller, skin);
    skin.status.before(this.#who);
  }

  draw(state: State): void {
    this.#strip.draw(state);
    this.guiding.draw();
    const person = state.opened?.annotator;
    const guessed = person?.identity === "self-declared" && remembered("name") === person.name;
    this.#who.hidden = !guessed;
    if (guessed) setText(this.#who, `not ${person.name}?`);
  }

  /** What the kernel refused for good is then in the person's hands; what it may still take stays here too. */
  download(): void {
    download(this.#controller.state);
    this.#controller.dispatch({ type: "handedOver" });
  }
}
