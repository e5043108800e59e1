/** `choices`: any number of options, submitted together; none of them is an answer of its own. */

import { button, setAttribute } from "../dom.ts";
import { keycap } from "../keys.ts";
import type { Task, Value } from "../protocol.ts";
import { chosen, NONE, problem, toggled } from "../rules/choices.ts";
import { colorOf, drawOptions, nameOf, optionButtons, optionGrid } from "./buttons.ts";
import type { Editor, Kind, Place } from "./kind.ts";

export const choices: Kind = {
  options: ({ options }) => options,
  commands: { none: { keys: ["x"], words: NONE } },
  atOnce: false,
  initial: () => null,
  problem: (_, value) => problem(value),
  words: ({ options }: Task, value: Value) =>
    chosen(value)
      .map((id) => nameOf(options, id))
      .join(", ") || NONE,
  brief: ({ options }: Task, value: Value) => {
    const [only, ...others] = chosen(value);
    return only === undefined ? "none" : others.length === 0 ? nameOf(options, only) : `${others.length + 1}×`;
  },
  color({ options }: Task, value: Value) {
    const [only, ...others] = chosen(value);
    return only === undefined || others.length > 0 ? "transparent" : colorOf(options, only);
  },
  sheet: "",
  build,
};

function build(place: Place): Editor {
  const { options } = place.task;
  const buttons = optionButtons(options, place.keys);
  const caps = (place.keys.ofAction.get("none") ?? []).map(keycap);
  const none = button("none", "None of these", caps, {
    class: "nbt-option nbt-none",
    "aria-keyshortcuts": caps.join(" ") || null,
  });
  place.element.replaceChildren(optionGrid([...buttons, none]));
  let value: Value = null;
  return {
    draw(now) {
      value = now.value;
      const said = now.current?.status === "labeled" ? now.current.value : null;
      drawOptions(buttons, chosen(value), chosen(said));
      setAttribute(none, "aria-pressed", String(Array.isArray(value) && value.length === 0));
    },
    choose(option, press, pressed) {
      const element = pressed ?? buttons.find((each) => each.dataset["value"] === option) ?? null;
      place.edit(toggled(value, option, options), press, element);
    },
    act(command, press, pressed) {
      if (command !== "none") return false;
      place.label([], press, pressed ?? none);
      return true;
    },
    close() {},
  };
}
