/** The regions of the recording on the screen, which of them is chosen, and each change that a press makes of them. */

import type { Press } from "../presented.ts";
import type { Value } from "../protocol.ts";
import * as rules from "../rules/regions.ts";
import type { Place } from "./kind.ts";

const EMPTY: rules.Cutting = { duration: null, regions: [] };

export class RegionDesk {
  cutting = EMPTY;
  chosen: string | null = null;
  /** What is selected and no region yet. */
  range: rules.Stretch | null = null;
  /** Whether a region may be a moment. */
  readonly points: boolean;
  readonly #place: Place;
  readonly #duration: () => number | null;
  #value: Value = null;

  /** `duration`: of the recording, as far as it is known now. */
  constructor(place: Place, duration: () => number | null) {
    this.#place = place;
    this.#duration = duration;
    this.points = place.task.settings["points"] === true;
  }

  get region(): rules.Region | null {
    return this.cutting.regions.find(({ id }) => id === this.chosen) ?? null;
  }

  draw(value: Value): void {
    if (value !== this.#value) this.cutting = rules.cuttingOf(value);
    this.#value = value;
    if (this.region === null) this.chosen = null;
  }

  choose(id: string | null): void {
    this.range = null;
    this.chosen = id;
  }

  select(range: rules.Stretch): void {
    this.chosen = null;
    this.range = range;
  }

  /** Let go of what is chosen or selected; false where nothing is. */
  release(): boolean {
    const held = this.range !== null || this.chosen !== null;
    this.range = this.chosen = null;
    return held;
  }

  /** Say that there are none. */
  none(press: Press, pressed: Element | null): void {
    this.#place.label(rules.kept({ ...EMPTY, duration: this.#duration() }), press, pressed);
  }

  add(range: rules.Stretch, label: string | null, press: Press, pressed: Element | null): boolean {
    const region = { ...range, label };
    if (this.#refused(region, null) || !this.#edit(rules.added(this.cutting, region), press, pressed, null))
      return false;
    this.range = null;
    return true;
  }

  change(
    region: rules.Region,
    change: Partial<Omit<rules.Region, "id">>,
    press: Press | null,
    pressed: Element | null,
    run: string | null,
  ): boolean {
    if (this.#refused({ ...region, ...change }, region.id)) return false;
    const done = this.#edit(rules.changed(this.cutting, region.id, change), press, pressed, run);
    if (done) this.chosen = region.id;
    return done;
  }

  /** Remove the region that is chosen. */
  remove(press: Press, pressed: Element | null): boolean {
    return this.chosen !== null && this.#edit(rules.removed(this.cutting, this.chosen), press, pressed, null);
  }

  /** Whether a region cannot be so beside the others, which the person is told. */
  #refused(region: rules.Begun, self: string | null): boolean {
    const why = rules.refusal(this.#place.task, this.cutting, region, self);
    if (why !== null) this.#place.tell(why);
    return why !== null;
  }

  #edit(cutting: rules.Cutting | null, press: Press | null, pressed: Element | null, run: string | null): boolean {
    const value = cutting === null ? null : rules.kept({ ...cutting, duration: this.#duration() });
    const each = press === null ? null : { ...press, repeat: run === null && press.repeat };
    return this.#place.edit(value, each, pressed, run);
  }
}
