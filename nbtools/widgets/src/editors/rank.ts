/** `rank`: candidates in order, by digits pressed in that order, by keys that move one, or by drag; Enter submits. */

import { h, setAttribute, setText } from "../dom.ts";
import { prepare } from "../items/candidates.ts";
import type { Surface } from "../items/surface.ts";
import { keycap } from "../keys.ts";
import { list } from "../parse.ts";
import type { Press } from "../presented.ts";
import type { Item, Task, Value } from "../protocol.ts";
import { nameOf } from "../rules/options.ts";
import * as rules from "../rules/rank.ts";
import shared from "./candidates.css";
import { type Editor, type Kind, type Now, type Place, pressOf, type Stood } from "./kind.ts";
import sheet from "./rank.css";
import { drag, Row } from "./rankrows.ts";

/** The candidates of an item, as the kernel sent it. */
function candidatesOf(task: Task, { content }: Item): readonly string[] {
  const columns = rules.columnsOf(task);
  if (columns.length === 0) return task.options.map(({ id }) => id);
  return content.form === "raw" && "candidates" in content.fields
    ? list(content.fields["candidates"]).map(String)
    : columns;
}

/** With the order in which they stood, where that was drawn by chance. */
function stood(task: Task, value: Value, { item, annotator, said }: Stood): Value {
  if (!rules.byChance(task)) return value;
  return rules.kept(rules.groupsOf(value), rules.shown(task, candidatesOf(task, item), said, annotator, item.id));
}

export const rank: Kind = {
  options: rules.places,
  commands: {
    above: { keys: ["ArrowUp"], words: "to the candidate above" },
    below: { keys: ["ArrowDown"], words: "to the candidate below" },
    raise: { keys: ["shift+ArrowUp"], words: "move it up" },
    lower: { keys: ["shift+ArrowDown"], words: "move it down" },
    even: { keys: ["="], words: "even with the one above, or not" },
    unrank: { keys: ["Backspace"], words: "take the last one back" },
  },
  atOnce: false,
  initial: () => null,
  problem: (task, value, item) => rules.problem(task, value, candidatesOf(task, item).length),
  words: rules.words,
  brief: (task, value) => (rules.columnsOf(task).length > 0 ? "ranked" : rules.words(task, value)),
  stood,
  color: () => "transparent",
  sheet: shared + sheet,
  prepare,
  build: (place) => new Ranking(place),
};

/** In a form whose other field compares the same, the panes are its: what is said of a side is true of what stands there. */
const isFree = (pane: HTMLElement): boolean => pane.dataset["side"] === undefined;

class Ranking implements Editor {
  readonly #place: Place;
  readonly #list = h("ol", { class: "nbt-ranking" });
  #panes: ReadonlyMap<string, HTMLElement> = new Map();
  #row: HTMLElement | null = null;
  #item: string | undefined;
  /** In the order in which they stood at first, by which digits know them. */
  #there: readonly string[] = [];
  #rows: ReadonlyMap<string, Row> = new Map();
  #groups: rules.Groups = [];
  /** The candidate that keys move. */
  #chosen: string | null = null;

  constructor(place: Place) {
    this.#place = place;
    place.element.replaceChildren(this.#list);
  }

  shown(item: Item | null, surface: Surface | null): void {
    const candidates = surface?.form === "candidates" ? surface : null;
    this.#panes = candidates?.panes ?? new Map();
    this.#row = candidates?.row ?? null;
    this.#chosen = null;
    this.#item = undefined;
    this.#arrange(item, null);
  }

  draw({ item, value, current }: Now): void {
    this.#arrange(item, current?.status === "labeled" ? current.value : null);
    this.#groups = rules.groupsOf(value);
    const found = rules.ranks(this.#groups);
    const order = this.#order;
    for (const [id, row] of this.#rows) {
      const place = found.get(id) ?? null;
      row.draw(place, id === this.#chosen, this.#groups.flat().length);
      const head = this.#panes.get(id)?.querySelector(".nbt-candidate-rank");
      if (head) setText(head, place === null ? "" : `${place}.`);
    }
    const elements = order.flatMap((id) => this.#rows.get(id)?.element ?? []);
    if (elements.some((element, i) => this.#list.children[i] !== element)) this.#list.append(...elements);
  }

  choose(option: string, press: Press, pressed: Element | null): void {
    const id = this.#there[rules.placeOf(option)];
    if (id === undefined) return;
    const groups = rules.pressed(this.#place.task, this.#groups, id, this.#there);
    if (groups === this.#groups) this.#choose(id);
    else if (groups === null) this.#place.tell("as many as are asked for have a place: take one back first");
    else if (this.#edit(groups, press, pressed ?? this.#rows.get(id)?.option ?? null)) this.#choose(id);
  }

  act(command: string, press: Press, pressed: Element | null): boolean {
    const mine = pressed?.closest<HTMLElement>("[data-candidate]")?.dataset["candidate"];
    const id = mine ?? this.#chosen;
    if (command === "above" || command === "below") return this.#step(command === "above" ? -1 : 1);
    if (command === "unrank") {
      const last = this.#groups.flat().at(-1);
      return last !== undefined && this.#move(rules.without(this.#groups, last), press);
    }
    if (id === null || id === undefined) return false;
    this.#chosen = id;
    if (command !== "even") return this.#move(rules.moved(this.#groups, id, command === "raise" ? -1 : 1), press);
    if (this.#place.task.settings["ties"] === true) return this.#move(rules.evened(this.#groups, id), press);
    return false;
  }

  close(): void {}

  /** As they stand in the list: those with a place, then the others. */
  get #order(): readonly string[] {
    const ranked = this.#groups.flat();
    return [...ranked, ...this.#there.filter((id) => !ranked.includes(id))];
  }

  /** Each where it belongs: as it stood when something was `said`. */
  #arrange(item: Item | null, said: Value): void {
    const { task, annotator } = this.#place;
    const columns = rules.columnsOf(task);
    const there = columns.length === 0 ? task.options.map(({ id }) => id) : [...this.#panes.keys()];
    const order = rules.shown(task, there, said, annotator, item?.id ?? "");
    const same = item?.id === this.#item && order.join("\n") === this.#there.join("\n");
    if (same) return;
    this.#item = item?.id;
    this.#there = order;
    this.#rows = new Map(order.map((id, at) => [id, this.#make(id, at)]));
    this.#row?.append(...order.flatMap((id) => this.#panes.get(id) ?? []).filter(isFree));
    this.#list.replaceChildren(...[...this.#rows.values()].map(({ element }) => element));
  }

  #make(id: string, at: number): Row {
    const { task, keys } = this.#place;
    const pane = this.#panes.get(id);
    const caps = (keys.ofOption.get(rules.optionAt(at)) ?? []).map(keycap);
    const words = pane?.querySelector(".nbt-candidate-body")?.textContent?.replace(/\s+/gu, " ").trim();
    const name = pane === undefined ? nameOf(task.options, id) : (words ?? "") || `candidate ${at + 1}`;
    if (pane !== undefined && isFree(pane)) {
      const place = h("strong", { class: "nbt-candidate-rank" });
      pane.firstElementChild?.replaceChildren(...caps.map((cap) => h("kbd", {}, cap)), place);
      setAttribute(pane, "aria-label", `candidate ${at + 1}`);
    }
    const row = new Row(id, rules.optionAt(at), name, caps, task.settings["ties"] === true);
    drag(row, this.#list, (rows, event) => {
      this.#chosen = id;
      this.#move(this.#dropped(id, rows), pressOf(event));
    });
    return row;
  }

  /** Below the last one with a place it takes the next; more than are asked for have none. */
  #dropped(id: string, rows: number): rules.Groups | null {
    const ranked = this.#groups.flat();
    const most = rules.wanted(this.#place.task, this.#there.length);
    if (!ranked.includes(id) && ranked.length >= most) return null;
    return rules.placed(this.#groups, id, rows);
  }

  #move(groups: rules.Groups | null, press: Press): boolean {
    if (groups === null) this.#place.tell("as many as are asked for have a place: take one back first");
    else if (groups !== this.#groups) this.#edit(groups, { ...press, repeat: false }, null);
    return true;
  }

  #edit(groups: rules.Groups, press: Press, pressed: Element | null): boolean {
    const stood = rules.byChance(this.#place.task) ? this.#there : null;
    return this.#place.edit(rules.kept(groups, stood), press, pressed);
  }

  #step(by: 1 | -1): boolean {
    const order = this.#order;
    const at = this.#chosen === null ? (by === 1 ? -1 : order.length) : order.indexOf(this.#chosen);
    const next = order[at + by];
    if (next === undefined) return false;
    this.#choose(next);
    return true;
  }

  #choose(id: string): void {
    this.#chosen = id;
    for (const [each, row] of this.#rows) row.element.classList.toggle("nbt-chosen", each === id);
  }
}
