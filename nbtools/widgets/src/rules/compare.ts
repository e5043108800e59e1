/** The rules of `compare`. Options are about sides, because keys follow what is on the screen; values are about candidates. Pure. */

import type { Json, Option, Task, Value } from "../protocol.ts";
import { drawn } from "./chance.ts";

export type Letter = "a" | "b";
type Settings = Pick<Task, "settings">;
type Fields = { readonly [name: string]: Json };

const fieldsOf = (value: Value): Fields =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Fields) : {};
const listOf = (value: Json | undefined): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
const letter = (value: Json | undefined): Letter | null => (value === "a" || value === "b" ? value : null);
const other = (one: Letter): Letter => (one === "a" ? "b" : "a");

/** The columns that are compared: first `a`, then `b`. */
export const columnsOf = ({ settings }: Settings): readonly string[] => listOf(settings["of"]);

/** Which candidate stands on the left: as it was when `value` was said, else drawn by chance for the item and person. */
export const leftOf = (value: Value, annotator: string, item: string): Letter =>
  letter(fieldsOf(value)["left"]) ?? (drawn(annotator, item) % 2 === 0 ? "a" : "b");

/** What can be said, in the order of the keys. With strengths, from much better on the left to much better on the right. */
export function options({ settings }: Settings): readonly Option[] {
  const strengths = listOf(settings["strength"]);
  const sides = (side: "left" | "right"): Option[] =>
    strengths.length === 0
      ? [option(side, `${side} is better`)]
      : strengths.map((word, i) => option(`${side}:${i + 1}`, `${side} is ${word} better`));
  const tie = settings["tie"] === false ? [] : [option("tie", "tie")];
  const bad = settings["bad"] === false ? [] : [option("bad", "both bad")];
  return strengths.length === 0
    ? [...sides("left"), ...sides("right"), ...tie, ...bad]
    : [...sides("left").reverse(), ...tie, ...sides("right"), ...bad];
}

const option = (id: string, name: string): Option => ({
  id,
  name,
  key: null,
  color: null,
  description: null,
  group: null,
  picture: null,
});

/** What an option says, where `left` stands on the left. */
export function answerOf(id: string, left: Letter): Value {
  const [side, strength] = id.split(":");
  if (side !== "left" && side !== "right") return { better: id, left };
  const better = side === "left" ? left : other(left);
  return strength === undefined ? { better, left } : { better, left, strength: Number(strength) };
}

/** A value with the side on which a candidate stood. */
export const stood = (value: Value, left: Letter): Value => ({ ...fieldsOf(value), left });

/** The option that says a value, where `left` stands on the left; `null` where none does. */
export function optionOf(value: Value, left: Letter): string | null {
  const { better, strength } = fieldsOf(value);
  if (better !== "a" && better !== "b") return typeof better === "string" ? better : null;
  const side = better === left ? "left" : "right";
  return strength === undefined ? side : `${side}:${String(strength)}`;
}

/** The option that says a value which says how they stood. */
export function picks(value: Value): readonly string[] {
  const side = letter(fieldsOf(value)["left"]);
  const option = side === null ? null : optionOf(value, side);
  return option === null ? [] : [option];
}

/** In the words of its option; a column's name, which may tell too much, only where nobody knows how they stood. */
export function words(task: Settings, value: Value): string {
  const { better, left } = fieldsOf(value);
  const side = letter(left);
  if (side === null && letter(better) !== null) return `${columnsOf(task)[better === "a" ? 0 : 1]} is better`;
  const said = optionOf(value, side ?? "a");
  return options(task).find(({ id }) => id === said)?.name ?? String(better);
}

/** A word of it, for the strip. */
export const brief = (value: Value): string =>
  optionOf(value, letter(fieldsOf(value)["left"]) ?? "a")?.split(":")[0] ?? "";
