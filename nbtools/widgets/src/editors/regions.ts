/** `regions`: stretches of a recording, each with a label. */

import { gone, keyed } from "../rules/options.ts";
import { attributesOf } from "../rules/partattributes.ts";
import * as rules from "../rules/regions.ts";
import { track } from "../sound/track.ts";
import attributes from "./attributes.css";
import { colorOf } from "./buttons.ts";
import { Cutter } from "./cutter.ts";
import type { Kind } from "./kind.ts";
import proposed from "./proposed.css";
import { COMMANDS, TO_ATTRIBUTES } from "./regioncommands.ts";
import sheet from "./regions.css";

export const regions: Kind = {
  options: (task) => keyed(task.options),
  commands: COMMANDS,
  commandsOf: (task) => (attributesOf(task).length === 0 ? COMMANDS : { ...COMMANDS, ...TO_ATTRIBUTES }),
  atOnce: false,
  initial: () => null,
  problem: ({ options }, value) =>
    rules.problem(value) ??
    gone(
      options,
      rules.cuttingOf(value).regions.map(({ label }) => label),
    ),
  words: rules.words,
  brief: (_, value) => String(rules.cuttingOf(value).regions.length || "none"),
  color({ options }, value) {
    const [only, ...others] = new Set(rules.cuttingOf(value).regions.map(({ label }) => label));
    return only === undefined || only === null || others.length > 0 ? "transparent" : colorOf(options, only);
  },
  sheet: attributes + proposed + sheet,
  prepare: track,
  build: (place) => new Cutter(place),
};
