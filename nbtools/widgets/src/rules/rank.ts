/** The rules of `rank`: groups of candidates that are even, the best first. Pure. */

import type { Json, Option, Task, Value } from "../protocol.ts";
import { shuffled } from "./chance.ts";
import { leftOf } from "./compare.ts";
import { isFields } from "./form.ts";
import { nameOf } from "./options.ts";

export type Groups = readonly (readonly string[])[];

const listOf = (value: Json | undefined): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

/** What a value ranks, whether it says how they stood or, as older ones, does not. */
export function groupsOf(value: Value): Groups {
  const ranking = isFields(value) ? value["ranking"] : value;
  return Array.isArray(ranking)
    ? ranking.map((group) => (Array.isArray(group) ? group.map(String) : [String(group)]))
    : [];
}

/** Groups as a value; `null` where nothing is ranked, which says nothing. `stood`: the order where it was drawn by chance. */
export function kept(groups: Groups, stood: readonly string[] | null): Value {
  const ranking = groups.map((group) => (group.length === 1 ? (group[0] ?? "") : group));
  if (ranking.length === 0) return null;
  return stood === null ? ranking : { ranking, shown: stood };
}

/** The columns that are ranked; none where the options are. */
export const columnsOf = ({ settings }: Pick<Task, "settings">): readonly string[] => listOf(settings["of"]);

/** Whether they stand in an order that is drawn by chance. */
export const byChance = ({ settings }: Pick<Task, "settings">): boolean => settings["shuffle"] === true;

/**
 * The candidates in the order in which they stand before they are ranked: as they stood when `value` was said, else, where
 * that is asked for, drawn by chance for the item and person.
 */
export function shown(
  task: Pick<Task, "settings">,
  there: readonly string[],
  value: Value,
  annotator: string,
  item: string,
): readonly string[] {
  if (!byChance(task)) return there;
  const stood = isFields(value) ? listOf(value["shown"]) : [];
  const same = stood.length === there.length && there.every((one) => stood.includes(one));
  if (same) return stood;
  // Two stand as a comparison of them has them: a form may ask for both.
  if (there.length === 2) return leftOf(null, annotator, item) === "a" ? there : [...there].reverse();
  return shuffled(there, annotator, item);
}

/** What keys choose: the first, second, … of what is on the screen, or the options where these stand still. */
export function places(task: Task): readonly Option[] {
  const fixed = columnsOf(task).length === 0 && !byChance(task);
  const count = columnsOf(task).length || task.options.length;
  return Array.from({ length: count }, (_, i) => ({
    id: `place ${i + 1}`,
    name: fixed ? (task.options[i]?.name ?? "") : `candidate ${i + 1}`,
    key: fixed ? (task.options[i]?.key ?? null) : null,
    color: null,
    description: null,
    group: null,
    picture: null,
  }));
}

/** The place on the screen that an option of `places` stands for, from 0. */
export const placeOf = (option: string): number => Number(option.slice("place ".length)) - 1;
export const optionAt = (place: number): string => `place ${place + 1}`;

/** How many have to be ranked. */
export const wanted = ({ settings }: Task, count: number): number =>
  typeof settings["top"] === "number" ? Math.min(settings["top"], count) : count;

export const without = (groups: Groups, id: string): Groups =>
  groups.map((group) => group.filter((one) => one !== id)).filter((group) => group.length > 0);
const groupAt = (groups: Groups, id: string): number => groups.findIndex((group) => group.includes(id));

/**
 * A candidate takes the next place, or loses the one it has. The last one that is left takes the last place by itself;
 * who presses it all the same means just that.
 */
export function pressed(task: Task, groups: Groups, id: string, there: readonly string[]): Groups | null {
  const complete = groups.flat().length === there.length;
  if (complete && groups.at(-1)?.length === 1 && groupAt(groups, id) === groups.length - 1) return groups;
  if (groupAt(groups, id) >= 0) return without(groups, id);
  const most = wanted(task, there.length);
  if (groups.flat().length >= most) return null;
  const next = [...groups, [id]];
  const left = there.filter((one) => !next.flat().includes(one));
  return most === there.length && left.length === 1 ? [...next, left] : next;
}

/** A candidate one place nearer to the best (-1) or the worst (1); out of a tie first. The same groups where there is no way. */
export function moved(groups: Groups, id: string, by: 1 | -1): Groups {
  const at = groupAt(groups, id);
  if (at < 0) return groups;
  const tied = (groups[at]?.length ?? 0) > 1;
  const rest = without(groups, id);
  const target = tied ? at + (by === 1 ? 1 : 0) : at + by;
  if (target < 0 || target > rest.length) return groups;
  return [...rest.slice(0, target), [id], ...rest.slice(target)];
}

/** A candidate even with those before it, or, where it is even with some, after them on its own. */
export function evened(groups: Groups, id: string): Groups {
  const at = groupAt(groups, id);
  const group = groups[at] ?? [];
  if (group.length > 1) {
    const rest = without(groups, id);
    return [...rest.slice(0, at + 1), [id], ...rest.slice(at + 1)];
  }
  const before = groups[at - 1];
  if (before === undefined) return groups;
  return [...groups.slice(0, at - 1), [...before, id], ...groups.slice(at + 1)];
}

/** A candidate put where `rows` others stand above it; within a tie it goes before it. */
export function placed(groups: Groups, id: string, rows: number): Groups {
  const rest = without(groups, id);
  let [above, at] = [0, 0];
  for (const group of rest) {
    above += group.length;
    if (above > rows) break;
    at += 1;
  }
  return [...rest.slice(0, at), [id], ...rest.slice(at)];
}

/** The place that each ranked candidate has: those that are even have the same. */
export function ranks(groups: Groups): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  let next = 1;
  for (const group of groups) {
    for (const id of group) found.set(id, next);
    next += group.length;
  }
  return found;
}

export function problem(task: Task, value: Value, count: number): string | null {
  const left = wanted(task, count) - groupsOf(value).flat().length;
  return left > 0 ? `rank ${left === 1 ? "one" : left} more` : null;
}

/** The options, the best first; of columns, whose names may tell too much, only how many. */
export function words(task: Task, value: Value): string {
  const groups = groupsOf(value);
  if (columnsOf(task).length > 0) return `${groups.flat().length} ranked`;
  return groups.map((group) => group.map((id) => nameOf(task.options, id)).join(" = ")).join(" > ");
}
