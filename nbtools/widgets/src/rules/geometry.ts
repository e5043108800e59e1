/** Places on a picture, in its pixels. Pure. */

import type { Size } from "../zoom.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** As many decimals as the kernel keeps. */
const HUNDREDTH = 100;

export const between = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/** A number without the crumbs of binary fractions. */
export const tidy = (value: number): number => Math.round(value * HUNDREDTH) / HUNDREDTH + 0;

/** A place moved to the next multiple of `step`, and into the picture. */
export const snapped = ({ x, y }: Point, step: number, size: Size): Point => ({
  x: between(tidy(Math.round(x / step) * step), 0, size.width),
  y: between(tidy(Math.round(y / step) * step), 0, size.height),
});

export const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

export const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

export function boundsOf(at: readonly Point[]): Bounds {
  const [xs, ys] = [at.map(({ x }) => x), at.map(({ y }) => y)];
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

/** Moved as far as the picture goes. */
export function moved(at: readonly Point[], by: Point, size: Size): readonly Point[] {
  const { left, top, right, bottom } = boundsOf(at);
  const dx = between(by.x, -left, size.width - right);
  const dy = between(by.y, -top, size.height - bottom);
  return at.map(({ x, y }) => ({ x: tidy(x + dx), y: tidy(y + dy) }));
}

/** The same places on a picture of another size. */
export const scaled = (at: readonly Point[], from: Size, to: Size): readonly Point[] =>
  at.map(({ x, y }) => ({ x: tidy((x * to.width) / from.width), y: tidy((y * to.height) / from.height) }));

/** How far a place is from the line between two others. */
export function distanceToEdge(point: Point, a: Point, b: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const along = ((point.x - a.x) * dx + (point.y - a.y) * dy) / (dx * dx + dy * dy || 1);
  const share = between(along, 0, 1);
  return distance(point, { x: a.x + share * dx, y: a.y + share * dy });
}

/** Each point of a ring with the next one. */
export const edgesOf = (ring: readonly Point[]): readonly (readonly [Point, Point])[] =>
  ring.map((point, i) => [point, ring[(i + 1) % ring.length] ?? point]);

/** Whether a place lies in a ring: a line from it crosses the edges an odd number of times. */
export function insideRing(ring: readonly Point[], { x, y }: Point): boolean {
  const crossed = edgesOf(ring).filter(
    ([a, b]) => a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x,
  );
  return crossed.length % 2 === 1;
}

/** Pixels that a ring encloses, by the shoelace formula. */
export const areaOf = (ring: readonly Point[]): number =>
  Math.abs(edgesOf(ring).reduce((sum, [a, b]) => sum + a.x * b.y - b.x * a.y, 0)) / 2;
