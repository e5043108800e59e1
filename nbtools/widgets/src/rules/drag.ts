/** A drag over a picture: what it took hold of, and what is there while it lasts. Pure. */

import type { Size } from "../zoom.ts";
import type { Form, Points } from "./form.ts";
import { middle, moved, type Point, snapped } from "./geometry.ts";
import type { Held } from "./holding.ts";

export interface Drag {
  readonly held: Held;
  /** Where it began. */
  readonly from: Point;
  /** Where the shape that it holds lay then. */
  readonly at: Points | null;
}

/** Where a shape lies while a drag has come `to` a place; `null` where it would be nothing. */
export function dragged(form: Form, { held, from, at }: Drag, to: Point, step: number, size: Size): Points | null {
  const by = { x: to.x - from.x, y: to.y - from.y };
  // What is held keeps its distance to the pointer.
  const along = (place: Point | undefined) =>
    snapped({ x: (place?.x ?? 0) + by.x, y: (place?.y ?? 0) + by.y }, step, size);
  if (at === null || held.what === "free") {
    const end = snapped(to, step, size);
    return form.made(form.dragged ? [snapped(from, step, size), end] : [end]);
  }
  if (held.what === "grip") return form.pulled(at, held.grip, along(form.grips(at)[held.grip]));
  if (held.what === "gap") return form.added(at, held.gap, along(form.gaps(at)[held.gap]));
  const whole = { x: Math.round(by.x / step) * step, y: Math.round(by.y / step) * step };
  return moved(at, whole, size);
}

/** A corner halfway to the one after it. */
export function inserted(form: Form, at: Points, grip: number): Points | null {
  const [a, b] = [at[grip], at[(grip + 1) % at.length]];
  return a === undefined || b === undefined || form.gaps(at).length === 0 ? null : form.added(at, grip, middle(a, b));
}
