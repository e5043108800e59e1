/** A shape that is begun: the corners set so far, by presses or by keys, until they make one. */

import type { Press } from "../presented.ts";
import type { Form, Points } from "../rules/form.ts";
import { boundsOf, distance, middle, type Point, snapped } from "../rules/geometry.ts";
import type { ShapeDesk } from "./shapedesk.ts";
import type { ShapeLayer } from "./shapelayer.ts";

/** From how many CSS pixels for one of the picture on a part of it can be meant. */
const FINE_PX = 4;

export class ShapeSketch {
  /** Corners of a shape that is not closed yet, and where the next one would be. */
  begun: Points = [];
  ahead: Point | null = null;
  /** Where keys draw; `null` while the arrows are the selected shape's, or the items'. */
  cross: Point | null = null;
  /** Whether the next press draws, whatever is there. */
  over = false;
  hidden = false;
  /** Whether the cross came with the person from the item before, and nothing was done with it yet. */
  #carried = false;
  readonly #form: Form;
  readonly #layer: ShapeLayer;
  readonly #desk: ShapeDesk;

  constructor(form: Form, layer: ShapeLayer, desk: ShapeDesk) {
    this.#form = form;
    this.#layer = layer;
    this.#desk = desk;
  }

  /** Another item is on the screen: who draws by keys goes on with it. */
  shown(): void {
    if (this.cross !== null) this.cross = this.#layer.size === null ? null : this.snapped(this.#layer.middle);
    this.#carried = this.cross !== null;
    this.drop();
    this.over = this.hidden = false;
  }

  drop(): void {
    this.begun = [];
    this.ahead = null;
  }

  /** Of which parts of a pixel a place is made. */
  get step(): number {
    return this.#layer.unit * FINE_PX > 1 ? 1 : this.#form.finest;
  }

  snapped(point: Point): Point {
    return snapped(point, this.step, this.#desk.size);
  }

  /** What the corners are with the one ahead. */
  get line(): Points {
    const ahead = this.cross ?? this.ahead;
    return this.begun.length > 0 && ahead !== null ? [...this.begun, ahead] : this.begun;
  }

  /** Set a corner; the last one again, or the first, closes. */
  corner(point: Point, reach: number, press: Press): boolean {
    this.#carried = false;
    if (!this.#desk.ready()) return true;
    const place = this.snapped(point);
    const near = (one: Point | undefined) => one !== undefined && distance(one, place) <= reach;
    const closes = near(this.begun.at(-1)) || (this.begun.length > 2 && near(this.begun[0]));
    this.ahead = null;
    this.hidden = false;
    if (closes) return this.begun.length < 3 || this.finish(press);
    if (this.begun.length === 0) this.#desk.select(null);
    this.begun = [...this.begun, place];
    return this.begun.length < this.#form.corners || this.finish(press);
  }

  /** Make a shape of the corners; where they make none, they wait for others. */
  finish(press: Press): boolean {
    // By keys the other corner of a box is where the cross is.
    const corners = this.#form.corners === 2 && this.begun.length === 1 ? this.line : this.begun;
    if (this.add(this.#form.made(corners), press)) this.drop();
    else this.begun = this.begun.slice(0, this.#form.corners - 1);
    return true;
  }

  add(at: Points | null, press: Press): boolean {
    const added = this.#desk.ready() && this.#desk.add(at, press);
    if (added) this.over = this.hidden = false;
    return added;
  }

  takeBack(): boolean {
    if (this.begun.length === 0) return false;
    this.begun = this.begun.slice(0, -1);
    this.ahead = null;
    return true;
  }

  /** Draw by keys, from where the selected shape is; or do so no more. Whose first key on each item it is goes on drawing. */
  toggleCross(byKey: boolean): void {
    const { left, top, right, bottom } = boundsOf(this.#desk.shape?.at ?? [this.#layer.middle]);
    const goesOn = byKey && this.#carried;
    this.#carried = false;
    this.drop();
    this.hidden = false;
    if (this.cross === null) this.cross = this.snapped(middle({ x: left, y: top }, { x: right, y: bottom }));
    else if (!goesOn) this.cross = null;
  }

  moveCross(from: Point, by: Point): void {
    this.#carried = false;
    this.cross = this.snapped({ x: from.x + by.x, y: from.y + by.y });
    this.#layer.reveal(this.cross);
  }
}
