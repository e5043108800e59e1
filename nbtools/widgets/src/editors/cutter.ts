/** The editor of `regions`, of one view. */

import type { Surface } from "../items/surface.ts";
import type { Press } from "../presented.ts";
import type { Item } from "../protocol.ts";
import { withAttribute } from "../rules/partattributes.ts";
import * as rules from "../rules/regions.ts";
import { Bands, clickedAt, type Look, lookOf, type TrackSurface } from "./bands.ts";
import { type Editor, NOTHING, type Now, type Place, pressOf } from "./kind.ts";
import { MOVES, type Move } from "./regioncommands.ts";
import { RegionDesk } from "./regiondesk.ts";
import { RegionPanel } from "./regionpanel.ts";
import { replay, stepFrame } from "./regionplaying.ts";

/** What was begun without a label. */
const ANY = "";

export class Cutter implements Editor {
  readonly #place: Place;
  readonly #desk: RegionDesk;
  readonly #panel: RegionPanel;
  readonly #look: Look;
  #surface: TrackSurface | null = null;
  #leaves = new AbortController();
  #bands: Bands | null = null;
  #now = NOTHING;
  /** Where regions were begun that have no end yet, by their label. */
  readonly #begun = new Map<string, number>();

  constructor(place: Place) {
    this.#place = place;
    this.#desk = new RegionDesk(place, () => this.#surface?.duration ?? null);
    this.#look = lookOf(place.task);
    this.#panel = new RegionPanel(place, this.#look, {
      choose: (id) => this.#choose(id),
      typed: (end, time) => this.#typed(end, time),
      said: (name, value, press, run) => {
        const { region } = this.#desk;
        const said = region && { attributes: withAttribute(region.attributes, name, value) };
        if (said) this.#change(region, said, press, null, run && `${run} of ${region.id}`);
      },
    });
    place.element.replaceChildren(...this.#panel.elements);
  }

  shown(_: Item | null, surface: Surface | null): void {
    this.#leave();
    this.#surface = surface?.form === "track" ? surface : null;
    this.#desk.release();
    this.#begun.clear();
    if (this.#surface !== null) {
      this.#bands = new Bands(this.#surface, this.#look, {
        points: this.#desk.points,
        clicked: (time, event, slack) => this.#clicked(time, event, slack),
        selected: (range) => this.#select(range),
        resized: (region, to, event) => this.#change(region, to, pressOf(event), null),
      });
      this.#surface.transport.watch(() => this.#panel.drawPlaying(this.#surface), this.#leaves.signal);
    }
    this.#panel.shown();
  }

  draw(now: Now): void {
    this.#now = now;
    this.#desk.draw(now.value);
    this.#refresh();
  }

  choose(option: string, press: Press, pressed: Element | null): void {
    const surface = this.#recording();
    if (surface === null || press.repeat) return;
    const { time } = surface.transport;
    const { range, region } = this.#desk;
    const begun = this.#begun.get(option) ?? this.#begun.get(ANY);
    if (range !== null) this.#add(range, option, press, pressed);
    else if (region !== null) this.#change(region, { label: option }, press, pressed);
    else if (begun !== undefined) this.#finish(begun, time, option, press, pressed);
    else this.#begin(option, time);
  }

  act(command: string, press: Press, pressed: Element | null): boolean {
    const surface = this.#surface;
    if (command === "none") {
      if (this.#recording() !== null) this.#desk.none(press, pressed);
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
        this.#choose(this.#panel.beside(this.#desk.chosen, command), true);
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
    return this.#panel.keyed(event, this.#desk.chosen);
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

  /** What can be marked; where it is nothing, the person is told. */
  #recording(): TrackSurface | null {
    if (this.#surface === null) this.#place.tell("there is no sound or video here to mark");
    return this.#surface;
  }

  #add(range: rules.Stretch, label: string | null, press: Press, pressed: Element | null): boolean {
    const done = this.#desk.add(range, label, press, pressed);
    this.#refresh();
    return done;
  }

  #change(
    region: rules.Region,
    change: Partial<Omit<rules.Region, "id">>,
    press: Press | null,
    pressed: Element | null,
    run: string | null = null,
  ): void {
    if (this.#desk.change(region, change, press, pressed, run))
      this.#surface?.transport.follow({ ...region, ...change });
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
    const { region, range } = this.#desk;
    const begun = this.#begun.get(ANY);
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
    const { region, points } = this.#desk;
    const surface = this.#surface;
    if (region === null || surface === null) return false;
    const to = rules.shifted(region, what, by, surface.duration, points);
    if (to.start === region.start && to.end === region.end) return true;
    this.#change(region, to, press, pressed, `${what} of ${region.id}`);
    surface.reveal(to.start, to.end);
    return true;
  }

  #typed(end: "start" | "end", time: number): void {
    const [{ region }, surface] = [this.#desk, this.#surface];
    if (region === null || surface === null) return;
    if (time > surface.duration) this.#place.tell(`the recording lasts ${rules.rounded(surface.duration)} s`);
    else if (time !== region[end]) this.#change(region, { [end]: time }, null, null);
    this.#refresh();
  }

  #replay(surface: TrackSurface): true {
    const { cutting, region, range } = this.#desk;
    const stretch = region ?? range ?? rules.regionsAt(cutting, surface.transport.time, 0.05)[0];
    if (stretch === undefined) this.#place.tell("choose a region, or select a part of the sound");
    else replay(surface, stretch);
    return true;
  }

  #remove(press: Press, pressed: Element | null): boolean {
    const { chosen } = this.#desk;
    if (chosen === null) return false;
    const at = this.#panel.beside(chosen, "next") ?? this.#panel.beside(chosen, "previous");
    if (this.#desk.remove(press, pressed)) this.#panel.keepFocus(at);
    return true;
  }

  /** Let go of one thing after the other; false where nothing is held, and Esc gives the keys back. */
  #drop(): boolean {
    const held = this.#desk.release();
    if (!held && this.#begun.size === 0) return false;
    if (!held) this.#begun.clear();
    this.#refresh();
    return true;
  }

  #select(range: rules.Stretch): void {
    this.#desk.select(range);
    if (this.#place.task.options.length === 0 && range.start < range.end) {
      const press = { timeStamp: performance.now(), repeat: false, composing: false };
      this.#add(range, null, press, null);
    } else this.#surface?.transport.follow(range);
    this.#refresh();
  }

  #clicked(time: number, event: PointerEvent, slack: number): void {
    const { cutting, chosen } = this.#desk;
    this.#place.root.focus({ preventScroll: true });
    this.#surface?.transport.seek(time);
    this.#desk.choose(clickedAt(cutting, time, slack, chosen));
    event.preventDefault();
    this.#refresh();
  }

  /** From the list or by key; `goes`: the playhead goes there too. */
  #choose(id: string | null, goes = true): void {
    if (id === null || id === this.#desk.chosen) return;
    this.#desk.choose(id);
    const [{ region }, surface] = [this.#desk, this.#surface];
    if (region !== null && surface !== null) {
      surface.reveal(region.start, region.end);
      if (goes && !surface.transport.playing) surface.transport.seek(region.start);
    }
    this.#refresh();
  }

  #refresh(): void {
    const { cutting, chosen, range } = this.#desk;
    const now = { cutting, chosen, range, begun: this.#begun, suggested: this.#now.suggested };
    this.#bands?.draw(now);
    this.#panel.draw(now, this.#now.current);
    this.#panel.drawPlaying(this.#surface);
  }
}
