/** The rules of `rank`: groups of candidates that are even, the best first. Pure. */

import type { Json, Option, Task, Value } from "../protocol.ts";
import { shuffled } from "./chance.ts";
import { nameOf } from "./options.ts";

export type Groups = readonly (readonly string[])[];

const listOf = (value: Json | undefined): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

export const groupsOf = (value: Value): Groups =>
  Array.isArray(value) ? value.map((group) => (Array.isArray(group) ? group.map(String) : [String(group)])) : [];

/** Groups as a value; `null` where nothing is ranked, which says nothing. */
export const kept = (groups: Groups): Value =>
  groups.length === 0 ? null : groups.map((group) => (group.length === 1 ? (group[0] ?? "") : group));

/** The columns that are ranked; none where the options are. */
export const columnsOf = ({ settings }: Pick<Task, "settings">): readonly string[] => listOf(settings["of"]);

/** The candidates in the order in which they stand before they are ranked. */
export function shown(
  { settings }: Task,
  there: readonly string[],
  annotator: string,
  item: string,
): readonly string[] {
  return settings["shuffle"] === true ? shuffled(there, annotator, item) : there;
}

/** What keys choose: the first, second, … of what is on the screen, or the options where these stand still. */
export function places(task: Task): readonly Option[] {
  const fixed = columnsOf(task).length === 0 && task.settings["shuffle"] !== true;
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
