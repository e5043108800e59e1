/** What a kind of task is to the page: its rules, which are pure, and the editor that it builds for a view. */

import type { Prepare } from "../items/prepared.ts";
import type { Surface } from "../items/surface.ts";
import type { Commands, Keyed, Keymap } from "../keys.ts";
import type { Press } from "../presented.ts";
import type { Current, Item, ModuleName, Option, Suggestion, Task, Value } from "../protocol.ts";

export interface Kind {
  /** What digits and letters choose, in the order in which it is shown; a kind without options may make some up. */
  options(task: Task): readonly Option[];
  /** Keys of the editor's own. */
  readonly commands: Commands;
  /** Those of one task, where they are not the same for each. */
  commandsOf?(task: Task): Commands;
  /** By which keys what is suggested is taken and rejected, where it needs one of the usual ones itself. */
  readonly suggesting?: Keyed;
  /** Whether one press is the whole answer, so that submitting only says it once more. */
  readonly atOnce: boolean;
  /** What stands in the editor before anything is said; `null`: nothing. */
  initial(task: Task, item: Item): Value;
  /** Why a value is no answer yet and what to do, in a few words that leave out skipping; `null` where it is one. The kernel checks it again. */
  problem(task: Task, value: Value, item: Item): string | null;
  /** What a value says, for a person who hears the page, and cut off where there is little room. */
  words(task: Task, value: Value): string;
  /** What stands for a value where there is room for a few letters; its words unless given. */
  brief?(task: Task, value: Value): string;
  /**
   * A value that a model suggests, as the person says it: with how things stood on the screen, where that is drawn by chance;
   * the same object where nothing is to be added.
   */
  stood?(task: Task, value: Value, stand: Stood): Value;
  /** The options that a suggested value holds, where it is no option and no list of them. */
  picks?(value: Value): readonly string[];
  /** The color that stands for a value, as CSS; "transparent" where none does. */
  color(task: Task, value: Value): string;
  /** The kinds whose editors it is made of, for their style sheets. */
  made?(task: Task): readonly string[];
  /** Its style sheet: rules under `.nbt-labeler`. */
  readonly sheet: string;
  /** Makes items ready in a way of the kind's own; without it as for every kind. */
  readonly prepare?: Prepare;
  /** Build the editor of one view. */
  build(place: Place): Editor;
}

/** By what it is drawn how things stand. */
export interface Stood {
  readonly item: Item;
  readonly annotator: string;
  /** What is said of the item already. */
  readonly said: Value;
}

/** The keys of an editor's own for one task. */
export const commandsFor = (kind: Kind, task: Task): Commands => kind.commandsOf?.(task) ?? kind.commands;

/** What an editor is given; all that it may do to the session goes through here. */
export interface Place {
  readonly task: Task;
  readonly keys: Keymap;
  readonly mode: "new" | "review";
  /** Who labels; "" while nobody has said so. */
  readonly annotator: string;
  /** The widget's root, which takes the keys while nobody types. */
  readonly root: HTMLElement;
  /** Where the editor's elements go: below the item. */
  readonly element: HTMLElement;
  /**
   * Change the value of the item on the screen, as one step that can be taken back; steps of one `run` are taken back together.
   * False where the press came before the item was seen: then nothing has changed, and the person was told. Words typed into a
   * field say nothing until they are submitted: they go without a press, so that a quick hand loses none.
   */
  edit(value: Value, press: Press | null, pressed?: Element | null, run?: string | null): boolean;
  /** Say the whole answer; the next item comes. */
  label(value: Value, press: Press, pressed?: Element | null): boolean;
  /** Do what a key or button of that name does, such as "submit". */
  act(action: string, press: Press, pressed?: Element | null): void;
  /** What was set or said of the item that was on the screen before this one; `null` for nothing. */
  before(): Value;
  /** A bundle of ours that is asked for when it is needed; the same one each time. */
  module(name: ModuleName): Promise<unknown>;
  /** A word on why nothing happened. */
  tell(hint: string): void;
}

/** What an editor draws. */
export interface Now {
  /** The item on the screen; `null` while there is none. */
  readonly item: Item | null;
  /** What stands in the editor: what was set, else what was said, else what the kind begins with. */
  readonly value: Value;
  /** Whether something was set that is not said yet. */
  readonly edited: boolean;
  /** What is said about the item, by an act. */
  readonly current: Current | null;
  /**
   * What is suggested, until it is taken or rejected, or something is said. An editor that draws on the item draws it too, so
   * that it cannot be held for the person's own: in dashes, below what is theirs, and with nothing to hold on to.
   */
  readonly suggested: Suggestion | null;
}

/** While no item is on the screen. */
export const NOTHING: Now = { item: null, value: null, edited: false, current: null, suggested: null };

/** The editor of one view. It holds nothing that the session does not know, but for what is under way (a drag, a caret). */
export interface Editor {
  /** Show what the session says; called after each change, and cheap where nothing changed. */
  draw(now: Now): void;
  /** Another item is on the screen, or none; `surface` is what can be drawn on or played. Called before `draw`, in the frame of the swap. */
  shown?(item: Item | null, surface: Surface | null): void;
  /** An option's key or button. */
  choose(option: string, press: Press, pressed: Element | null): void;
  /** A command's key or button; false where it has no use now. */
  act(command: string, press: Press, pressed: Element | null): boolean;
  /** A key before anything else sees it, such as one typed in a field of the editor's; true where it was taken. */
  keyed?(event: KeyboardEvent): boolean;
  close(): void;
}

/** A press at the time of an event that is no key or click of the shared ones: input in a field, a pointer. */
export const pressOf = (event: Event): Press => ({ timeStamp: event.timeStamp, repeat: false, composing: false });
