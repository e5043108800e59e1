/** An item with what is compared or ranked on it: each candidate in a pane of its own, the rest of the item above them. */

import { h } from "../dom.ts";
import { list, parseContent } from "../parse.ts";
import type { Content, Item } from "../protocol.ts";
import { type Prepared, prepare as plainly, type Source } from "./prepared.ts";

type Raw = Extract<Content, { readonly form: "raw" }>;

/** Whether the kernel sent candidates. */
export const has = ({ content }: Item): boolean => content.form === "raw" && "candidates" in content.fields;

/** As for every kind where there are none. */
export function prepare(item: Item, source: Source): Prepared {
  const { content } = item;
  return content.form === "raw" && has(item) ? candidates(item, content, source) : plainly(item, source);
}

function candidates(item: Item, { fields, buffers }: Raw, source: Source): Prepared {
  const [own, ...others] = list(fields["parts"]).map((part) => parseContent(part, "", buffers));
  // What is known of the item's own size says nothing of the candidates'.
  const made = others.map((content) => plainly({ ...item, width: null, height: null, content }, source));
  const above = own === undefined || isEmpty(own) ? null : plainly({ ...item, content: own }, source);
  const all = above === null ? made : [above, ...made];
  const panes = new Map(list(fields["candidates"]).map((name, i) => [String(name), pane(made[i]?.element)]));
  const row = h("div", { class: "nbt-candidates" }, ...panes.values());
  const top = above === null ? [] : [h("div", { class: "nbt-above" }, above.element)];
  return {
    element: h("div", { class: "nbt-beside" }, ...top, row),
    get tools() {
      return made.find(({ tools }) => tools.length > 0)?.tools ?? [];
    },
    ready: Promise.all(all.map(({ ready }) => ready)).then(() => reachable(row)),
    surface: { form: "candidates", panes, row },
    get blocked() {
      return all.find(({ blocked }) => blocked !== null)?.blocked ?? null;
    },
    get weight() {
      return all.reduce((sum, { weight }) => sum + weight, 0);
    },
    // All of them move together, so that they stay beside each other.
    act: (action) => all.map((each) => each.act(action)).includes(true),
    hidden() {
      for (const each of all) each.hidden();
    },
    dispose() {
      for (const each of all) each.dispose();
    },
  };
}

/** So that what does not fit can be scrolled by the browser's own keys too. */
function reachable(element: HTMLElement): void {
  for (const scroll of element.querySelectorAll<HTMLElement>(".nbt-scroll")) scroll.tabIndex = 0;
}

const isEmpty = (content: Content): boolean => content.form === "record" && Object.keys(content.record).length === 0;

const pane = (element: HTMLElement | undefined): HTMLElement =>
  h(
    "div",
    { class: "nbt-candidate", role: "group" },
    h("div", { class: "nbt-candidate-head" }),
    h("div", { class: "nbt-candidate-body" }, ...(element === undefined ? [] : [element])),
  );
