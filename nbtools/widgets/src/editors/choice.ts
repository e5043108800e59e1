/** `choice`: one option, and its press is the whole answer. */

import type { Task, Value } from "../protocol.ts";
import { colorOf, drawOptions, nameOf, optionButtons, optionGrid } from "./buttons.ts";
import type { Editor, Kind, Place } from "./kind.ts";

export const choice: Kind = {
  options: ({ options }) => options,
  commands: {},
  atOnce: true,
  initial: () => null,
  problem: (_, value) => (value === null ? "choose an option" : null),
  words: ({ options }: Task, value: Value) => nameOf(options, String(value)),
  color: ({ options }: Task, value: Value) => colorOf(options, String(value)),
  sheet: "",
  build,
};

function build(place: Place): Editor {
  const buttons = optionButtons(place.task.options, place.keys);
  place.element.replaceChildren(optionGrid(buttons));
  return {
    draw({ current }) {
      const said = current?.status === "labeled" ? [String(current.value)] : [];
      drawOptions(buttons, said, said);
    },
    choose(option, press, pressed) {
      const button = pressed ?? buttons.find((element) => element.dataset["value"] === option) ?? null;
      place.label(option, press, button);
    },
    act: () => false,
    close() {},
  };
}
