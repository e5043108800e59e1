/** The rules of `spans`: what a value holds, and what becomes of it. Offsets are code points. Pure. */

import { sha256 } from "@noble/hashes/sha2.js";
import type { Json, Option, Task, Value } from "../protocol.ts";
import { nameOf } from "./options.ts";
import type { Range } from "./points.ts";

export interface Span extends Range {
  readonly id: string;
  readonly option: string;
}

/** From a span to another, by their ids. */
export interface Relation {
  readonly type: string;
  readonly from: string;
  readonly to: string;
}

export interface Marking {
  readonly hash: string | null;
  readonly spans: readonly Span[];
  readonly relations: readonly Relation[];
}

/** What is selected; the caret stands at `focus`. */
export interface Selected {
  readonly anchor: number;
  readonly focus: number;
}

export const NONE = "no spans";
/** Lines below a text that can be told apart; deeper ones share the last. */
export const LEVELS = 4;
// No option's id has a line end, so that a type of relation is none.
const TYPE = "\n";
const SHOWN = 40;

type Fields = { readonly [name: string]: Json };
const listOf = (value: Json | undefined): readonly Fields[] => (Array.isArray(value) ? value : []);

/** What a value of this kind holds; nothing where it is none. */
export function markingOf(value: Value): Marking {
  const fields = value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Fields) : {};
  const hash = fields["text_hash"];
  return {
    hash: typeof hash === "string" ? hash : null,
    spans: listOf(fields["spans"]).map(({ id, start, end, option }) => ({
      id: String(id),
      start: Number(start),
      end: Number(end),
      option: String(option),
    })),
    relations: listOf(fields["relations"]).map(({ type, from, to }) => ({
      type: String(type),
      from: String(from),
      to: String(to),
    })),
  };
}

/** A marking as it is kept, in the order of the text. */
export function kept({ hash, spans, relations }: Marking): Value {
  const sorted = [...spans].sort((a, b) => a.start - b.start || b.end - a.end);
  return {
    text_hash: hash,
    spans: sorted.map(({ id, start, end, option }) => ({ id, start, end, option })),
    relations: relations.map(({ type, from, to }) => ({ type, from, to })),
  };
}

/** By what a text is known again: the kernel's `text_hash`, for which plain http has no `crypto.subtle`. */
export const hashOf = (text: string): string =>
  [...sha256(new TextEncoder().encode(text)).slice(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Why a span cannot be so beside the others; `null` where it can. */
export function refusal({ settings }: Task, { spans }: Marking, span: Omit<Span, "id">, self: string | null) {
  const others = spans.filter(({ id }) => id !== self);
  if (others.some(({ start, end, option }) => start === span.start && end === span.end && option === span.option))
    return "that span is there already";
  const overlaps = others.some(({ start, end }) => start < span.end && span.start < end);
  return settings["overlap"] === false && overlaps ? "spans do not overlap here" : null;
}

export function added(marking: Marking, span: Omit<Span, "id">): Marking {
  return { ...marking, spans: [...marking.spans, { ...span, id: freeId(marking.spans) }] };
}

/** A span with other ends or another option: its id stays. */
export function changed(marking: Marking, id: string, change: Partial<Omit<Span, "id">>): Marking {
  return { ...marking, spans: marking.spans.map((span) => (span.id === id ? { ...span, ...change } : span)) };
}

/** Without a span and its relations, or without a relation; `null` where no span is left, which says nothing. */
export function removed(marking: Marking, what: string): Marking | null {
  const spans = marking.spans.filter(({ id }) => id !== what);
  const relations = marking.relations.filter(
    (each) => each.from !== what && each.to !== what && relationKey(each) !== what,
  );
  return spans.length === 0 ? null : { ...marking, spans, relations };
}

/** With a relation more; the same marking where it is there already. */
export function related(marking: Marking, relation: Relation): Marking {
  const there = marking.relations.some((each) => relationKey(each) === relationKey(relation));
  return there ? marking : { ...marking, relations: [...marking.relations, relation] };
}

/** What a relation is known by in the page; no span's id has a line end. */
export const relationKey = ({ type, from, to }: Relation): string => [type, from, to].join("\n");

/** The spans at a place, the innermost first. */
export const spansAt = ({ spans }: Marking, point: number): readonly Span[] =>
  spans
    .filter(({ start, end }) => start <= point && point < end)
    .sort((a, b) => a.end - a.start - (b.end - b.start) || a.start - b.start);

/** On which line below the text each span goes, so that those that overlap can be told apart. */
export function levels({ spans }: Marking): readonly number[] {
  const ends: number[] = [];
  return spans.map(({ start, end }) => {
    const free = ends.findIndex((each) => each <= start);
    const level = free < 0 ? ends.length : free;
    ends[level] = end;
    return Math.min(level, LEVELS - 1);
  });
}

/** A selection with a word more; none where the word lies in it, so that a second tap takes the first back. */
export function joined(range: Range, word: Range): Selected | null {
  const within = range.start <= word.start && word.end <= range.end;
  return within ? null : { anchor: Math.min(range.start, word.start), focus: Math.max(range.end, word.end) };
}

/** The types of relation, as options: so they have keys of their own. */
export function relationOptions({ settings }: Task): readonly Option[] {
  const types = Array.isArray(settings["relations"]) ? settings["relations"].map(String) : [];
  return types.map((name) => ({
    id: TYPE + name,
    name,
    key: null,
    color: null,
    description: null,
    group: null,
    picture: null,
  }));
}

/** The type of relation that an option stands for, or `null`. */
export const typeOf = (option: string): string | null => (option.startsWith(TYPE) ? option.slice(TYPE.length) : null);

/** Whether there is a span of this id, or a relation of this key. */
export const holds = ({ spans, relations }: Marking, key: string): boolean =>
  spans.some(({ id }) => id === key) || relations.some((each) => relationKey(each) === key);

export function problem(value: Value): string | null {
  return value === null ? "mark a span, or say “no spans”" : null;
}

/** How many spans of each option a value holds. */
export function words({ options }: Task, value: Value): string {
  const counts = new Map<string, number>();
  for (const { option } of markingOf(value).spans) counts.set(option, (counts.get(option) ?? 0) + 1);
  return [...counts].map(([id, count]) => `${count} ${nameOf(options, id)}`).join(", ") || NONE;
}

/** The words of a span, cut off in the middle, on one line. */
export function quote(text: string): string {
  const line = [...text.replace(/\s+/gu, " ")];
  const half = SHOWN / 2;
  return `“${line.length <= SHOWN ? line.join("") : `${line.slice(0, half).join("")} … ${line.slice(-half).join("")}`}”`;
}

/** An id that no span has: the number after the highest. */
function freeId(spans: readonly Span[]): string {
  const numbers = spans.map(({ id }) => Number(/^s(\d{1,9})$/.exec(id)?.[1] ?? 0));
  return `s${Math.max(0, ...numbers) + 1}`;
}
