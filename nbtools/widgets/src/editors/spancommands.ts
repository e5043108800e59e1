/** The commands of `spans`: their keys, and where those go that move. */

import type { Commands } from "../keys.ts";
import { NONE } from "../rules/spans.ts";

export const COMMANDS: Commands = {
  enter: { keys: ["e"], words: "into the text, by keys" },
  left: { keys: ["ArrowLeft"], words: "in the text: left" },
  right: { keys: ["ArrowRight"], words: "in the text: right" },
  up: { keys: ["ArrowUp"], words: "in the text: a line up" },
  down: { keys: ["ArrowDown"], words: "in the text: a line down" },
  wordLeft: { keys: ["ctrl+ArrowLeft"], words: "in the text: a word left" },
  wordRight: { keys: ["ctrl+ArrowRight"], words: "in the text: a word right" },
  reachLeft: { keys: ["shift+ArrowLeft"], words: "select to the left; of a span: its end" },
  reachRight: { keys: ["shift+ArrowRight"], words: "select to the right; of a span: its end" },
  reachUp: { keys: ["shift+ArrowUp"], words: "select a line up" },
  reachDown: { keys: ["shift+ArrowDown"], words: "select a line down" },
  startLeft: { keys: ["ctrl+shift+ArrowLeft"], words: "select a word to the left; of a span: its start" },
  startRight: { keys: ["ctrl+shift+ArrowRight"], words: "select a word to the right; of a span: its start" },
  next: { keys: ["."], words: "next span, as Tab" },
  previous: { keys: [","], words: "span before, as Shift+Tab" },
  remove: { keys: ["Delete", "Backspace"], words: "remove the span or relation" },
  none: { keys: ["x"], words: NONE },
  drop: { keys: ["Escape"], words: "let go of what is selected, then of the text" },
};

export interface Move {
  readonly by: 1 | -1;
  readonly over: "step" | "word" | "line";
  /** Which end of a chosen span it moves; without it the caret goes alone. */
  readonly end?: "start" | "end";
}

export const MOVES: Readonly<Record<string, Move>> = {
  left: { by: -1, over: "step" },
  right: { by: 1, over: "step" },
  up: { by: -1, over: "line" },
  down: { by: 1, over: "line" },
  wordLeft: { by: -1, over: "word" },
  wordRight: { by: 1, over: "word" },
  reachLeft: { by: -1, over: "step", end: "end" },
  reachRight: { by: 1, over: "step", end: "end" },
  reachUp: { by: -1, over: "line", end: "end" },
  reachDown: { by: 1, over: "line", end: "end" },
  startLeft: { by: -1, over: "word", end: "start" },
  startRight: { by: 1, over: "word", end: "start" },
};
