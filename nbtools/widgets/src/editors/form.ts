/** `form`: several kinds on one item. The field that has the keys takes digits; Tab and the arrows go between fields. */

import * as candidates from "../items/candidates.ts";
import { type Prepare, prepare as plain } from "../items/prepared.ts";
import type { Commands } from "../keys.ts";
import type { Item, Task, Value } from "../protocol.ts";
import * as rules from "../rules/fields.ts";
import { track } from "../sound/track.ts";
import { kindOf, sheets } from "./fields.ts";
import { Filling, TAKING } from "./filling.ts";
import sheet from "./form.css";
import { commandsFor, type Kind, type Stood } from "./kind.ts";

/** As its kinds show their items: where sound is marked, with its waveform. */
const prepare: Prepare = (item, source) => {
  if (candidates.has(item)) return candidates.prepare(item, source);
  const marked = source.task !== null && rules.fieldsOf(source.task).some(({ task }) => task.kind === "regions");
  return (marked ? track : plain)(item, source);
};

const COMMANDS: Commands = { whole: { keys: ["ctrl+Enter"], words: "submit, from any field" } };

export const form: Kind = {
  options: () => [],
  commands: COMMANDS,
  suggesting: TAKING,
  commandsOf: (task) =>
    Object.assign({}, ...rules.fieldsOf(task).map((field) => commandsFor(kindOf(field), field.task)), COMMANDS),
  atOnce: false,
  initial,
  problem,
  words,
  brief(task, value) {
    const [first] = said(task, value);
    return first === undefined ? "" : (first.kind.brief ?? first.kind.words)(first.task, first.value);
  },
  stood,
  color: (task, value) =>
    said(task, value)
      .map((one) => one.kind.color(one.task, one.value))
      .find((color) => color !== "transparent") ?? "transparent",
  made: (task) => rules.fieldsOf(task).map((field) => field.task.kind),
  sheet: sheets + sheet,
  prepare,
  build: (place) => new Filling(place),
};

function said(task: Task, value: Value): { readonly kind: Kind; readonly task: Task; readonly value: Value }[] {
  const fields = rules.fieldsOf(task);
  const found = rules.visible(fields, value);
  return fields.flatMap((field) => {
    const mine = found[field.task.name];
    return mine === undefined ? [] : [{ kind: kindOf(field), task: field.task, value: mine }];
  });
}

function initial(task: Task, item: Item): Value {
  const fields = rules.fieldsOf(task);
  const begun = fields.map((field) => [field.task.name, kindOf(field).initial(field.task, item)] as const);
  const found = rules.visible(fields, Object.fromEntries(begun));
  return Object.keys(found).length === 0 ? null : found;
}

function problem(task: Task, value: Value, item: Item): string | null {
  const found = rules.saidIn(value);
  const fields = rules.askedOf(rules.fieldsOf(task), value);
  for (const field of fields) {
    const mine = found[field.task.name] ?? null;
    const why = mine === null && !field.required ? null : kindOf(field).problem(field.task, mine, item);
    if (why !== null) return `${rules.titleOf(field)}: ${why}`;
  }
  return Object.keys(found).length === 0 ? "answer one of the questions" : null;
}

function stood(task: Task, value: Value, stand: Stood): Value {
  const given = rules.saidIn(value);
  const before = rules.saidIn(stand.said);
  const changed = rules.fieldsOf(task).flatMap((field) => {
    const { name } = field.task;
    const mine = given[name] ?? null;
    const made =
      mine === null ? null : kindOf(field).stood?.(field.task, mine, { ...stand, said: before[name] ?? null });
    return made == null || made === mine ? [] : [[name, made] as const];
  });
  return changed.length === 0 ? value : { ...given, ...Object.fromEntries(changed) };
}

function words(task: Task, value: Value): string {
  return said(task, value)
    .map((one) => one.kind.words(one.task, one.value))
    .join(" · ");
}
