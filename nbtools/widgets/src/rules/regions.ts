/** The rules of `regions`: what a value holds, and what becomes of it. Seconds. Pure. */

import type { Task, Value } from "../protocol.ts";
import { type Fields, isFields } from "./form.ts";
import { nameOf } from "./options.ts";

export interface Stretch {
  readonly start: number;
  readonly end: number;
}

export interface Region extends Stretch {
  readonly id: string;
  /** An option's id; `null` in a task without options. */
  readonly label: string | null;
  /** What is said of it beside, by name. */
  readonly attributes: Fields;
}

/** What a region is before it has an id. */
export type Begun = Omit<Region, "id" | "attributes">;

export interface Cutting {
  readonly duration: number | null;
  readonly regions: readonly Region[];
}

export const NONE = "no regions";
/** Lines in which regions that overlap can be told apart; deeper ones share the last. */
export const LANES = 4;
/** Times that are set in the page are whole tenths of a millisecond. */
const PER_SECOND = 10_000;

const AROUND_S = 0.5;

/** What a value of this kind holds; nothing where it is none. */
export function cuttingOf(value: Value): Cutting {
  const { duration, regions } = isFields(value) ? value : {};
  const list: readonly Fields[] = Array.isArray(regions) ? regions : [];
  return {
    duration: typeof duration === "number" ? duration : null,
    regions: list.map(({ id, label, start, end, attributes }, at) => ({
      id: typeof id === "string" ? id : `s${at + 1}`,
      label: typeof label === "string" ? label : null,
      start: Number(start),
      end: Number(end),
      attributes: isFields(attributes) ? attributes : {},
    })),
  };
}

/** Regions as they are kept, in the order of time. */
export function kept({ duration, regions }: Cutting): Value {
  const sorted = [...regions].sort((a, b) => a.start - b.start || b.end - a.end);
  return { duration, regions: sorted.map(fieldsOf) };
}

/** Where nothing is said of a region beside its label, it is kept without attributes. */
function fieldsOf({ id, label, start, end, attributes }: Region): Fields {
  const fields = { id, label, start, end };
  return Object.keys(attributes).length === 0 ? fields : { ...fields, attributes };
}

export const rounded = (time: number): number => Math.round(time * PER_SECOND) / PER_SECOND;

/** A stretch between two times, whichever comes first, inside the recording. */
export function between(one: number, other: number, duration: number): Stretch {
  const inside = (time: number) => Math.min(duration, Math.max(0, rounded(time)));
  return { start: inside(Math.min(one, other)), end: inside(Math.max(one, other)) };
}

/** A stretch with one end, or all of it, moved by some seconds: it stays inside the recording and as long as it must be. */
export function shifted(
  { start, end }: Stretch,
  what: "start" | "end" | "both",
  by: number,
  duration: number,
  points: boolean,
): Stretch {
  const least = points ? 0 : 1 / PER_SECOND;
  if (what === "start") return { start: rounded(Math.min(Math.max(0, start + by), end - least)), end };
  if (what === "end") return { start, end: Math.min(duration, rounded(Math.max(end + by, start + least))) };
  const way = Math.min(Math.max(by, -start), duration - end);
  const moved = Math.max(0, rounded(start + way));
  return { start: moved, end: Math.min(duration, rounded(moved + (end - start))) };
}

/** Why a region cannot be so beside the others; `null` where it can. */
export function refusal({ settings }: Task, { regions }: Cutting, region: Begun, self: string | null): string | null {
  if (region.start >= region.end && !(settings["points"] === true && region.start === region.end))
    return "a region ends after it starts";
  const others = regions.filter(({ id }) => id !== self);
  if (others.some(({ start, end, label }) => start === region.start && end === region.end && label === region.label))
    return "that region is there already";
  const overlaps = others.some(({ start, end }) => start < region.end && region.start < end);
  return settings["overlap"] === false && overlaps ? "regions do not overlap here" : null;
}

export const added = (cutting: Cutting, region: Begun): Cutting => ({
  ...cutting,
  regions: [...cutting.regions, { ...region, id: freeId(cutting.regions), attributes: {} }],
});

/** A region with other ends or another label: its id stays. */
export const changed = (cutting: Cutting, id: string, change: Partial<Omit<Region, "id">>): Cutting => ({
  ...cutting,
  regions: cutting.regions.map((region) => (region.id === id ? { ...region, ...change } : region)),
});

/** Without a region; `null` where none is left, which says nothing. */
export function removed(cutting: Cutting, id: string): Cutting | null {
  const regions = cutting.regions.filter((region) => region.id !== id);
  return regions.length === 0 ? null : { ...cutting, regions };
}

/** The regions at a time, the shortest first; `slack`: how far beside a moment it still counts. */
export const regionsAt = ({ regions }: Cutting, time: number, slack: number): readonly Region[] =>
  regions
    .filter(({ start, end }) => (start === end ? Math.abs(time - start) <= slack : start <= time && time <= end))
    .sort((a, b) => a.end - a.start - (b.end - b.start) || a.start - b.start);

/** What is played of a region: of a moment something around it. */
export function heard({ start, end }: Stretch, duration: number): Stretch {
  const around = start === end ? AROUND_S : 0;
  return { start: Math.max(0, start - around), end: Math.min(duration, end + around) };
}

/** In which line each region goes, so that those that overlap can be told apart. */
export function lanes({ regions }: Cutting): readonly number[] {
  const ends: number[] = [];
  return regions.map(({ start, end }) => {
    const free = ends.findIndex((each) => each <= start);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = end;
    return Math.min(lane, LANES - 1);
  });
}

export function problem(value: Value): string | null {
  return value === null ? `mark a region, or say “${NONE}”` : null;
}

/** How many regions of each label a value holds. */
export function words({ options }: Task, value: Value): string {
  const counts = new Map<string, number>();
  for (const { label } of cuttingOf(value).regions) counts.set(label ?? "", (counts.get(label ?? "") ?? 0) + 1);
  const said = [...counts].map(([id, count]) =>
    id === "" ? `${count} ${count === 1 ? "region" : "regions"}` : `${count} ${nameOf(options, id)}`,
  );
  return said.join(", ") || NONE;
}

/** What a person typed as a time, such as `12.5` or `1:02.5`; `null` where it is none. */
export function typedTime(text: string): number | null {
  const found = /^\s*(?:(?:(\d+):)?(\d+):)?(\d+(?:[.,]\d+)?)\s*$/.exec(text);
  if (!found) return null;
  const [hours, minutes, seconds] = [found[1] ?? 0, found[2] ?? 0, (found[3] ?? "").replace(",", ".")].map(Number);
  return (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0);
}

/** An id that no region has: the number after the highest. */
function freeId(regions: readonly Region[]): string {
  const numbers = regions.map(({ id }) => Number(/^s(\d{1,9})$/.exec(id)?.[1] ?? 0));
  return `s${Math.max(0, ...numbers) + 1}`;
}
