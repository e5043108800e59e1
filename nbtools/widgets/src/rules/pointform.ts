/** Single points. Pure. */

import { count } from "../format.ts";
import { dotsPath, type Form, numberIn } from "./form.ts";
import { distance, tidy } from "./geometry.ts";

export const point: Form = {
  noun: ["point", "points"],
  hint: "Press to set a point",
  corners: 1,
  dragged: false,
  finest: 0.1,
  read: (fields) => [{ x: numberIn(fields, "x"), y: numberIn(fields, "y") }],
  write: ([at]) => ({ x: tidy(at?.x ?? 0), y: tidy(at?.y ?? 0) }),
  made: (corners) => corners.slice(0, 1),
  path: dotsPath,
  grips: () => [],
  pulled: () => null,
  gaps: () => [],
  added: (at) => at,
  without: () => null,
  covers: ([at], place, reach) => at !== undefined && distance(at, place) <= reach,
  area: () => 0,
  words: ([at]) => `at ${count(at?.x ?? 0)}, ${count(at?.y ?? 0)}`,
};
