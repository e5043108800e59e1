/** The shapes of the item on the screen, which of them is selected, and each change that a press makes of them. */

import type { Press } from "../presented.ts";
import type { Json, Value } from "../protocol.ts";
import { inserted } from "../rules/drag.ts";
import type { Form, Points } from "../rules/form.ts";
import { moved, type Point, snapped } from "../rules/geometry.ts";
import { withAttribute } from "../rules/partattributes.ts";
import * as rules from "../rules/shapes.ts";
import type { Size } from "../zoom.ts";
import type { Place } from "./kind.ts";

/** As exact as the kernel keeps places, in pixels. */
const EXACT = 0.01;

export class ShapeDesk {
  drawing: rules.Drawing = { size: null, shapes: [] };
  /** The shape that keys and buttons are about, and which of its grips the arrows move. */
  selected: string | null = null;
  grip: number | null = null;
  /** The option of the next shape. */
  option: string | null = null;
  /** Whether that option was chosen before anything is drawn, and not by naming a shape: who draws so goes on so. */
  #chosenFirst = false;
  /** A shape just drawn with an option chosen first: the next option is for the next shape, until this one is touched. */
  #done: string | null = null;
  readonly #place: Place;
  readonly #form: Form;
  readonly #once: boolean;
  #value: Value = null;
  #size: Size | null = null;

  constructor(place: Place, form: Form) {
    this.#place = place;
    this.#form = form;
    this.#once = place.task.settings["once"] === true;
    this.#first();
  }

  get shape(): rules.Shape | null {
    return this.drawing.shapes.find(({ id }) => id === this.selected) ?? null;
  }

  get size(): Size {
    return this.#size ?? { width: 0, height: 0 };
  }

  /** Another item is on the screen; `size` of its picture, `null` where it has none. */
  shown(size: Size | null): void {
    this.#size = size;
    this.#read();
    this.select(null);
    if (this.#once) this.#first();
  }

  draw(value: Value): void {
    if (value !== this.#value) {
      this.#value = value;
      this.#read();
    }
    if (this.shape === null) this.select(null);
  }

  select(id: string | null): void {
    if (id !== this.selected) this.grip = null;
    this.selected = id;
    this.#done = null;
  }

  /** Whether there is a picture to draw on; else the person is told. */
  ready(): boolean {
    if (this.#size === null) this.#place.tell("there is no picture here to draw on");
    return this.#size !== null;
  }

  choose(option: string, press: Press, pressed: Element | null): void {
    if (this.#done !== null) this.select(null);
    const [shape, { task }] = [this.shape, this.#place];
    const only = rules.onlyOf(task, this.drawing, option);
    const why = shape === null ? null : rules.refusal(this.#form, task, this.drawing, option, shape.id);
    if (shape === null && only !== null) this.select(only.id);
    else if (why !== null) this.#place.tell(why);
    else {
      this.option = option;
      this.#chosenFirst = shape === null;
      if (shape !== null && shape.option !== option) this.change(shape, { option }, press, pressed);
    }
  }

  /** A new shape, which is selected then; false where it was not taken. */
  add(at: Points | null, press: Press): boolean {
    const { task } = this.#place;
    const option = rules.nextOption(task, this.drawing, this.option);
    const small = at === null ? `a ${this.#form.noun[0]} is larger than that` : null;
    const why = small ?? rules.refusal(this.#form, task, this.drawing, option, null);
    if (why !== null) this.#place.tell(why);
    if (at === null || why !== null) return false;
    const drawing = rules.added(this.drawing, { option, at, attributes: {} });
    if (!this.#edit(drawing, press)) return false;
    this.option = rules.nextOption(task, drawing, option);
    // Where each option is there once, the next key is about the next one.
    this.select(this.#once ? null : (drawing.shapes.at(-1)?.id ?? null));
    if (this.#chosenFirst) this.#done = this.selected;
    return true;
  }

  change(
    shape: rules.Shape,
    change: Partial<Omit<rules.Shape, "id">>,
    press: Press | null,
    pressed: Element | null = null,
    run: string | null = null,
  ): void {
    this.#done = null;
    this.#edit(rules.changed(this.drawing, shape.id, change), press, pressed, run);
  }

  say(name: string, value: Json, press: Press | null, run: string | null): void {
    const shape = this.shape;
    if (shape === null) return;
    const attributes = withAttribute(shape.attributes, name, value);
    this.change(shape, { attributes }, press, null, run === null ? null : `${run} of ${shape.id}`);
  }

  /** By keys: the shape, or its grip, a little further; held keys are one step. */
  nudge(by: Point, press: Press): boolean {
    const [shape, grip] = [this.shape, this.grip];
    if (shape === null) return false;
    const from = grip === null ? undefined : this.#form.grips(shape.at)[grip];
    const at =
      from === undefined
        ? moved(shape.at, by, this.size)
        : this.#form.pulled(shape.at, grip ?? 0, snapped({ x: from.x + by.x, y: from.y + by.y }, EXACT, this.size));
    const held = { ...press, repeat: false };
    if (at === null) this.#place.tell(`a ${this.#form.noun[0]} cannot be smaller: Del removes it`);
    else this.change(shape, { at }, held, null, `${grip === null ? "place" : `grip ${grip}`} of ${shape.id}`);
    return true;
  }

  /** A corner of a polygon, else the shape; false where nothing is selected. */
  remove(press: Press, pressed: Element | null): boolean {
    const [shape, grip] = [this.shape, this.grip];
    if (shape === null) return false;
    const corner = grip !== null && this.#form.gaps(shape.at).length > 0;
    const less = corner ? this.#form.without(shape.at, grip) : null;
    if (corner && less === null) this.#place.tell("it needs its corners: Esc, then Del removes it whole");
    else if (corner && less !== null) {
      this.change(shape, { at: less }, press, pressed);
      this.grip = Math.min(grip, less.length - 1);
    } else if (this.#edit(rules.removed(this.drawing, shape.id), press, pressed)) this.select(null);
    return true;
  }

  /** A corner more, halfway to the next one. */
  insert(gap: number | null, press: Press, pressed: Element | null): boolean {
    const shape = this.shape;
    const at = shape === null ? null : inserted(this.#form, shape.at, gap ?? 0);
    if (shape === null || at === null) return false;
    this.change(shape, { at }, press, pressed);
    this.grip = (gap ?? 0) + 1;
    return true;
  }

  /** Select the shape after or before; false where there is none. */
  go(by: 1 | -1): boolean {
    this.#done = null;
    const next = rules.beside(this.drawing, this.selected, by);
    if (next !== null) this.select(next.id);
    return next !== null;
  }

  nextGrip(): boolean {
    this.#done = null;
    const shape = this.shape;
    const count = shape === null ? 0 : this.#form.grips(shape.at).length;
    if (count === 0) return false;
    this.grip = this.grip === null ? 0 : (this.grip + 1) % count;
    return true;
  }

  copy(press: Press, pressed: Element | null): void {
    const [one, many] = this.#form.noun;
    const from = rules.drawingOf(this.#form, this.#place.before());
    const drawing = rules.copied(this.#form, this.#place.task, this.drawing, from, this.size);
    if (from.shapes.length === 0) this.#place.tell(`the item before this one has no ${many}`);
    else if (drawing === this.drawing) this.#place.tell(`each ${one} of the item before is here already`);
    else this.#edit(drawing, press, pressed);
  }

  none(press: Press, pressed: Element | null): void {
    this.#place.label(rules.kept(this.#form, { size: this.#size, shapes: [] }), press, pressed);
  }

  #edit(
    drawing: rules.Drawing | null,
    press: Press | null,
    pressed: Element | null = null,
    run: string | null = null,
  ): boolean {
    return this.#place.edit(drawing === null ? null : rules.kept(this.#form, drawing), press, pressed, run);
  }

  #read(): void {
    const drawing = rules.drawingOf(this.#form, this.#value);
    this.drawing = this.#size === null ? drawing : rules.fitted(drawing, this.#size);
  }

  /** Where there is one option, or each in turn, the first one; else none is chosen before a person does. */
  #first(): void {
    const { options } = this.#place.task;
    this.option = options.length === 1 || this.#once ? (options[0]?.id ?? null) : null;
  }
}
