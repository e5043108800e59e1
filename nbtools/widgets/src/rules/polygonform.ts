/** Polygons: closed rings of at least three points. Pure. */

import { count } from "../format.ts";
import { type Fields, type Form, type Points, ringPath } from "./form.ts";
import { areaOf, boundsOf, distance, distanceToEdge, edgesOf, insideRing, middle, tidy } from "./geometry.ts";

const FEWEST = 3;
/** Less than this, in square pixels, is a line. */
const LEAST_AREA = 1e-3;

function read({ points }: Fields): Points {
  if (!Array.isArray(points)) return [];
  return points.flatMap((pair) => {
    const [x, y] = Array.isArray(pair) ? pair : [];
    return typeof x === "number" && typeof y === "number" ? [{ x, y }] : [];
  });
}

function made(corners: Points): Points | null {
  const ring = corners.filter((point, i) => distance(point, corners.at(i - 1) ?? point) > 0 || corners.length === 1);
  const flat = ring.length < FEWEST || ring.every((point) => offLine(ring, point) < LEAST_AREA);
  return flat ? null : ring;
}

/** How far, times the length of the line, a point is from the line through the first two. */
function offLine([a, b]: Points, point: { readonly x: number; readonly y: number }): number {
  if (a === undefined || b === undefined) return 0;
  return Math.abs((b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x));
}

export const polygon: Form = {
  noun: ["polygon", "polygons"],
  hint: "Press for each corner, the last one twice",
  corners: Number.POSITIVE_INFINITY,
  dragged: false,
  finest: 0.1,
  read,
  write: (at) => ({ points: at.map(({ x, y }) => [tidy(x), tidy(y)]) }),
  made,
  path: ringPath,
  grips: (at) => at,
  pulled: (at, grip, to) => made(at.map((point, i) => (i === grip ? to : point))),
  gaps: (at) => edgesOf(at).map(([a, b]) => middle(a, b)),
  added: (at, gap, point) => [...at.slice(0, gap + 1), point, ...at.slice(gap + 1)],
  without: (at, grip) => made(at.filter((_, i) => i !== grip)),
  covers: (at, point, reach) =>
    insideRing(at, point) || (reach > 0 && edgesOf(at).some(([a, b]) => distanceToEdge(point, a, b) <= reach)),
  area: areaOf,
  words(at) {
    const { left, top } = boundsOf(at);
    return `${at.length} corners at ${count(left)}, ${count(top)}`;
  },
};
