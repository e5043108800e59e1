/** The rules of shapes on a picture: what a value holds, and what becomes of it. Pixels of the upright original. Pure. */

import { count } from "../format.ts";
import type { Task, Value } from "../protocol.ts";
import type { Size } from "../zoom.ts";
import { type Fields, type Form, isFields, type Points } from "./form.ts";
import { boundsOf, scaled } from "./geometry.ts";
import { nameOf } from "./options.ts";

export interface Shape {
  readonly id: string;
  /** `null`: not said yet, or the task has no options. */
  readonly option: string | null;
  readonly at: Points;
  readonly attributes: Fields;
}

export interface Drawing {
  /** Of the picture; `null` where nothing is drawn yet. */
  readonly size: Size | null;
  readonly shapes: readonly Shape[];
}

const EMPTY: Drawing = { size: null, shapes: [] };
/** A shape is the same object as long as nothing of it changes, so that only what changed is drawn. */
const known = new WeakMap<object, Shape>();
const written = new WeakMap<Shape, Fields>();

/** What a value of this kind holds; nothing where it is none. */
export function drawingOf(form: Form, value: Value): Drawing {
  if (!isFields(value)) return EMPTY;
  const { width, height, shapes } = value;
  const size = typeof width === "number" && typeof height === "number" ? { width, height } : null;
  return { size, shapes: Array.isArray(shapes) ? shapes.filter(isFields).map((one, i) => shapeOf(form, one, i)) : [] };
}

function shapeOf(form: Form, fields: Fields, place: number): Shape {
  const there = known.get(fields);
  if (there !== undefined) return there;
  const { id, label, attributes } = fields;
  const shape = {
    id: typeof id === "string" ? id : `s${place + 1}`,
    option: typeof label === "string" ? label : null,
    at: form.read(fields),
    attributes: isFields(attributes) ? attributes : {},
  };
  known.set(fields, shape);
  written.set(shape, fields);
  return shape;
}

function fieldsOf(form: Form, shape: Shape): Fields {
  const there = written.get(shape);
  if (there !== undefined) return there;
  const { id, option, at, attributes } = shape;
  const fields = { id, label: option, ...form.write(at), attributes };
  known.set(fields, shape);
  written.set(shape, fields);
  return fields;
}

/** A drawing as it is kept: from top to bottom and left to right. */
export function kept(form: Form, { size, shapes }: Drawing): Value {
  const places = new Map(shapes.map((shape) => [shape, boundsOf(shape.at)]));
  const place = (shape: Shape) => places.get(shape) ?? { top: 0, left: 0 };
  const sorted = [...shapes].sort((a, b) => place(a).top - place(b).top || place(a).left - place(b).left);
  return {
    width: size?.width ?? null,
    height: size?.height ?? null,
    shapes: sorted.map((shape) => fieldsOf(form, shape)),
  };
}

/** A drawing on a picture of this size; one that was made on another is scaled. */
export function fitted({ size, shapes }: Drawing, to: Size): Drawing {
  const same = size === null || (size.width === to.width && size.height === to.height);
  if (same) return { size: to, shapes };
  return { size: to, shapes: shapes.map((shape) => ({ ...shape, at: scaled(shape.at, size, to) })) };
}

export const added = (drawing: Drawing, shape: Omit<Shape, "id">): Drawing => ({
  ...drawing,
  shapes: [...drawing.shapes, { ...shape, id: freeId(drawing.shapes) }],
});

/** A shape at another place or with another option: its id stays. */
export const changed = (drawing: Drawing, id: string, change: Partial<Omit<Shape, "id">>): Drawing => ({
  ...drawing,
  shapes: drawing.shapes.map((shape) => (shape.id === id ? { ...shape, ...change } : shape)),
});

/** Without a shape; `null` where none is left, which says nothing. */
export function removed(drawing: Drawing, id: string): Drawing | null {
  const shapes = drawing.shapes.filter((shape) => shape.id !== id);
  return shapes.length === 0 ? null : { ...drawing, shapes };
}

/** With the shapes of another drawing, each with a new id, but for those that are there or cannot be. */
export function copied(form: Form, task: Task, drawing: Drawing, from: Drawing, size: Size): Drawing {
  const place = (shape: Shape) => JSON.stringify([shape.option, form.write(shape.at)]);
  const there = new Set(drawing.shapes.map(place));
  const offered = new Set<string | null>([null, ...task.options.map(({ id }) => id)]);
  return fitted(from, size).shapes.reduce((all, { option, at, attributes }) => {
    const shape = { id: "", option: offered.has(option) ? option : null, at, attributes };
    const refused = there.has(place(shape)) || refusal(form, task, all, shape.option, null) !== null;
    return refused ? all : added(all, shape);
  }, drawing);
}

/** Whether there is one shape of each option at most. */
const once = ({ settings }: Task): boolean => settings["once"] === true;

/** Why a shape cannot have an option beside the others; `null` where it can. */
export function refusal(form: Form, task: Task, { shapes }: Drawing, option: string | null, self: string | null) {
  const there = once(task) && shapes.some((shape) => shape.id !== self && shape.option === option);
  const what = option === null ? form.noun[0] : `“${nameOf(task.options, option)}”`;
  return there ? `there is a ${what} already: move it, or choose another option` : null;
}

/** The option that the next shape gets where each is there once: the first that is not there yet, from one on. */
export function nextOption(task: Task, { shapes }: Drawing, from: string | null): string | null {
  if (!once(task)) return from;
  const there = new Set(shapes.map(({ option }) => option));
  const at = Math.max(
    0,
    task.options.findIndex(({ id }) => id === from),
  );
  const inTurn = [...task.options.slice(at), ...task.options.slice(0, at)];
  return inTurn.find(({ id }) => !there.has(id))?.id ?? from;
}

/** The shape that already is the only one of an option. */
export const onlyOf = (task: Task, { shapes }: Drawing, option: string): Shape | null =>
  once(task) ? (shapes.find((shape) => shape.option === option) ?? null) : null;

export function problem(form: Form, task: Task, value: Value): string | null {
  const [one, many] = form.noun;
  if (value === null) return `draw a ${one}, or say “no ${many}”`;
  const bare = task.options.length === 0 ? [] : drawingOf(form, value).shapes.filter(({ option }) => option === null);
  if (bare.length === 0) return null;
  return `${bare.length === 1 ? `1 ${one} has` : `${count(bare.length)} ${many} have`} no option yet: choose one`;
}

/** How many shapes of each option a value holds. */
export function words(form: Form, { options }: Task, value: Value): string {
  const counts = new Map<string | null, number>();
  for (const { option } of drawingOf(form, value).shapes) counts.set(option, (counts.get(option) ?? 0) + 1);
  const said = [...counts].map(([option, count]) => `${count} ${called(form, option, count, options)}`);
  return said.join(", ") || `no ${form.noun[1]}`;
}

const called = (form: Form, option: string | null, count: number, options: Task["options"]): string =>
  option === null ? form.noun[count === 1 ? 0 : 1] : nameOf(options, option);

/** What a shape is and where, for a person who hears it. */
export function described(form: Form, { options }: Task, { option, at }: Shape): string {
  const bare = options.length === 0 ? form.noun[0] : `${form.noun[0]} without an option`;
  return `${option === null ? bare : nameOf(options, option)}, ${form.words(at)}`;
}

/** How many there are. */
export const amount = (form: Form, { shapes }: Drawing): string =>
  shapes.length === 0 ? `no ${form.noun[1]}` : `${count(shapes.length)} ${form.noun[shapes.length === 1 ? 0 : 1]}`;

/** The shape after another one or before it, or the first or last. */
export function beside({ shapes }: Drawing, id: string | null, by: 1 | -1): Shape | null {
  const at = shapes.findIndex((shape) => shape.id === id);
  if (at < 0) return shapes.at(by > 0 ? 0 : -1) ?? null;
  return shapes[(at + by + shapes.length) % shapes.length] ?? null;
}

/** An id that no shape has: the number after the highest. */
function freeId(shapes: readonly Shape[]): string {
  const numbers = shapes.map(({ id }) => Number(/^s(\d{1,9})$/.exec(id)?.[1] ?? 0));
  return `s${Math.max(0, ...numbers) + 1}`;
}
