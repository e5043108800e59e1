/** Finding one of very many options by typing. Pure. */

import type { Option } from "../protocol.ts";

/** Letters without case and marks, so that `hahe` finds `Häher`. */
const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();

/** How well an option fits what was typed: 0 its beginning, 1 a word's beginning, 2 within, 3 by its group; `null` not at all. */
function rank({ name, group }: Option, query: string): number | null {
  const [own, other] = [plain(name), plain(group ?? "")];
  if (own.startsWith(query)) return 0;
  if (own.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(query))) return 1;
  if (own.includes(query)) return 2;
  return other.includes(query) ? 3 : null;
}

/** The options that fit, the best first; of equal ones, and where nothing is typed, those chosen last come first. */
export function found(options: readonly Option[], query: string, recent: readonly string[]): readonly Option[] {
  const wanted = plain(query.trim());
  const last = (id: string) => (recent.includes(id) ? recent.indexOf(id) : recent.length);
  return options
    .map((option, place) => ({ option, place, fit: rank(option, wanted) }))
    .filter(({ fit }) => fit !== null)
    .sort((a, b) => (a.fit ?? 0) - (b.fit ?? 0) || last(a.option.id) - last(b.option.id) || a.place - b.place)
    .map(({ option }) => option);
}

/** `recent` with one more, the last first. */
export const chosenLast = (recent: readonly string[], id: string): readonly string[] =>
  [id, ...recent.filter((one) => one !== id)].slice(0, 50);
