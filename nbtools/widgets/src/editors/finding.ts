/** Very many options: the editor that finds them by typing comes later, with the first task that has so many. */

import type { Press } from "../presented.ts";
import type { Value } from "../protocol.ts";
import type { Editor, Now, Place } from "./kind.ts";

/** What the kind makes of an option that was found. */
export interface Finding {
  /** False where it was refused. */
  choose(option: string, press: Press, pressed: Element | null): boolean;
  /** The options in a value. */
  chosen(value: Value): readonly string[];
  /** Buttons beside the options. */
  readonly more: readonly HTMLElement[];
  act(command: string, press: Press, pressed: Element | null): boolean;
  draw(now: Now): void;
}

/** What the bundle `later` exports for this. */
export interface LaterFinder {
  finder(place: Place, how: Finding): Editor;
}

export function finding(place: Place, how: Finding): Editor {
  let made: Editor | null = null;
  let last: Now | null = null;
  void place.module("later").then((later) => {
    made = (later as LaterFinder).finder(place, how);
    if (last !== null) made.draw(last);
  });
  return {
    draw(now) {
      last = now;
      how.draw(now);
      made?.draw(now);
    },
    choose: (option, press, pressed) => void (made ?? how).choose(option, press, pressed),
    act: (command, press, pressed) => how.act(command, press, pressed) || made?.act(command, press, pressed) === true,
    keyed: (event) => made?.keyed?.(event) === true,
    close: () => made?.close(),
  };
}
