/** `choices`: any number of options, submitted together; none of them is an answer of its own. */

import { button, setAttribute } from "../dom.ts";
import { keycap } from "../keys.ts";
import type { Task, Value } from "../protocol.ts";
import { chosen, NONE, problem, toggled } from "../rules/choices.ts";
import { gone, keyed, MANY, nameOf } from "../rules/options.ts";
import { buttonOf, colorOf, drawOptions, optionButtons, optionGrid } from "./buttons.ts";
import { type Finding, finding } from "./finding.ts";
import type { Editor, Kind, Place } from "./kind.ts";

export const choices: Kind = {
  options: ({ options }) => keyed(options),
  commands: { none: { keys: ["x"], words: NONE } },
  atOnce: false,
  initial: () => null,
  problem: ({ options }, value) => problem(value) ?? gone(options, chosen(value)),
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
  const caps = (place.keys.ofAction.get("none") ?? []).map(keycap);
  const attributes = { class: "nbt-option nbt-none", "aria-keyshortcuts": caps.join(" ") || null };
  const none = button("none", "None of these", caps, attributes);
  let value: Value = null;
  const how: Finding = {
    chosen,
    more: [none],
    choose: (option, press, pressed) => place.edit(toggled(value, option, options), press, pressed),
    act(command, press, pressed) {
      if (command !== "none") return false;
      place.label([], press, pressed ?? none);
      return true;
    },
    draw(now) {
      value = now.value;
      setAttribute(none, "aria-pressed", String(Array.isArray(value) && value.length === 0));
    },
  };
  if (options.length > MANY) return finding(place, how);
  const buttons = optionButtons(options, place.keys);
  place.element.replaceChildren(optionGrid([...buttons, none], options));
  return {
    draw(now) {
      how.draw(now);
      drawOptions(buttons, chosen(value), now.current?.status === "labeled" ? chosen(now.current.value) : []);
    },
    choose: (option, press, pressed) => void how.choose(option, press, pressed ?? buttonOf(buttons, option)),
    act: how.act,
    close() {},
  };
}
