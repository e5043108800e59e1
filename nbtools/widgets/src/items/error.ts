/** An item that cannot be shown says so, and cannot be labeled. */

import { h } from "../dom.ts";
import type { Prepared } from "./prepared.ts";

export function failure(why: string): Prepared {
  const element = h(
    "div",
    { class: "nbt-failure", role: "note" },
    h("strong", {}, "This item cannot be shown"),
    h("p", { class: "nbt-why" }, why),
    h("p", {}, "It cannot be labeled unseen. Skip it to go on."),
  );
  return {
    element,
    tools: [],
    ready: Promise.resolve(),
    surface: null,
    blocked: why,
    weight: 0,
    act: () => false,
    hidden() {},
    dispose() {},
  };
}
