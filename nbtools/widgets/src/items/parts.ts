/** Several things that one function showed, each below the one before. */

import { h } from "../dom.ts";
import type { Content, Item } from "../protocol.ts";
import type { Prepared, Source } from "./prepared.ts";
import { rare } from "./rare.ts";
import { scrolls } from "./text.ts";

export function parts(item: Item, contents: readonly Content[], source: Source): Prepared {
  const made = contents.map((content) => rare({ ...item, content }, source));
  const element = h(
    "div",
    { class: "nbt-scroll nbt-parts" },
    ...made.map((part) => h("div", { class: "nbt-part" }, part.element)),
  );
  return {
    element,
    tools: made.flatMap((part) => part.tools),
    ready: Promise.all(made.map((part) => part.ready)).then(() => {}),
    surface: null,
    blocked: made.find((part) => part.blocked !== null)?.blocked ?? null,
    get weight() {
      return made.reduce((sum, part) => sum + part.weight, 0);
    },
    act: (action) => scrolls(element, action) || made.some((part) => part.act(action)),
    hidden() {
      for (const part of made) part.hidden();
      element.scrollTo(0, 0);
    },
    dispose() {
      for (const part of made) part.dispose();
    },
  };
}
