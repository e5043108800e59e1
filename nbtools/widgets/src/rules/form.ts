/** What boxes, polygons and points differ in. A shape lies at a list of points, which its form reads and reshapes. Pure. */

import type { Json } from "../protocol.ts";
import type { Point } from "./geometry.ts";

export type Fields = { readonly [name: string]: Json };
export type Points = readonly Point[];

export const isFields = (value: Json | undefined): value is Fields =>
  value !== null && typeof value === "object" && !Array.isArray(value);

export interface Form {
  /** One of them, and many. */
  readonly noun: readonly [string, string];
  /** What to do with a mouse or finger to make one. */
  readonly hint: string;
  /** How many corners make one at once; Infinity: as many as are set until it is closed. */
  readonly corners: number;
  /** Whether one is drawn from one corner to the other, in one go. */
  readonly dragged: boolean;
  /** The smallest part of a pixel that a hand can mean where it sees one. */
  readonly finest: number;
  /** Where a kept shape lies. */
  read(fields: Fields): Points;
  write(at: Points): Fields;
  /** What corners make; `null` where it would be nothing. */
  made(corners: Points): Points | null;
  /** How it is drawn, as the data of an SVG path. */
  path(at: Points): string;
  /** What it can be reshaped by. */
  grips(at: Points): Points;
  /** With one of its grips elsewhere; `null` where nothing would be left of it. */
  pulled(at: Points, grip: number, to: Point): Points | null;
  /** Where a grip can be added, each between two; none where the form is what it is. */
  gaps(at: Points): Points;
  added(at: Points, gap: number, point: Point): Points;
  /** Without one of its grips; `null` where it needs them all. */
  without(at: Points, grip: number): Points | null;
  /** Whether a place is on it, or no further than `reach`. */
  covers(at: Points, point: Point, reach: number): boolean;
  /** How much it covers, by which of two the smaller is found first. */
  area(at: Points): number;
  /** Where it lies, in words. */
  words(at: Points): string;
}

export const numberIn = (fields: Fields, name: string): number => {
  const value = fields[name];
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
};

/** A shape that is drawn as a closed line. */
export const ringPath = (ring: Points): string => `${linePath(ring)}Z`;

export const linePath = (line: Points): string => line.map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${x} ${y}`).join("");

/** Places to be drawn as dots of one size at any zoom: lines of no length, which have ends. */
export const dotsPath = (places: Points): string => places.map(({ x, y }) => `M${x} ${y}h0`).join("");
