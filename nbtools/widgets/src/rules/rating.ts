/** The rules of `rating`. Pure. */

import type { Option, Task, Value } from "../protocol.ts";

interface Scale {
  readonly min: number;
  readonly max: number;
  readonly words: readonly string[];
}

export function scaleOf({ settings }: Pick<Task, "settings">): Scale {
  const { min, max, words } = settings;
  return { min: Number(min ?? 1), max: Number(max ?? 5), words: Array.isArray(words) ? words.map(String) : [] };
}

/** The word for a level, where there is one: for each, or for the two ends. */
export function wordFor({ min, max, words }: Scale, level: number): string {
  if (words.length === max - min + 1) return words[level - min] ?? "";
  return level === min ? (words[0] ?? "") : level === max ? (words[1] ?? "") : "";
}

/** The levels, each chosen by its own digit, and the tenth by 0. */
export function levels(task: Pick<Task, "settings">): readonly Option[] {
  const scale = scaleOf(task);
  return Array.from({ length: scale.max - scale.min + 1 }, (_, i) => {
    const level = scale.min + i;
    const key = level < 10 ? String(level) : scale.min > 0 ? "0" : null;
    return {
      id: String(level),
      name: String(level),
      key,
      color: null,
      description: wordFor(scale, level) || null,
      group: null,
      picture: null,
    };
  });
}

export function words(task: Pick<Task, "settings">, value: Value): string {
  const scale = scaleOf(task);
  const word = wordFor(scale, Number(value));
  return `${String(value)} of ${scale.max}${word === "" ? "" : `, ${word}`}`;
}
