/** How options are laid out. Pure. */

import type { Option } from "../protocol.ts";

/** More than these are found by typing. */
export const MANY = 30;

/** Things group by group, each group where its first thing stands; what is in none in the place of the first such. */
export function grouped<T>(
  things: readonly T[],
  groupOf: (thing: T) => string | null,
): readonly (readonly [string | null, readonly T[]])[] {
  const groups = new Map<string | null, T[]>();
  for (const thing of things) groups.set(groupOf(thing), [...(groups.get(groupOf(thing)) ?? []), thing]);
  return [...groups];
}

/** The options that keys choose, in the order in which they are shown; of very many those that name a key. */
export const keyed = (options: readonly Option[]): readonly Option[] =>
  options.length > MANY
    ? options.filter(({ key }) => key !== null)
    : grouped(options, ({ group }) => group).flatMap(([, inner]) => inner);

/** Why a value is no answer any more: an option that it holds was retired since, or split. */
export function gone(options: readonly Option[], held: readonly (string | null)[]): string | null {
  const found = held.find((id) => id !== null && options.every((option) => option.id !== id));
  return found == null ? null : `“${found}” is not offered any more: choose another`;
}

/** The name of an option by its id; the id where it is retired. */
export const nameOf = (options: readonly Option[], id: string): string =>
  options.find((option) => option.id === id)?.name ?? id;
