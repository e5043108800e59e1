/** `choice`: one option, and its press is the whole answer. */

import type { Press } from "../presented.ts";
import type { Task, Value } from "../protocol.ts";
import { gone, keyed, MANY, nameOf } from "../rules/options.ts";
import { buttonOf, colorOf, drawOptions, optionButtons, optionGrid } from "./buttons.ts";
import { finding } from "./finding.ts";
import type { Editor, Kind, Place } from "./kind.ts";

const chosen = (value: Value): readonly string[] => (value === null ? [] : [String(value)]);

export const choice: Kind = {
  options: ({ options }) => keyed(options),
  commands: {},
  atOnce: true,
  initial: () => null,
  problem: ({ options }, value) => (value === null ? "choose an option" : gone(options, chosen(value))),
  words: ({ options }: Task, value: Value) => nameOf(options, String(value)),
  color: ({ options }: Task, value: Value) => colorOf(options, String(value)),
  sheet: "",
  build,
};

function build(place: Place): Editor {
  const { options } = place.task;
  const choose = (option: string, press: Press, pressed: Element | null) => place.label(option, press, pressed);
  if (options.length > MANY) return finding(place, { choose, chosen, more: [], act: () => false, draw() {} });
  const buttons = optionButtons(options, place.keys);
  place.element.replaceChildren(optionGrid(buttons, options));
  return {
    draw({ current }) {
      const said = current?.status === "labeled" ? chosen(current.value) : [];
      drawOptions(buttons, said, said);
    },
    choose: (option, press, pressed) => void choose(option, press, pressed ?? buttonOf(buttons, option)),
    act: () => false,
    close() {},
  };
}
