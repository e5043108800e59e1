/** The commands of shapes: their keys, and where those go that move. */

import type { Commands } from "../keys.ts";

export const COMMANDS: Commands = {
  draw: { keys: ["e"], words: "draw by keys: a cross that arrows move" },
  mark: { keys: ["Space"], words: "at the cross: set a corner" },
  submit: { keys: ["Enter"], words: "finish the shape, else submit" },
  undo: { keys: ["u", "ctrl+z"], words: "take back the last corner, else undo" },
  left: { keys: ["ArrowLeft"], words: "the cross or shape 1 px to the left" },
  right: { keys: ["ArrowRight"], words: "1 px to the right" },
  up: { keys: ["ArrowUp"], words: "1 px up" },
  down: { keys: ["ArrowDown"], words: "1 px down" },
  farLeft: { keys: ["shift+ArrowLeft"], words: "10 px to the left" },
  farRight: { keys: ["shift+ArrowRight"], words: "10 px to the right" },
  farUp: { keys: ["shift+ArrowUp"], words: "10 px up" },
  farDown: { keys: ["shift+ArrowDown"], words: "10 px down" },
  leapLeft: { keys: ["ctrl+ArrowLeft"], words: "a tenth of the picture to the left" },
  leapRight: { keys: ["ctrl+ArrowRight"], words: "a tenth of the picture to the right" },
  leapUp: { keys: ["ctrl+ArrowUp"], words: "a tenth of the picture up" },
  leapDown: { keys: ["ctrl+ArrowDown"], words: "a tenth of the picture down" },
  next: { keys: ["."], words: "next shape" },
  previous: { keys: [","], words: "shape before" },
  grip: { keys: ["g"], words: "next corner or side of the shape, for arrows to move" },
  insert: { keys: ["i"], words: "a corner more, after that one" },
  remove: { keys: ["Delete", "Backspace"], words: "remove the shape or corner" },
  attributes: { keys: ["s"], words: "to the attributes of the shape" },
  over: { keys: ["o"], words: "draw over a shape" },
  hide: { keys: ["h"], words: "hide the shapes, or show them" },
  copy: { keys: ["v"], words: "copy the shapes of the item before" },
  none: { keys: ["x"], words: "no shapes" },
  drop: { keys: ["Escape"], words: "drop what is begun, then let go of the shape" },
};

export interface Step {
  readonly x: -1 | 0 | 1;
  readonly y: -1 | 0 | 1;
  /** In pixels; `null`: a tenth of what is seen. */
  readonly px: number | null;
}

export const STEPS: Readonly<Record<string, Step>> = {
  left: { x: -1, y: 0, px: 1 },
  right: { x: 1, y: 0, px: 1 },
  up: { x: 0, y: -1, px: 1 },
  down: { x: 0, y: 1, px: 1 },
  farLeft: { x: -1, y: 0, px: 10 },
  farRight: { x: 1, y: 0, px: 10 },
  farUp: { x: 0, y: -1, px: 10 },
  farDown: { x: 0, y: 1, px: 10 },
  leapLeft: { x: -1, y: 0, px: null },
  leapRight: { x: 1, y: 0, px: null },
  leapUp: { x: 0, y: -1, px: null },
  leapDown: { x: 0, y: 1, px: null },
};
