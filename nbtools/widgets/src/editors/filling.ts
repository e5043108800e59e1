/** The editor of `form`, of one view: a row for each field, with that kind's own editor in it. */

import { h, isTyping } from "../dom.ts";
import type { Surface } from "../items/surface.ts";
import { keymap, meaning, SUGGESTING } from "../keys.ts";
import type { Press } from "../presented.ts";
import type { Item, Value } from "../protocol.ts";
import { remaps } from "../remaps.ts";
import * as rules from "../rules/fields.ts";
import { cleared, draws, kindOf } from "./fields.ts";
import { commandsFor, type Editor, NOTHING, type Now, type Place } from "./kind.ts";
import { number } from "./number.ts";
import { Part } from "./part.ts";

/** Ctrl+Enter submits here, from any field. */
export const TAKING = { ...SUGGESTING, accept: { keys: ["a"] } };
const ARROWS: Readonly<Record<string, 1 | -1>> = { ArrowDown: 1, ArrowUp: -1 };

export class Filling implements Editor {
  readonly #place: Place;
  readonly #fields: readonly rules.Field[];
  readonly #parts: readonly Part[];
  readonly #end = new AbortController();
  #now = NOTHING;
  /** The field that keys are about. */
  #here = 0;

  constructor(place: Place) {
    this.#place = place;
    this.#fields = rules.fieldsOf(place.task);
    this.#parts = this.#fields.map((field) => this.#part(field));
    const hint = h(
      "p",
      { class: "nbt-form-hint" },
      "Tab or ↓ next field · Enter goes on, in the last it submits · Ctrl+Enter submits",
    );
    const { signal } = this.#end;
    place.element.replaceChildren(...this.#parts.map(({ row }) => row), hint);
    place.element.addEventListener("focusin", ({ target }) => this.#stand(this.#partOf(target)), { signal });
    place.root.addEventListener("focus", (event) => this.#entered(event), { signal });
    place.root.addEventListener("pointerdown", ({ target }) => this.#stand(this.#drawnOn(target)), { signal });
  }

  shown(item: Item | null, surface: Surface | null): void {
    for (const part of this.#parts) part.shown(item, surface);
  }

  draw(now: Now): void {
    const other = now.item?.id !== this.#now.item?.id;
    const active = this.#active;
    const held = this.#place.root.contains(active);
    const within = this.#partOf(active);
    this.#now = now;
    const asked = rules.askedOf(this.#fields, now.value);
    for (const part of this.#parts) {
      part.draw(now, asked.includes(part.field));
    }
    if (other) this.#here = 0;
    if (this.#parts[this.#here]?.row.hidden !== false) this.#here = this.#parts.findIndex(({ row }) => !row.hidden);
    if (other) this.#place.element.scrollTop = 0;
    this.#stand(this.#parts[this.#here] ?? null);
    // The keys are the widget's, so that they are the field's; what is hidden would lose them.
    const free = active === this.#place.root || (within !== null && (other || within.row.hidden));
    if (held && free && now.item !== null) this.#go(this.#parts[this.#here], held);
    else if (held && within !== null && now.item === null) this.#place.root.focus({ preventScroll: true });
  }

  choose(option: string, press: Press, pressed: Element | null): void {
    const part = this.#partOf(pressed) ?? this.#parts[this.#here];
    this.#stand(part ?? null);
    part?.editor.choose(option, press, pressed);
  }

  act(command: string, press: Press, pressed: Element | null): boolean {
    if (command === "whole") {
      this.#place.act("submit", press, pressed);
      return true;
    }
    const part = this.#partOf(pressed) ?? this.#parts[this.#here];
    if (part === undefined || !(command in commandsFor(part.kind, part.field.task))) return false;
    this.#stand(part);
    return part.editor.act(command, press, pressed);
  }

  keyed(event: KeyboardEvent): boolean {
    const part = this.#meant(event.target);
    if (part === null || this.#now.item === null || event.isComposing || event.keyCode === 229) return false;
    const press = { timeStamp: event.timeStamp, repeat: event.repeat, composing: false };
    const command = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && command) {
      this.#place.act("submit", press);
      return true;
    }
    const tab = event.key === "Tab" && !command && !event.altKey && this.#partOf(event.target) !== null;
    if (tab && !(draws(part.kind) && part.editor.keyed?.(event) === true))
      return this.#tab(part, event.shiftKey ? -1 : 1);
    if (tab || part.editor.keyed?.(event) === true) return true;
    return !isTyping(event.target) && this.#stroke(part, event, press);
  }

  close(): void {
    this.#end.abort();
    for (const { editor } of this.#parts) editor.close();
  }

  get #active(): Element | null {
    return (this.#place.root.getRootNode() as Document | ShadowRoot).activeElement;
  }

  #part(field: rules.Field): Part {
    const kind = kindOf(field);
    // What takes a suggestion does so in each field.
    const taking = this.#place.keys.ofAction.has("accept") ? TAKING : {};
    const keys = keymap(kind.options(field.task), { ...taking, ...commandsFor(kind, field.task) }, remaps());
    const part: Part = new Part(field, kind, keys, (row, element) => ({
      ...this.#place,
      task: field.task,
      keys,
      root: row,
      element,
      edit: (value, press, pressed = null, run = null) => this.#edit(part, value, press, pressed, run),
      before: () => rules.saidIn(this.#place.before())[field.task.name] ?? null,
      label: (value, press, pressed = null) => {
        const done = this.#edit(part, value, press, pressed, null);
        if (done) this.#step(part, 1);
        return done;
      },
      act: (action, press, pressed = null) => {
        if (action === "submit") this.#enter(part, press);
        else this.#place.act(action, press, pressed);
      },
    }));
    return part;
  }

  #edit(part: Part, value: Value, press: Press | null, pressed: Element | null, run: string | null): boolean {
    const { field, kind } = part;
    const { name } = field.task;
    const next = rules.changed(this.#fields, this.#now.value, name, cleared(kind, field, value));
    return this.#place.edit(next, press, pressed, run === null ? null : `${name}: ${run}`);
  }

  /** A key in a field where nobody types: first it is the field's own, then it goes between fields. */
  #stroke(part: Part, event: KeyboardEvent, press: Press): boolean {
    if (event.target instanceof HTMLButtonElement && (event.key === "Enter" || event.key === " ")) return false;
    const found = meaning(part.keys, event);
    const arrow = event.shiftKey ? undefined : ARROWS[event.key];
    // A number's steps are for its field and slider.
    const own = arrow === undefined || part.kind !== number;
    if (found !== null && "option" in found) {
      part.editor.choose(found.option, press, null);
      return true;
    }
    const commands = commandsFor(part.kind, part.field.task);
    if (found !== null && own && found.action in commands && part.editor.act(found.action, press, null)) return true;
    if (arrow !== undefined) return this.#step(part, arrow);
    if (event.key !== "Enter") return false;
    this.#enter(part, press);
    return true;
  }

  /** On to the next field, or the whole is submitted. */
  #enter(part: Part, press: Press): void {
    if (!press.repeat && !this.#step(part, 1)) this.#place.act("submit", press);
  }

  /** To the field before or after; false where there is none. */
  #step(part: Part, by: 1 | -1): boolean {
    const there = this.#parts.filter(({ row }) => !row.hidden);
    const next = there[there.indexOf(part) + by];
    if (next === undefined) return false;
    this.#go(next);
    return true;
  }

  /** Past the last field the way goes on to the buttons, before the first one out of the form. */
  #tab(part: Part, by: 1 | -1): boolean {
    if (this.#step(part, by)) return true;
    if (by === 1) this.#place.root.querySelector<HTMLElement>(".nbt-submit")?.focus({ preventScroll: true });
    else this.#place.root.focus({ preventScroll: true });
    return true;
  }

  #go(part: Part | undefined, held = this.#place.root.contains(this.#active)): void {
    if (part === undefined) return;
    this.#stand(part);
    // Who works elsewhere in the page keeps the keys there.
    if (!held) return;
    part.row.focus({ preventScroll: true });
    part.row.scrollIntoView({ block: "nearest" });
  }

  #stand(part: Part | null): void {
    if (part === null) return;
    this.#here = this.#parts.indexOf(part);
    for (const each of this.#parts) each.row.classList.toggle("nbt-here", each === part);
  }

  #partOf(target: EventTarget | null): Part | null {
    return (target instanceof Node && this.#parts.find(({ row }) => row.contains(target))) || null;
  }

  /** The keys came to the widget from elsewhere: they go on to the field, but never back to it from within. */
  #entered({ relatedTarget }: FocusEvent): void {
    const within = relatedTarget instanceof Node && this.#place.root.contains(relatedTarget);
    if (!within && this.#now.item !== null) this.#go(this.#parts[this.#here]);
  }

  /** The field that a key is meant for; none where it is the page's. */
  #meant(target: EventTarget | null): Part | null {
    const item = target instanceof Element && target.closest(".nbt-stage") !== null;
    if (target === this.#place.root || item) return this.#drawnOn(target) ?? this.#parts[this.#here] ?? null;
    return this.#partOf(target);
  }

  /** Who works on the item means the field that draws on it. */
  #drawnOn(target: EventTarget | null): Part | null {
    if (!(target instanceof Element) || target.closest(".nbt-stage") === null) return null;
    return this.#parts.find(({ kind, row }) => draws(kind) && !row.hidden) ?? null;
  }
}
