/** The buttons of options, which stay where they are for the whole session, and their colors. */

import { h, setAttribute } from "../dom.ts";
import { type Keymap, keycap } from "../keys.ts";
import type { Option } from "../protocol.ts";
import { grouped, nameOf } from "../rules/options.ts";

export { nameOf };

/** Okabe and Ito's colors, which color-blind eyes tell apart; black is left to the text. */
const PALETTE = ["#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7", "#999999"];

/** The color of an option: its own where it is a plain color, else by its place; past the palette none, as a color means one thing. */
export function colorOf(options: readonly Option[], id: string): string {
  const at = options.findIndex((option) => option.id === id);
  const own = options[at]?.color ?? null;
  if (own !== null && CSS.supports("color", own)) return own;
  return PALETTE[at] ?? "transparent";
}

/** The buttons in the grid in which a hand finds them; with `options`, those of a group stand under its name. */
export function optionGrid(buttons: readonly HTMLElement[], options: readonly Option[] = []): HTMLElement {
  const groupOf = new Map(options.map(({ id, group }) => [id, group]));
  const groups = grouped(buttons, (each) => groupOf.get(each.dataset["value"] ?? "") ?? null).flatMap(([name, mine]) =>
    name === null ? mine : [underName(name, mine)],
  );
  return h("div", { class: "nbt-options", role: "group", "aria-label": "options" }, ...groups);
}

const underName = (name: string, buttons: readonly HTMLElement[]): HTMLElement =>
  h(
    "div",
    { class: "nbt-group", role: "group", "aria-label": name },
    h("span", { class: "nbt-group-name", dir: "auto", "aria-hidden": "true" }, name),
    ...buttons,
  );

/** One button for each option, in their order. */
export const optionButtons = (options: readonly Option[], keys: Keymap): HTMLButtonElement[] =>
  options.map((option) => optionButton(option, colorOf(options, option.id), keys));

/** The button of an option, for a press that came by its key. */
export const buttonOf = (buttons: readonly HTMLElement[], id: string): HTMLElement | null =>
  buttons.find((element) => element.dataset["value"] === id) ?? null;

export function optionButton(option: Option, color: string, keys: Keymap): HTMLButtonElement {
  const caps = (keys.ofOption.get(option.id) ?? []).map(keycap);
  const element = h(
    "button",
    {
      type: "button",
      class: "nbt-option",
      "data-value": option.id,
      "aria-pressed": "false",
      "aria-keyshortcuts": caps.join(" ") || null,
      title: option.description,
    },
    ...caps.map((cap) => h("kbd", { "aria-hidden": "true" }, cap)),
    ...(option.picture === null ? [] : [h("img", { src: option.picture, alt: "" })]),
    h("span", { class: "nbt-words", dir: "auto" }, option.name),
  );
  element.style.setProperty("--nbt-color", color);
  return element;
}

/** Mark what is chosen, and what is said already. */
export function drawOptions(buttons: readonly HTMLElement[], chosen: readonly string[], said: readonly string[]): void {
  for (const button of buttons) {
    const value = button.dataset["value"] ?? "";
    setAttribute(button, "aria-pressed", String(chosen.includes(value)));
    button.classList.toggle("nbt-current", said.includes(value));
  }
}
