/** How options are laid out. Pure. */

import type { Option } from "../protocol.ts";

/** More than these are found by typing. */
export const MANY = 30;

/** The options group by group, each group where its first option stands. */
export function grouped(options: readonly Option[]): readonly (readonly [string | null, readonly Option[]])[] {
  const groups = new Map<string | null, Option[]>();
  for (const option of options) groups.set(option.group, [...(groups.get(option.group) ?? []), option]);
  return [...groups];
}

/** The options that keys choose, in the order in which they are shown; of very many those that name a key. */
export const keyed = (options: readonly Option[]): readonly Option[] =>
  options.length > MANY ? options.filter(({ key }) => key !== null) : grouped(options).flatMap(([, inner]) => inner);

/** The name of an option by its id; the id where it is retired. */
export const nameOf = (options: readonly Option[], id: string): string =>
  options.find((option) => option.id === id)?.name ?? id;
