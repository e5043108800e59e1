/** Rows of a table and cards of a grid as elements; text is always set as text. */

import { h } from "../dom.ts";
import { plain, size } from "../format.ts";
import type { Thumb } from "../lists/thumb.ts";
import { dress } from "./player.ts";
import type { Column, Row } from "./protocol.ts";
import type { State } from "./state.ts";
import { caption, nameOf } from "./words.ts";

const FIRST = ["source", "text"];
const LAST = ["split", "kind", "bytes", "id"];
const WIDTHS: Readonly<Record<string, string>> = {
  source: "minmax(18ch, 2fr)",
  text: "minmax(24ch, 3fr)",
  kind: "9ch",
  bytes: "10ch",
  id: "10ch",
};

/** The columns that are shown, in the order in which people ask: its name, what is said of it, what it is. */
export function shownColumns(columns: readonly Column[], texts: boolean): readonly Column[] {
  const by = new Map(columns.map((column) => [column.name, column]));
  const named = (names: readonly string[]) => names.flatMap((name) => by.get(name) ?? []);
  const first = named(FIRST).filter(({ name }) => texts || name !== "text");
  return [...first, ...columns.filter(({ own }) => !own), ...named(LAST)];
}

export const template = (columns: readonly Column[]): string =>
  columns.map(({ name }) => WIDTHS[name] ?? "minmax(12ch, 1fr)").join(" ");

/** The row of names above a table; a press on one sorts by it. */
export function header(columns: readonly Column[], { sort, descending }: State): HTMLElement {
  const cells = columns.map(({ name, holds }, at) => {
    const mine = sort === name;
    const arrow = mine ? (descending ? "▾" : "▴") : "";
    const button = h(
      "button",
      { type: "button", "data-sort": name, tabindex: -1 },
      h("span", { class: "nbt-words" }, name),
      h("span", { class: "nbt-arrow", "aria-hidden": "true" }, arrow),
    );
    const order = mine ? (descending ? "descending" : "ascending") : "none";
    const attributes = { class: "nbt-cell", role: "columnheader", "aria-sort": order, "aria-colindex": at + 1 };
    return h("div", { ...attributes, "data-holds": holds }, button);
  });
  return h("div", { class: "nbt-tr nbt-th", role: "row", "aria-rowindex": 1 }, ...cells);
}

/** One row of a table; without an item it is a still shape of the right size. */
export function tableRow(columns: readonly Column[], row: Row | undefined, position: number, id: string): HTMLElement {
  const cells = columns.map(({ name, holds }, at) =>
    h(
      "div",
      { class: "nbt-cell", role: "gridcell", "aria-colindex": at + 1, "data-holds": holds, dir: "auto" },
      row === undefined ? h("span", { class: "nbt-bone" }) : shown(name, row[name], row),
    ),
  );
  const attributes = { class: "nbt-tr", role: "row", id, "aria-rowindex": position + 2, "data-position": position };
  return h("div", attributes, ...cells);
}

function shown(name: string, value: unknown, row: Row): string {
  if (value === null || value === undefined) return name === "bytes" ? "–" : "";
  if (name === "source") return nameOf(row);
  if (name === "bytes" && typeof value === "number") return size(value);
  if (name === "id" && typeof value === "string") return value.slice(0, 8);
  return plain(value);
}

/** One card of a grid. */
export function card(
  row: Row | undefined,
  made: Thumb | undefined,
  columns: readonly Column[],
  position: number,
  id: string,
): HTMLElement {
  const own = columns.filter((column) => !column.own).map(({ name }) => name);
  const words = row === undefined ? "" : caption(row, own);
  const picture = made?.element ?? h("div", { class: "nbt-thumb nbt-bone" });
  if (picture.matches(".nbt-thumb-word")) dress(picture, row);
  return h(
    "div",
    { class: "nbt-card", role: "gridcell", id, "data-position": position, title: nameOf(row) || null },
    picture,
    h("div", { class: "nbt-name", dir: "auto" }, nameOf(row)),
    h("div", { class: "nbt-said", dir: "auto" }, words),
  );
}
