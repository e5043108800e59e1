/** The editor of `regions`, of one view. */

import type { Surface } from "../items/surface.ts";
import type { Press } from "../presented.ts";
import type { Item } from "../protocol.ts";
import { withAttribute } from "../rules/partattributes.ts";
import * as rules from "../rules/regions.ts";
import { Bands, clickedAt, type Look, lookOf, type TrackSurface } from "./bands.ts";
import { type Editor, NOTHING, type Now, type Place, pressOf } from "./kind.ts";
import { MOVES, type Move } from "./regioncommands.ts";
import { RegionPanel } from "./regionpanel.ts";
import { replay, stepFrame } from "./regionplaying.ts";

const EMPTY: rules.Cutting = { duration: null, regions: [] };
/** What was begun without a label. */
const ANY = "";

export class Cutter implements Editor {
  readonly #place: Place;
  readonly #panel: RegionPanel;
  readonly #look: Look;
  #surface: TrackSurface | null = null;
  #leaves = new AbortController();
  #bands: Bands | null = null;
  #now = NOTHING;
  #cutting = EMPTY;
  #chosen: string | null = null;
  /** What is selected and no region yet. */
  #range: rules.Stretch | null = null;
  /** Where regions were begun that have no end yet, by their label. */
  readonly #begun = new Map<string, number>();

  constructor(place: Place) {
    this.#place = place;
    this.#look = lookOf(place.task);
    this.#panel = new RegionPanel(place, this.#look, {
      choose: (id) => this.#choose(id),
      typed: (end, time) => this.#typed(end, time),
      said: (name, value, press, run) => {
        const region = this.#chosenRegion;
        const said = region && { attributes: withAttribute(region.attributes, name, value) };
        if (said) this.#change(region, said, press, null, run && `${run} of ${region.id}`);
      },
    });
    place.element.replaceChildren(...this.#panel.elements);
  }

  shown(_: Item | null, surface: Surface | null): void {
    this.#leave();
    this.#surface = surface?.form === "track" ? surface : null;
    this.#chosen = this.#range = null;
    this.#begun.clear();
    if (this.#surface !== null) {
      this.#bands = new Bands(this.#surface, this.#look, {
        points: this.#points,
        clicked: (time, event, slack) => this.#clicked(time, event, slack),
        selected: (range) => this.#select(range),
        resized: (region, to, event) => this.#change(region, to, pressOf(event), null),
      });
      this.#surface.transport.watch(() => this.#panel.drawPlaying(this.#surface), this.#leaves.signal);
    }
    this.#panel.shown();
  }

  draw(now: Now): void {
    if (now.value !== this.#now.value) this.#cutting = rules.cuttingOf(now.value);
    this.#now = now;
    if (this.#chosen !== null && this.#chosenRegion === null) this.#chosen = null;
    this.#refresh();
  }

  choose(option: string, press: Press, pressed: Element | null): void {
    const surface = this.#recording();
    if (surface === null || press.repeat) return;
    const { time } = surface.transport;
    const [range, region] = [this.#range, this.#chosenRegion];
    const begun = this.#begun.get(option) ?? this.#begun.get(ANY);
    if (range !== null) this.#add(range, option, press, pressed);
    else if (region !== null) this.#change(region, { label: option }, press, pressed);
    else if (begun !== undefined) this.#finish(begun, time, option, press, pressed);
    else this.#begin(option, time);
  }

  act(command: string, press: Press, pressed: Element | null): boolean {
    const surface = this.#surface;
    if (command === "none") {
      const value = rules.kept({ ...EMPTY, duration: surface?.duration ?? null });
      if (this.#recording() !== null) this.#place.label(value, press, pressed);
      return true;
    }
    if (surface === null) return false;
    const move = MOVES[command];
    if (move !== undefined) return this.#move(move, press, pressed);
    switch (command) {
      case "start":
      case "end":
        this.#set(command, surface, press, pressed);
        return true;
      case "replay":
        return this.#replay(surface);
      case "stepBack":
      case "stepOn":
        stepFrame(surface, command === "stepOn" ? 1 : -1);
        return true;
      case "loop":
        surface.transport.setLoop(!surface.transport.loop);
        return true;
      case "next":
      case "previous":
        this.#choose(this.#panel.beside(this.#chosen, command), true);
        return true;
      case "remove":
        return this.#remove(press, pressed);
      case "attributes":
        return this.#panel.fields.enter();
      case "drop":
        return this.#drop();
      default:
        return surface.act(command);
    }
  }

  keyed(event: KeyboardEvent): boolean {
    return this.#panel.keyed(event, this.#chosen);
  }

  close(): void {
    this.#leave();
  }

  #leave(): void {
    this.#bands?.close();
    this.#bands = null;
    this.#leaves.abort();
    this.#leaves = new AbortController();
  }

  get #points(): boolean {
    return this.#place.task.settings["points"] === true;
  }

  get #chosenRegion(): rules.Region | null {
    return this.#cutting.regions.find(({ id }) => id === this.#chosen) ?? null;
  }

  /** What can be marked; where it is nothing, the person is told. */
  #recording(): TrackSurface | null {
    if (this.#surface === null) this.#place.tell("there is no sound or video here to mark");
    return this.#surface;
  }

  #edit(cutting: rules.Cutting | null, press: Press | null, pressed: Element | null, run: string | null = null) {
    const duration = this.#surface?.duration ?? null;
    const value = cutting === null ? null : rules.kept({ ...cutting, duration });
    const each = press === null ? null : { ...press, repeat: run === null && press.repeat };
    return this.#place.edit(value, each, pressed, run);
  }

  #add(range: rules.Stretch, label: string | null, press: Press, pressed: Element | null): boolean {
    const region = { ...range, label };
    const why = rules.refusal(this.#place.task, this.#cutting, region, null);
    if (why !== null) this.#place.tell(why);
    const next = rules.added(this.#cutting, region);
    if (why !== null || !this.#edit(next, press, pressed)) return false;
    this.#range = null;
    this.#refresh();
    return true;
  }

  #change(
    region: rules.Region,
    change: Partial<Omit<rules.Region, "id">>,
    press: Press | null,
    pressed: Element | null,
    run: string | null = null,
  ): void {
    const why = rules.refusal(this.#place.task, this.#cutting, { ...region, ...change }, region.id);
    if (why !== null) this.#place.tell(why);
    else if (this.#edit(rules.changed(this.#cutting, region.id, change), press, pressed, run)) {
      this.#chosen = region.id;
      this.#surface?.transport.follow({ ...region, ...change });
    }
    this.#refresh();
  }

  #begin(label: string, time: number): void {
    this.#begun.set(label, rules.rounded(time));
    this.#refresh();
  }

  /** The second press of what was begun. */
  #finish(start: number, time: number, label: string, press: Press, pressed: Element | null): void {
    const range = rules.between(start, time, this.#surface?.duration ?? time);
    if (!this.#add(range, label === ANY ? null : label, press, pressed)) return;
    this.#begun.delete(label);
    this.#begun.delete(ANY);
    this.#refresh();
  }

  /** Start or end here: of the region that is chosen, of what is selected, or of one that begins. */
  #set(end: "start" | "end", { transport, duration }: TrackSurface, press: Press, pressed: Element | null): void {
    if (press.repeat) return;
    const time = Math.min(duration, rules.rounded(transport.time));
    const [region, range, begun] = [this.#chosenRegion, this.#range, this.#begun.get(ANY)];
    const bare = this.#place.task.options.length === 0;
    if (region !== null) this.#change(region, { [end]: time }, press, pressed);
    else if (range !== null) this.#select(rules.between(end === "start" ? range.end : range.start, time, duration));
    else if (end === "start") this.#begin(ANY, time);
    else if (begun === undefined) this.#place.tell("say first where it starts");
    else if (bare) this.#finish(begun, time, ANY, press, pressed);
    else {
      this.#begun.delete(ANY);
      this.#select(rules.between(begun, time, duration));
    }
  }

  #move({ what, by }: Move, press: Press, pressed: Element | null): boolean {
    const [region, surface] = [this.#chosenRegion, this.#surface];
    if (region === null || surface === null) return false;
    const to = rules.shifted(region, what, by, surface.duration, this.#points);
    if (to.start === region.start && to.end === region.end) return true;
    this.#change(region, to, press, pressed, `${what} of ${region.id}`);
    surface.reveal(to.start, to.end);
    return true;
  }

  #typed(end: "start" | "end", time: number): void {
    const [region, surface] = [this.#chosenRegion, this.#surface];
    if (region === null || surface === null) return;
    if (time > surface.duration) this.#place.tell(`the recording lasts ${rules.rounded(surface.duration)} s`);
    else if (time !== region[end]) this.#change(region, { [end]: time }, null, null);
    this.#refresh();
  }

  #replay(surface: TrackSurface): true {
    const here = rules.regionsAt(this.#cutting, surface.transport.time, 0.05)[0];
    const stretch = this.#chosenRegion ?? this.#range ?? here;
    if (stretch === undefined) this.#place.tell("choose a region, or select a part of the sound");
    else replay(surface, stretch);
    return true;
  }

  #remove(press: Press, pressed: Element | null): boolean {
    if (this.#chosen === null) return false;
    const at = this.#panel.beside(this.#chosen, "next") ?? this.#panel.beside(this.#chosen, "previous");
    if (this.#edit(rules.removed(this.#cutting, this.#chosen), press, pressed)) this.#panel.keepFocus(at);
    return true;
  }

  /** Let go of one thing after the other; false where nothing is held, and Esc gives the keys back. */
  #drop(): boolean {
    if (this.#range === null && this.#chosen === null && this.#begun.size === 0) return false;
    if (this.#range !== null || this.#chosen !== null) this.#range = this.#chosen = null;
    else this.#begun.clear();
    this.#refresh();
    return true;
  }

  #select(range: rules.Stretch): void {
    this.#chosen = null;
    this.#range = range;
    if (this.#place.task.options.length === 0 && range.start < range.end) {
      const press = { timeStamp: performance.now(), repeat: false, composing: false };
      this.#add(range, null, press, null);
    } else this.#surface?.transport.follow(range);
    this.#refresh();
  }

  #clicked(time: number, event: PointerEvent, slack: number): void {
    const id = clickedAt(this.#cutting, time, slack, this.#chosen);
    this.#place.root.focus({ preventScroll: true });
    this.#surface?.transport.seek(time);
    this.#range = null;
    this.#chosen = id;
    event.preventDefault();
    this.#refresh();
  }

  /** From the list or by key; `goes`: the playhead goes there too. */
  #choose(id: string | null, goes = true): void {
    if (id === null || id === this.#chosen) return;
    this.#range = null;
    this.#chosen = id;
    const [region, surface] = [this.#chosenRegion, this.#surface];
    if (region !== null && surface !== null) {
      surface.reveal(region.start, region.end);
      if (goes && !surface.transport.playing) surface.transport.seek(region.start);
    }
    this.#refresh();
  }

  #refresh(): void {
    const { suggested } = this.#now;
    const now = { cutting: this.#cutting, chosen: this.#chosen, range: this.#range, begun: this.#begun, suggested };
    this.#bands?.draw(now);
    this.#panel.draw(now, this.#now.current);
    this.#panel.drawPlaying(this.#surface);
  }
}
