/** `spans`: parts of a text, each with an option. What is selected, by whatever means, becomes a span by an option's key or button. */

import { gone, keyed } from "../rules/options.ts";
import * as rules from "../rules/spans.ts";
import { colorOf } from "./buttons.ts";
import type { Kind } from "./kind.ts";
import { Marker } from "./marker.ts";
import proposed from "./proposed.css";
import { COMMANDS } from "./spancommands.ts";
import sheet from "./spans.css";

export const spans: Kind = {
  options: (task) => [...keyed(task.options), ...rules.relationOptions(task)],
  commands: COMMANDS,
  atOnce: false,
  initial: () => null,
  problem: ({ options }, value) =>
    rules.problem(value) ??
    gone(
      options,
      rules.markingOf(value).spans.map(({ option }) => option),
    ),
  words: rules.words,
  brief: (_, value) => String(rules.markingOf(value).spans.length || "none"),
  color({ options }, value) {
    const [only, ...others] = new Set(rules.markingOf(value).spans.map(({ option }) => option));
    return only === undefined || others.length > 0 ? "transparent" : colorOf(options, only);
  },
  sheet: proposed + sheet,
  build: (place) => new Marker(place),
};
