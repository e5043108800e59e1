/** The editor of shapes, of one view: what is begun and dragged, and where keys and presses go. */

import type { Surface } from "../items/surface.ts";
import type { Press } from "../presented.ts";
import { type Drag, dragged } from "../rules/drag.ts";
import type { Form, Points } from "../rules/form.ts";
import { boundsOf, middle, type Point } from "../rules/geometry.ts";
import { held, under } from "../rules/holding.ts";
import { described, type Shape } from "../rules/shapes.ts";
import { colorOf, nameOf } from "./buttons.ts";
import { type Editor, NOTHING, type Now, type Place, pressOf } from "./kind.ts";
import { STEPS, type Step } from "./shapecommands.ts";
import { ShapeDesk } from "./shapedesk.ts";
import { type Hands, ShapeHand } from "./shapehand.ts";
import { ShapeLayer } from "./shapelayer.ts";
import { ShapePanel } from "./shapepanel.ts";
import { ShapeSketch } from "./shapesketch.ts";

/** How near a press has to be, in CSS pixels. */
const MOUSE_PX = 8;
const TOUCH_PX = 22;
interface Pull extends Drag {
  readonly press: Press;
  readonly reach: number;
  /** Whether it draws, whatever is there. */
  readonly over: boolean;
}

export class Drawer implements Editor, Hands {
  readonly #place: Place;
  readonly #form: Form;
  readonly #desk: ShapeDesk;
  readonly #layer: ShapeLayer;
  readonly #sketch: ShapeSketch;
  readonly #hand: ShapeHand;
  readonly #panel: ShapePanel;
  #now = NOTHING;
  #pull: Pull | null = null;
  #live: Points | null = null;

  constructor(place: Place, form: Form) {
    const { options } = place.task;
    this.#place = place;
    this.#form = form;
    this.#desk = new ShapeDesk(place, form);
    const look = {
      tag: (option: string | null) => (option === null ? "" : nameOf(options, option)),
      color: (option: string | null) => (option === null ? "#fff" : colorOf(options, option)),
      words: (shape: Shape) => described(form, place.task, shape),
    };
    this.#layer = new ShapeLayer(form, look, place.root, (id) => this.#select(id));
    this.#sketch = new ShapeSketch(form, this.#layer, this.#desk);
    this.#hand = new ShapeHand(this.#layer, this);
    this.#panel = new ShapePanel(place, form, (name, value, press, run) => this.#desk.say(name, value, press, run));
    place.element.replaceChildren(...this.#panel.elements);
  }

  shown(_: unknown, surface: Surface | null): void {
    const lost = this.#layer.focused || this.#panel.fields.focused;
    this.#hand.cancel();
    this.#layer.put(surface?.form === "picture" ? surface : null);
    this.#desk.shown(this.#layer.size);
    this.#sketch.shown();
    if (lost) this.#place.root.focus({ preventScroll: true });
  }

  draw(now: Now): void {
    this.#now = now;
    this.#desk.draw(now.value);
    this.#refresh();
  }

  choose(option: string, press: Press, pressed: Element | null): void {
    this.#desk.choose(option, press, pressed);
    this.#refresh();
  }

  act(command: string, press: Press, pressed: Element | null): boolean {
    const done = this.#act(command, press, pressed);
    if (done) this.#refresh();
    return done;
  }

  keyed(event: KeyboardEvent): boolean {
    if (!this.#panel.fields.keyed(event)) return false;
    this.#place.root.focus({ preventScroll: true });
    return true;
  }

  close(): void {
    this.#layer.close();
  }

  down(point: Point, event: PointerEvent): void {
    const reach = this.#layer.unit * (event.pointerType === "touch" ? TOUCH_PX : MOUSE_PX);
    const over = event.shiftKey || this.#sketch.over || this.#sketch.begun.length > 0;
    // A point has no inside: a press near one is meant for it.
    if (this.#form.corners === 1) this.#select(over ? null : (this.#under(point, reach)[0]?.id ?? null));
    const at = this.#desk.shape?.at ?? null;
    const what = over ? ({ what: "free" } as const) : held(this.#form, at, point, reach);
    this.#pull = { held: what, from: point, at, press: pressOf(event), reach, over };
    if (this.#sketch.begun.length > 0) this.drag(point);
  }

  drag(point: Point): void {
    if (this.#pull === null) return;
    if (this.#corners(this.#pull)) this.#sketch.ahead = this.#sketch.snapped(point);
    else this.#live = dragged(this.#form, this.#pull, point, this.#sketch.step, this.#desk.size) ?? this.#live;
    this.#drawLive();
  }

  up(point: Point, still: boolean): void {
    const pull = this.#pull;
    if (pull === null) return;
    if (still) this.#pressed(point, pull);
    else {
      this.drag(point);
      const [shape, live] = [this.#desk.shape, this.#live];
      if (this.#corners(pull)) this.#sketch.corner(point, pull.reach, pull.press);
      else if (pull.held.what === "free") this.#sketch.add(live, pull.press);
      else if (shape !== null && live !== null) this.#desk.change(shape, { at: live }, pull.press);
    }
    this.#pull = this.#live = null;
    this.#refresh();
  }

  cancel(): void {
    this.#pull = this.#live = this.#sketch.ahead = null;
    this.#drawLive();
  }

  hover(point: Point): void {
    const what = held(this.#form, this.#desk.shape?.at ?? null, point, this.#layer.unit * MOUSE_PX).what;
    const free = what === "free" || this.#sketch.over || this.#sketch.begun.length > 0;
    this.#layer.cursor(free ? "crosshair" : what === "shape" ? "move" : "pointer");
    if (this.#sketch.begun.length === 0 || this.#sketch.cross !== null) return;
    this.#sketch.ahead = this.#sketch.snapped(point);
    this.#drawLive();
  }

  /** A press without a drag: a grip or a gap is taken, else the next shape there; where there is none it draws. */
  #pressed(point: Point, { held: what, press, reach, over }: Pull): void {
    if (what.what === "grip") this.#desk.grip = what.grip;
    else if (what.what === "gap") this.#desk.insert(what.gap, press, null);
    else if (this.#form.corners === 1 && what.what === "free") this.#sketch.corner(point, reach, press);
    else {
      const there = over ? [] : this.#under(point, reach);
      const at = there.findIndex(({ id }) => id === this.#desk.selected);
      const next = there[(at + 1) % Math.max(1, there.length)];
      if (next === undefined && !this.#form.dragged) this.#sketch.corner(point, reach, press);
      else this.#select(next?.id ?? null);
    }
  }

  #act(command: string, press: Press, pressed: Element | null): boolean {
    const step = STEPS[command];
    if (step !== undefined) return this.#stepped(step, press);
    const desk = this.#desk;
    const acts: Readonly<Record<string, () => boolean>> = {
      mark: () => this.#sketch.cross !== null && this.#sketch.corner(this.#sketch.cross, 0, press),
      submit: () => this.#sketch.begun.length > 0 && this.#sketch.finish(press),
      undo: () => this.#sketch.takeBack(),
      next: () => this.#go(1),
      previous: () => this.#go(-1),
      grip: () => this.#withShape(() => desk.nextGrip()),
      insert: () => desk.insert(desk.grip, press, pressed),
      remove: () => this.#sketch.takeBack() || this.#remove(press, pressed),
      attributes: () => this.#panel.fields.enter(),
      drop: () => this.#drop(),
      none: () => done(desk.none(press, pressed)),
      copy: () => desk.ready() && done(desk.copy(press, pressed)),
      draw: () => desk.ready() && done(this.#enter(pressed === null)),
      over: () => done(this.#toggleOver()),
      hide: () => done(this.#toggleHidden()),
    };
    return acts[command]?.() === true;
  }

  #remove(press: Press, pressed: Element | null): boolean {
    const removed = this.#desk.remove(press, pressed);
    if (this.#desk.shape === null && this.#layer.focused) this.#place.root.focus({ preventScroll: true });
    return removed;
  }

  #stepped({ x, y, px }: Step, press: Press): boolean {
    const step = px ?? this.#layer.leap;
    const by = { x: x * step, y: y * step };
    if (this.#sketch.cross === null) return this.#desk.nudge(by, press);
    this.#sketch.moveCross(this.#sketch.cross, by);
    return true;
  }

  #go(by: 1 | -1): boolean {
    if (!this.#desk.go(by)) return false;
    this.#sketch.cross = null;
    this.#sketch.hidden = false;
    this.#sketch.begun = [];
    const { shape } = this.#desk;
    if (shape === null) return true;
    const { left, top, right, bottom } = boundsOf(shape.at);
    this.#layer.reveal(middle({ x: left, y: top }, { x: right, y: bottom }));
    this.#refresh();
    this.#layer.focus(shape.id);
    return true;
  }

  #withShape(run: () => boolean): boolean {
    if (this.#desk.shape !== null) this.#sketch.cross = null;
    return run();
  }

  #toggleOver(): void {
    this.#sketch.over = !this.#sketch.over;
  }

  #toggleHidden(): void {
    this.#sketch.hidden = !this.#sketch.hidden;
  }

  #enter(byKey: boolean): void {
    this.#sketch.toggleCross(byKey);
    if (this.#sketch.cross !== null) this.#place.root.focus({ preventScroll: true });
  }

  /** Let go of one thing after the other; false where nothing is held, and Esc gives the keys back. */
  #drop(): boolean {
    if (this.#sketch.begun.length > 0) this.#sketch.begun = [];
    else if (this.#sketch.over) this.#sketch.over = false;
    else if (this.#desk.grip !== null) this.#desk.grip = null;
    else if (this.#desk.selected !== null) this.#select(null);
    else if (this.#sketch.cross !== null) this.#sketch.cross = null;
    else return false;
    this.#sketch.ahead = null;
    if (this.#layer.focused) this.#place.root.focus({ preventScroll: true });
    return true;
  }

  #select(id: string | null): void {
    if (id !== null) this.#sketch.cross = null;
    this.#desk.select(id);
    this.#refresh();
  }

  #under(point: Point, reach: number) {
    return under(
      this.#form,
      this.#sketch.hidden ? [] : this.#desk.drawing.shapes,
      point,
      this.#form.dragged ? 0 : reach,
    );
  }

  /** Whether a press or drag there sets one of many corners. */
  #corners = ({ held: what }: Pull): boolean => what.what === "free" && this.#form.corners > 2;

  #refresh(): void {
    const { drawing, shape, option, grip, selected } = this.#desk;
    const { begun, cross, over, hidden } = this.#sketch;
    this.#layer.hide(hidden);
    this.#layer.draw(drawing, selected);
    this.#layer.drawSuggested(this.#now.suggested);
    this.#drawLive();
    const now = { drawing, shape, option, grip, begun: begun.length, cross: cross !== null, over, hidden };
    this.#panel.draw({ ...now, current: this.#now.current });
  }

  #drawLive(): void {
    const { shape, option, grip } = this.#desk;
    const { line, cross } = this.#sketch;
    const box = this.#form.corners === 2 && line.length === 2 ? this.#form.made(line) : null;
    const drawn = box ?? (this.#pull?.held.what === "free" ? this.#live : null);
    const own = drawn !== null || this.#pull?.held.what === "free";
    const live = {
      at: own ? drawn : (this.#live ?? shape?.at ?? null),
      option: own ? option : (shape?.option ?? null),
      grips: !own && cross === null,
      grip,
      begun: box === null ? line : [],
      cross,
    };
    this.#layer.drawLive(live, own ? null : (shape?.id ?? null));
  }
}

/** For what is done in any case. */
const done = (_: unknown): true => true;
