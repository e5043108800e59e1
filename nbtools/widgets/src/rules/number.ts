/** The rules of `number`. Pure. */

import type { Json, Task, Value } from "../protocol.ts";

export interface Range {
  readonly min: number | null;
  readonly max: number | null;
  readonly step: number | null;
  readonly integer: boolean;
  readonly unit: string;
}

const finite = (value: Json | undefined): number | null => (typeof value === "number" ? value : null);

export function rangeOf({ settings }: Pick<Task, "settings">): Range {
  const { min, max, step, integer, unit } = settings;
  return {
    min: finite(min),
    max: finite(max),
    step: finite(step),
    integer: integer === true,
    unit: typeof unit === "string" ? unit : "",
  };
}

/** What was typed as a number, with a comma or a point; as it is while it is none, and `null` where there is nothing. */
export function typed(text: string): Value {
  const plain = text.trim().replace(",", ".").replace("\u2212", "-");
  if (plain === "") return null;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : text;
}

/** Whether a key typed at the item begins a number; the signs that such a number has no use for keep their meaning. */
export const begins = ({ min, integer }: Range, key: string): boolean =>
  /^[0-9]$/.test(key) || (key === "-" && (min === null || min < 0)) || (/^[.,]$/.test(key) && !integer);

/** As it stands in the field: the shortest text that is this number. */
export const shownIn = (value: Value): string => (value === null ? "" : String(value));

export function problem(range: Range, value: Value): string | null {
  if (value === null) return "give a number";
  if (typeof value !== "number") return `“${String(value)}” is no number`;
  const { min, max, step, integer } = range;
  if (min !== null && value < min) return `at least ${min}`;
  if (max !== null && value > max) return `at most ${max}`;
  if (integer && !Number.isInteger(value)) return "a whole number";
  if (step !== null && Math.abs(value - onStep(range, value)) > step * 1e-6)
    return `in steps of ${step} from ${min ?? 0}`;
  return null;
}

/** What one step is: the task's own, else one of a whole number or a hundredth of the range. */
export const stepOf = ({ min, max, step, integer }: Range): number =>
  step ?? (integer || min === null || max === null ? 1 : Number(((max - min) / 100).toPrecision(1)));

/** `value` some steps further, within the bounds; where nothing is set, the end that the steps lead away from. */
export function stepped(range: Range, value: Value, steps: number): number {
  const { min, max } = range;
  if (typeof value !== "number") return (steps > 0 ? min : max) ?? 0;
  const next = onStep({ ...range, step: stepOf(range) }, value + steps * stepOf(range));
  return Math.min(max ?? Number.POSITIVE_INFINITY, Math.max(min ?? Number.NEGATIVE_INFINITY, next));
}

/** The number on a step that lies nearest; 0.1 times 3 is 0.3 here. */
function onStep({ min, step }: Range, value: number): number {
  const [start, by] = [min ?? 0, step ?? 1];
  return Number((start + Math.round((value - start) / by) * by).toFixed(Math.max(decimals(by), decimals(start))));
}

function decimals(value: number): number {
  const [digits = "", power = "0"] = String(value).split("e");
  return Math.min(20, Math.max(0, (digits.split(".")[1]?.length ?? 0) - Number(power)));
}

export const words = (range: Range, value: Value): string =>
  range.unit === "" ? String(value) : `${String(value)} ${range.unit}`;
