/** The buttons of options, which stay where they are for the whole session, and their colors. */

import { h, setAttribute } from "../dom.ts";
import { type Keymap, keycap } from "../keys.ts";
import type { Option } from "../protocol.ts";

/** Okabe and Ito's colors, which color-blind eyes tell apart; black is left to the text. */
const PALETTE = ["#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7", "#999999"];

/** The color of an option: its own where it is a plain color, else by its place; past the palette none, as a color means one thing. */
export function colorOf(options: readonly Option[], id: string): string {
  const at = options.findIndex((option) => option.id === id);
  const own = options[at]?.color ?? null;
  if (own !== null && CSS.supports("color", own)) return own;
  return PALETTE[at] ?? "transparent";
}

/** The name of an option by its id; the id where it is retired. */
export const nameOf = (options: readonly Option[], id: string): string =>
  options.find((option) => option.id === id)?.name ?? id;

/** The buttons in the grid in which a hand finds them. */
export const optionGrid = (buttons: readonly HTMLElement[]): HTMLElement =>
  h("div", { class: "nbt-options", role: "group", "aria-label": "options" }, ...buttons);

/** One button for each option, in their order. */
export function optionButtons(options: readonly Option[], keys: Keymap): HTMLButtonElement[] {
  return options.map((option) => {
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
      h("span", { class: "nbt-words", dir: "auto" }, option.name),
    );
    element.style.setProperty("--nbt-color", colorOf(options, option.id));
    return element;
  });
}

/** Mark what is chosen, and what is said already. */
export function drawOptions(buttons: readonly HTMLElement[], chosen: readonly string[], said: readonly string[]): void {
  for (const button of buttons) {
    const value = button.dataset["value"] ?? "";
    setAttribute(button, "aria-pressed", String(chosen.includes(value)));
    button.classList.toggle("nbt-current", said.includes(value));
  }
}
