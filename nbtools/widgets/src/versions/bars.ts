/** How many items hold which value, as bars; how labels became others, as a grid. A press narrows the list. */

import { h } from "../dom.ts";
import { count } from "../format.ts";
import type { Facet, Grid } from "./protocol.ts";
import { isFiltered, type State } from "./state.ts";
import { worded } from "./words.ts";

/** Letters that fit over the columns of a grid; columns from which on cells are small. */
const FLAT = 40;
const MANY = 12;

/** One group of bars for each column; the longest bar is the most frequent value. */
export function bars(facets: readonly Facet[], state: State): HTMLElement[] {
  return facets.map((facet) => {
    const most = Math.max(1, ...facet.values.map(([, items]) => items));
    const rows = facet.values.map(([value, items]) => {
      const words = worded(value);
      const attributes = {
        type: "button",
        class: "nbt-bar-row",
        "data-column": facet.column,
        "data-value": value,
        "data-none": value === null,
        "aria-pressed": String(isFiltered(state, facet.column, value)),
        "aria-label": `${facet.column} ${words}: ${count(items)} items`,
        title: words,
      };
      const bar = h("span", { class: "nbt-bar-fill" });
      bar.style.setProperty("--nbt-share", String(items / most));
      const label = h("span", { class: value === null ? "nbt-bar-name nbt-none" : "nbt-bar-name", dir: "auto" }, words);
      return h(
        "button",
        attributes,
        label,
        h("span", { class: "nbt-bar-track" }, bar),
        h("span", { class: "nbt-bar-count" }, count(items)),
      );
    });
    const [others, items] = facet.others;
    const rest =
      others === 0 ? [] : [h("p", { class: "nbt-quiet" }, `${count(others)} more values, ${count(items)} items`)];
    return h(
      "section",
      { class: "nbt-facet", "aria-label": facet.column },
      h("h4", {}, facet.column),
      ...rows,
      ...rest,
    );
  });
}

/** Labels before (down) and after (across), with how many items went from the one to the other. */
export function confusion(grid: Grid, state: State): HTMLElement {
  const counts = new Map(grid.cells.map(([before, after, items]) => [`${before} ${after}`, items]));
  const most = Math.max(1, ...grid.cells.map(([, , items]) => items));
  // A label that no item had before has no row, and one that none has now has no column.
  const among = (end: 0 | 1) =>
    [...grid.labels.entries()].filter(([place]) => grid.cells.some((one) => one[end] === place));
  const after = among(1);
  const head = after.map(([, label]) =>
    h("th", { class: "nbt-top", scope: "col", dir: "auto", title: worded(label) }, h("span", {}, short(label))),
  );
  const rows = among(0).map(([down, before]) => {
    const cells = after.map(([across, after]) => {
      const items = counts.get(`${down} ${across}`) ?? 0;
      return h("td", {}, ...(items === 0 ? [] : [cell(grid.task, before, after, items, items / most, state)]));
    });
    return h(
      "tr",
      {},
      h("th", { class: "nbt-left", scope: "row", dir: "auto", title: worded(before) }, short(before)),
      ...cells,
    );
  });
  const title = `${grid.task}: labels before (down) and after (across)`;
  const table = h(
    "table",
    { class: "nbt-confusion", "aria-label": title, "data-turned": tooWide(after), "data-many": after.length > MANY },
    h("thead", {}, h("tr", {}, h("td", { class: "nbt-corner" }), ...head)),
    h("tbody", {}, ...rows),
  );
  const rest =
    grid.unshown === 0 ? [] : [h("p", { class: "nbt-quiet" }, `and ${count(grid.unshown)} less frequent labels`)];
  const wide = h("div", { class: "nbt-wide", tabindex: 0, role: "group", "aria-label": grid.task }, table);
  return h("section", { class: "nbt-facet" }, h("h4", {}, title), wide, ...rest);
}

function cell(
  task: string,
  before: string | null,
  after: string | null,
  items: number,
  share: number,
  state: State,
): HTMLElement {
  const chosen = state.task === task && state.cell?.[0] === before && state.cell[1] === after;
  const made = h(
    "button",
    {
      type: "button",
      class: "nbt-cell-button",
      "data-cell": JSON.stringify([task, before, after]),
      "aria-pressed": String(chosen),
      "aria-label": `${worded(before)} became ${worded(after)}: ${count(items)} items`,
    },
    count(items),
  );
  made.style.setProperty("--nbt-share", share.toFixed(3));
  return made;
}

/** Whether names beside each other take more than is there, so that they stand upright. */
const tooWide = (labels: readonly (readonly [number, string | null])[]): boolean =>
  labels.map(([, label]) => short(label)).join("  ").length > FLAT;

const short = (label: string | null): string => {
  const words = worded(label);
  return words.length > 14 ? `${words.slice(0, 13)}…` : words;
};
