/** The editor of one view: built for the task, told what is on the screen, drawn after each change. It knows no kind. */

import type { Stamp } from "./acts.ts";
import { commandsFor, type Editor, type Kind, NOTHING, type Now } from "./editors/kind.ts";
import type { Prepared } from "./items/prepared.ts";
import type { Keymap } from "./keys.ts";
import type { Press } from "./presented.ts";
import type { ModuleName, Opened } from "./protocol.ts";
import type { Event } from "./session.ts";
import type { Skin } from "./skin.ts";
import { currentItem, draftOf, markOf, type State } from "./state.ts";

/** What the editor's view does for it. */
export interface Desk {
  state(): State;
  stamp(): Stamp;
  /** Say something about the item on the screen, if the press may, or without one; false where it was refused. */
  say(event: Event, press: Press | null, pressed: Element | null): boolean;
  act(action: string, press: Press, pressed: Element | null): void;
  tell(hint: string): void;
  module(name: ModuleName): Promise<unknown>;
}

export class Editing {
  readonly #kind: Kind;
  readonly #skin: Skin;
  readonly #desk: Desk;
  #editor: Editor | null = null;
  #shown: Prepared | null = null;

  constructor(kind: Kind, skin: Skin, desk: Desk) {
    this.#kind = kind;
    this.#skin = skin;
    this.#desk = desk;
  }

  /** Build the editor anew: for a task that was opened or changed, or for other keys. */
  build({ task, mode, annotator }: Opened, keys: Keymap): void {
    this.close();
    this.#editor = this.#kind.build({
      task,
      keys,
      mode,
      annotator: annotator?.name ?? "",
      root: this.#skin.root,
      element: this.#skin.editor,
      edit: (value, press, pressed = null, run = null) => {
        const item = this.#desk.state().current;
        return item !== null && this.#desk.say({ type: "edit", item, value, run }, press, pressed);
      },
      label: (value, press, pressed = null) =>
        this.#desk.say({ type: "label", value, stamp: this.#desk.stamp() }, press, pressed),
      act: (action, press, pressed = null) => this.#desk.act(action, press, pressed),
      before: () => {
        const state = this.#desk.state();
        const before = state.trail[state.trail.indexOf(state.current ?? "") - 1];
        return before === undefined ? null : draftOf(state, before).value;
      },
      tell: (hint) => this.#desk.tell(hint),
      module: (name) => this.#desk.module(name),
    });
  }

  /** `prepared`: what is on the screen. */
  draw(state: State, prepared: Prepared | null): void {
    const item = prepared === null ? null : currentItem(state);
    if (prepared !== this.#shown) this.#editor?.shown?.(item, prepared?.surface ?? null);
    this.#shown = prepared;
    this.#editor?.draw(this.#now(state, item));
  }

  /** What submitting says now. */
  submission(stamp: Stamp): Event {
    const state = this.#desk.state();
    const item = currentItem(state);
    const task = state.opened?.task;
    const { value } = this.#now(state, item);
    const problem = item === null || task === undefined ? "" : this.#kind.problem(task, value, item);
    return { type: "submit", value, problem, stamp };
  }

  choose(option: string, press: Press, pressed: Element | null): void {
    this.#editor?.choose(option, press, pressed);
  }

  /** True where `action` is one of the editor's commands and of use now. */
  act(action: string, press: Press, pressed: Element | null): boolean {
    const task = this.#desk.state().opened?.task;
    const known = task !== undefined && action in commandsFor(this.#kind, task);
    return known && this.#editor?.act(action, press, pressed) === true;
  }

  keyed(event: KeyboardEvent): boolean {
    return this.#editor?.keyed?.(event) === true;
  }

  close(): void {
    this.#editor?.close();
    this.#editor = null;
    this.#shown = null;
  }

  #now(state: State, item: Now["item"]): Now {
    if (item === null || state.opened === null) return NOTHING;
    const { value, rejected } = draftOf(state, item.id);
    const current = markOf(state, item.id);
    const waits = rejected === null && current?.status !== "labeled";
    return {
      item,
      value: value ?? this.#kind.initial(state.opened.task, item),
      edited: value !== (current?.value ?? null),
      current,
      suggested: waits ? item.suggestion : null,
    };
  }
}
