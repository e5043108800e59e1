/** A row of a table: its fields and their values. */

import { h } from "../dom.ts";
import { plain } from "../format.ts";
import type { Prepared } from "./prepared.ts";
import { scrolls } from "./text.ts";

export function record(fields: Readonly<Record<string, unknown>>): Prepared {
  const rows = Object.entries(fields).flatMap(([name, value]) => [
    h("dt", {}, name),
    h("dd", { dir: "auto" }, plain(value)),
  ]);
  const element = h("div", { class: "nbt-scroll" }, h("dl", { class: "nbt-record" }, ...rows));
  return {
    element,
    tools: [],
    ready: Promise.resolve(),
    surface: null,
    blocked: null,
    weight: 0,
    act: (action) => scrolls(element, action),
    hidden() {},
    dispose() {},
  };
}
