/** The commands of `regions`: their keys, and what those move that move. Space plays here, so that skipping has a letter. */

import type { Commands } from "../keys.ts";
import { NONE } from "../rules/regions.ts";

export const COMMANDS: Commands = {
  playing: { keys: ["Space", "p"], words: "play or pause" },
  skip: { keys: ["s"], words: "skip" },
  replay: { keys: ["r", "shift+Space"], words: "play the region" },
  loop: { keys: ["l"], words: "play round and round" },
  slower: { keys: ["<"], words: "slower" },
  faster: { keys: [">"], words: "faster" },
  stepBack: { keys: [","], words: "a frame back; of sound 10 ms" },
  stepOn: { keys: ["."], words: "a frame on; of sound 10 ms" },
  start: { keys: ["i"], words: "the region starts here" },
  end: { keys: ["o"], words: "the region ends here" },
  next: { keys: ["ArrowDown"], words: "next region, as Tab" },
  previous: { keys: ["ArrowUp"], words: "region before, as Shift+Tab" },
  endBack: { keys: ["shift+ArrowLeft"], words: "of the region: its end 10 ms earlier" },
  endOn: { keys: ["shift+ArrowRight"], words: "of the region: its end 10 ms later" },
  endFarBack: { keys: ["shift+ArrowDown"], words: "of the region: its end 100 ms earlier" },
  endFarOn: { keys: ["shift+ArrowUp"], words: "of the region: its end 100 ms later" },
  startBack: { keys: ["ctrl+shift+ArrowLeft"], words: "of the region: its start 10 ms earlier" },
  startOn: { keys: ["ctrl+shift+ArrowRight"], words: "of the region: its start 10 ms later" },
  startFarBack: { keys: ["ctrl+shift+ArrowDown"], words: "of the region: its start 100 ms earlier" },
  startFarOn: { keys: ["ctrl+shift+ArrowUp"], words: "of the region: its start 100 ms later" },
  moveBack: { keys: ["ctrl+ArrowLeft"], words: "the region 10 ms earlier" },
  moveOn: { keys: ["ctrl+ArrowRight"], words: "the region 10 ms later" },
  moveFarBack: { keys: ["ctrl+ArrowDown"], words: "the region 100 ms earlier" },
  moveFarOn: { keys: ["ctrl+ArrowUp"], words: "the region 100 ms later" },
  remove: { keys: ["Delete", "Backspace"], words: "remove the region" },
  none: { keys: ["x"], words: NONE },
  spectrum: { keys: ["h"], words: "spectrogram" },
  drop: { keys: ["Escape"], words: "let go of what is selected" },
};

/** Where a task declares attributes. */
export const TO_ATTRIBUTES: Commands = {
  attributes: { keys: ["t"], words: "to the attributes of the region" },
};

export interface Move {
  readonly what: "start" | "end" | "both";
  readonly by: number;
}

const [NEAR, FAR] = [0.01, 0.1];

export const MOVES: Readonly<Record<string, Move>> = {
  endBack: { what: "end", by: -NEAR },
  endOn: { what: "end", by: NEAR },
  endFarBack: { what: "end", by: -FAR },
  endFarOn: { what: "end", by: FAR },
  startBack: { what: "start", by: -NEAR },
  startOn: { what: "start", by: NEAR },
  startFarBack: { what: "start", by: -FAR },
  startFarOn: { what: "start", by: FAR },
  moveBack: { what: "both", by: -NEAR },
  moveOn: { what: "both", by: NEAR },
  moveFarBack: { what: "both", by: -FAR },
  moveFarOn: { what: "both", by: FAR },
};
