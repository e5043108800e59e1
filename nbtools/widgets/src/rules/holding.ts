/** What lies under a place of the picture, and so what a press there takes hold of. Pure. */

import type { Form, Points } from "./form.ts";
import { boundsOf, distance, type Point } from "./geometry.ts";
import type { Shape } from "./shapes.ts";

export type Held =
  | { readonly what: "grip"; readonly grip: number }
  | { readonly what: "gap"; readonly gap: number }
  | { readonly what: "shape" }
  | { readonly what: "free" };

const FREE: Held = { what: "free" };

/** How much of a small shape its grips take on each side, so that a press between them holds the shape. */
const GRIP_SHARE = 0.25;

/** What of the selected shape a press takes hold of, no further than `reach` from it. */
export function held(form: Form, at: Points | null, point: Point, reach: number): Held {
  if (at === null) return FREE;
  const { left, top, right, bottom } = boundsOf(at);
  const share = Math.min(right - left, bottom - top) * GRIP_SHARE;
  const near = form.covers(at, point, 0) ? Math.min(reach, share) : reach;
  const grip = nearest(form.grips(at), point, near);
  if (grip !== null) return { what: "grip", grip };
  const gap = nearest(form.gaps(at), point, near);
  if (gap !== null) return { what: "gap", gap };
  return form.covers(at, point, reach) ? { what: "shape" } : FREE;
}

/** The shapes under a place, the smallest first. */
export function under(form: Form, shapes: readonly Shape[], point: Point, reach: number): readonly Shape[] {
  const there = shapes.filter(({ at }) => form.covers(at, point, reach));
  const sizes = new Map(there.map((shape) => [shape, form.area(shape.at)]));
  const from = ({ at: [first] }: Shape) => (first === undefined ? 0 : distance(first, point));
  return there.sort((a, b) => (sizes.get(a) ?? 0) - (sizes.get(b) ?? 0) || from(a) - from(b));
}

/** Which of some places is nearest; `null` where none is near. */
function nearest(places: Points, point: Point, reach: number): number | null {
  const found = places
    .map((place, i) => ({ i, far: distance(place, point) }))
    .filter(({ far }) => far <= reach)
    .sort((a, b) => a.far - b.far);
  return found[0]?.i ?? null;
}
