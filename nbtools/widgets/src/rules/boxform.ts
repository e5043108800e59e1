/** Boxes: a shape lies at its top left and its bottom right corner. Pure. */

import { count } from "../format.ts";
import { type Fields, type Form, numberIn, type Points, ringPath } from "./form.ts";
import { boundsOf, type Point, tidy } from "./geometry.ts";

/** The grips, clockwise from the corner that a hand draws last: which side each moves across, and down. */
const GRIPS = [
  ["right", "bottom"],
  [null, "bottom"],
  ["left", "bottom"],
  ["left", null],
  ["left", "top"],
  [null, "top"],
  ["right", "top"],
  ["right", null],
] as const;

const ring = (at: Points): Points => {
  const { left, top, right, bottom } = boundsOf(at);
  return [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom },
  ];
};

/** From corner to corner, whichever they were; `null` where it has no width or height. */
function made(corners: Points): Points | null {
  const { left, top, right, bottom } = boundsOf(corners);
  return left < right && top < bottom
    ? [
        { x: left, y: top },
        { x: right, y: bottom },
      ]
    : null;
}

function pulled(at: Points, grip: number, to: Point): Points | null {
  const sides: Record<"left" | "top" | "right" | "bottom", number> = { ...boundsOf(at) };
  const [across, down] = GRIPS[grip] ?? [null, null];
  if (across !== null) sides[across] = to.x;
  if (down !== null) sides[down] = to.y;
  return made([
    { x: sides.left, y: sides.top },
    { x: sides.right, y: sides.bottom },
  ]);
}

export const box: Form = {
  noun: ["box", "boxes"],
  hint: "Drag to draw a box",
  corners: 2,
  dragged: true,
  finest: 1,
  read(fields: Fields) {
    const [x, y] = [numberIn(fields, "x"), numberIn(fields, "y")];
    return [
      { x, y },
      { x: tidy(x + numberIn(fields, "w")), y: tidy(y + numberIn(fields, "h")) },
    ];
  },
  write(at) {
    const { left, top, right, bottom } = boundsOf(at);
    return { x: left, y: top, w: tidy(right - left), h: tidy(bottom - top) };
  },
  made,
  path: (at) => ringPath(ring(at)),
  grips(at) {
    const { left, top, right, bottom } = boundsOf(at);
    const sides = { left, right, top, bottom };
    return GRIPS.map(([across, down]) => ({
      x: across === null ? (left + right) / 2 : sides[across],
      y: down === null ? (top + bottom) / 2 : sides[down],
    }));
  },
  pulled,
  gaps: () => [],
  added: (at) => at,
  without: () => null,
  covers(at, { x, y }, reach) {
    const { left, top, right, bottom } = boundsOf(at);
    return left - reach <= x && x <= right + reach && top - reach <= y && y <= bottom + reach;
  },
  area(at) {
    const { left, top, right, bottom } = boundsOf(at);
    return (right - left) * (bottom - top);
  },
  words(at) {
    const { left, top, right, bottom } = boundsOf(at);
    return `${count(tidy(right - left))} × ${count(tidy(bottom - top))} at ${count(left)}, ${count(top)}`;
  },
};
