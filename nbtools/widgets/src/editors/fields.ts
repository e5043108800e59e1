/** The kinds that a form can be made of. */

import type { Value } from "../protocol.ts";
import type { Field } from "../rules/fields.ts";
import { boxes } from "./boxes.ts";
import { choice } from "./choice.ts";
import { choices } from "./choices.ts";
import { compare } from "./compare.ts";
import type { Kind } from "./kind.ts";
import { number } from "./number.ts";
import { points } from "./points.ts";
import { polygons } from "./polygons.ts";
import { rank } from "./rank.ts";
import { rating } from "./rating.ts";
import { regions } from "./regions.ts";
import { spans } from "./spans.ts";
import { text } from "./text.ts";

const OTHERS = { choice, choices, text, number, rating, compare, rank };
/** Those that draw on the item, or play it. */
const DRAWING = { spans, boxes, polygons, points, regions };
const KINDS: Readonly<Record<string, Kind>> = { ...OTHERS, ...DRAWING };

export const sheets = [...new Set(Object.values(KINDS).map(({ sheet }) => sheet))].join("");

export const draws = (kind: Kind): boolean => Object.values(DRAWING).includes(kind);

/** The kind of a field; where this page is older than the task, one that shows nothing and takes nothing. */
export const kindOf = ({ task }: Pick<Field, "task">): Kind => KINDS[task.kind] ?? unknown;

/** An empty text that is no answer is none: the field was cleared. */
export const cleared = (kind: Kind, { task }: Field, value: Value): Value =>
  kind === text && value === "" && task.settings["empty"] !== true ? null : value;

const unknown: Kind = {
  options: () => [],
  commands: {},
  atOnce: false,
  initial: () => null,
  problem: () => "this page is too old for it: reload it",
  words: (_, value) => JSON.stringify(value),
  color: () => "transparent",
  sheet: "",
  build: () => ({ draw() {}, choose() {}, act: () => false, close() {} }),
};
