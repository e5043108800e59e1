/** `rating`: a level of a few in a row; its press is the whole answer. */

import { h, setAttribute } from "../dom.ts";
import { keycap } from "../keys.ts";
import { levels, words } from "../rules/rating.ts";
import type { Editor, Kind, Place } from "./kind.ts";
import sheet from "./rating.css";

export const rating: Kind = {
  options: levels,
  commands: {},
  atOnce: true,
  initial: () => null,
  problem: (_, value) => (value === null ? "choose a level" : null),
  words,
  brief: (_, value) => String(value),
  color: () => "transparent",
  sheet,
  build,
};

function build(place: Place): Editor {
  const buttons = levels(place.task).map((level) => {
    const caps = (place.keys.ofOption.get(level.id) ?? []).map(keycap);
    const attributes = { type: "button", class: "nbt-level", "data-value": level.id, "aria-pressed": "false" };
    return h(
      "button",
      { ...attributes, "aria-label": words(place.task, level.id), "aria-keyshortcuts": caps.join(" ") || null },
      h("strong", {}, level.name),
      h("span", { class: "nbt-words", dir: "auto" }, level.description ?? ""),
    );
  });
  const { title, name } = place.task;
  place.element.replaceChildren(
    h("div", { class: "nbt-scale", role: "group", "aria-label": title ?? name }, ...buttons),
  );
  return {
    draw({ current }) {
      const level = current?.status === "labeled" ? Number(current.value) : Number.NEGATIVE_INFINITY;
      for (const button of buttons) {
        const mine = Number(button.dataset["value"]);
        setAttribute(button, "aria-pressed", String(mine === level));
        button.classList.toggle("nbt-reached", mine <= level);
      }
    },
    choose(option, press, pressed) {
      const button = pressed ?? buttons.find((each) => each.dataset["value"] === option) ?? null;
      place.label(Number(option), press, button);
    },
    act: () => false,
    close() {},
  };
}
