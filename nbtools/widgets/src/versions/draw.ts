/** State to elements, but for lists, bars and panels; each function changes only what is different. */

import { h, setAttribute, setText } from "../dom.ts";
import { count, size } from "../format.ts";
import type { Changes, Timeline, Viewed } from "./protocol.ts";
import type { Skin } from "./skin.ts";
import { inOrder, isNarrowed, named, type State, tabs } from "./state.ts";
import { origin } from "./words.ts";

/** What is picked, in a line: how much, what changed, by whom. */
export function drawAbout(skin: Skin, timeline: Timeline, state: State): void {
  const picked = named(timeline, state.picked);
  if (picked === null) {
    setText(skin.about, "");
    return;
  }
  const parts = Object.entries(picked.parts).map(([name, rows]) => `${name} ${count(rows)}`);
  const words = [
    state.against === null ? picked.name : `${state.against} → ${picked.name}`,
    `${count(picked.items)} items`,
    ...parts,
    ...(picked.bytes > 0 ? [size(picked.bytes)] : []),
    ...(picked.changed === "" || state.against !== null ? [] : [picked.changed]),
    origin(picked),
  ];
  setText(skin.about, words.join("  ·  "));
  setAttribute(skin.about, "title", skin.about.textContent);
}

/** What else of its kind there is to compare with. */
export function drawCompare(skin: Skin, timeline: Timeline, state: State): void {
  const split = state.picked?.includes(".") ?? false;
  const others = inOrder(timeline).filter(({ name }) => name !== state.picked && name.includes(".") === split);
  const names = ["", ...others.map(({ name }) => name)];
  const key = names.join(" ");
  if (skin.compare.dataset["names"] !== key) {
    skin.compare.dataset["names"] = key;
    skin.compare.replaceChildren(...names.map((name) => h("option", { value: name }, name === "" ? "nothing" : name)));
  }
  skin.compare.value = state.against ?? "";
  skin.compare.disabled = others.length === 0;
}

export function drawTabs(skin: Skin, changes: Changes | null, state: State, view: Viewed | null): void {
  const wanted = tabs(changes, state, state.tab === "all" ? (view?.total ?? null) : null);
  const buttons = wanted.map(({ tab, words, count: many }) =>
    h(
      "button",
      { type: "button", "data-tab": tab, "aria-pressed": String(state.tab === tab) },
      many === null ? words : `${words} ${count(many)}`,
    ),
  );
  // Only where something is different, so that the focus stays on what has it.
  const key = buttons.map((one) => `${one.textContent} ${one.getAttribute("aria-pressed")}`).join("\n");
  if (skin.tabs.dataset["drawn"] === key) return;
  const focused = skin.tabs.querySelector<HTMLElement>(":focus")?.dataset["tab"];
  skin.tabs.dataset["drawn"] = key;
  skin.tabs.replaceChildren(...buttons);
  if (focused !== undefined) skin.tabs.querySelector<HTMLElement>(`[data-tab="${focused}"]`)?.focus();
}

export function drawBar(skin: Skin, state: State): void {
  skin.all.hidden = !isNarrowed(state);
  const [cell] = [state.cell];
  const narrowed = state.filters.map(([column, value]) => `${column}: ${value ?? "none"}`);
  if (cell !== null) narrowed.push(`${cell[0] ?? "none"} → ${cell[1] ?? "none"}`);
  setAttribute(skin.all, "title", narrowed.join(" · ") || null);
  const other = state.mode === "grid" ? "table" : "grid";
  const words = skin.mode.querySelector(".nbt-words");
  if (words !== null) setText(words, `as a ${other}`);
}

/** What keeps the page from being used, else what just happened. */
export function note(connected: boolean, hint: string | null): { text: string; grave: boolean } {
  if (connected) return { text: hint ?? "", grave: false };
  const address = window.location.host + window.location.pathname;
  return { text: `Not connected. If this lasts, run the cell again or reload ${address}`, grave: true };
}
