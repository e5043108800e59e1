/** The rules of `choices`. Pure. */

import type { Option, Value } from "../protocol.ts";

export const NONE = "none of these";

/** The ids of the options that a value holds. */
export const chosen = (value: Value): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

/** `value` with `option` chosen, or not any more; in the order of the options, and `null` where nothing is left. */
export function toggled(value: Value, option: string, options: readonly Option[]): Value {
  const order = options.map(({ id }) => id);
  // What is not offered any more has no button by which it could be taken out.
  const there = chosen(value).filter((one) => order.includes(one));
  const next = there.includes(option) ? there.filter((one) => one !== option) : [...there, option];
  return next.length === 0 ? null : next.sort((a, b) => order.indexOf(a) - order.indexOf(b));
}

/** Nothing chosen has to be said: it is an answer too, and no slip. */
export const problem = (value: Value): string | null =>
  value === null ? "choose one or more, or say “none of these”" : null;
