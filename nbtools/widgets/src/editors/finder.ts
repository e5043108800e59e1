/** Finds one of very many options: type a part of its name, Enter takes the first; the last chosen stand ready. */

import { h, setText } from "../dom.ts";
import { count } from "../format.ts";
import { remember, remembered } from "../kept.ts";
import type { Press } from "../presented.ts";
import type { Option } from "../protocol.ts";
import { chosenLast, found } from "../rules/find.ts";
import { colorOf, drawOptions, optionButton } from "./buttons.ts";
import type { Finding } from "./finding.ts";
import { type Editor, NOTHING, type Now, type Place } from "./kind.ts";

/** As many as are seen at once; the others by another letter. */
const SHOWN = 12;
const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"];

export function finder(place: Place, how: Finding): Editor {
  return new Finder(place, how);
}

class Finder implements Editor {
  readonly #place: Place;
  readonly #how: Finding;
  readonly #field: HTMLInputElement;
  readonly #says = h("span", { class: "nbt-found", role: "status" });
  readonly #list = h("div", { class: "nbt-options", role: "group", "aria-label": "options found" });
  /** What is chosen, which need not be among those found. */
  readonly #kept = h("span", { class: "nbt-chosen", role: "group", "aria-label": "chosen" });
  readonly #key: string;
  /** Digits choose while nothing is typed, where no name begins with one. */
  readonly #digits: boolean;
  #recent: readonly string[];
  #shown: readonly Option[] = [];
  /** Which of those shown Enter takes. */
  #at = 0;
  #now = NOTHING;

  constructor(place: Place, how: Finding) {
    const { options, name } = place.task;
    this.#place = place;
    this.#how = how;
    this.#key = `recent:${name}`;
    this.#digits = !options.some((option) => /^\p{N}/u.test(option.name));
    this.#recent = (remembered(this.#key) ?? "").split("\n").filter((id) => options.some((option) => option.id === id));
    this.#field = h("input", {
      class: "nbt-find",
      autocomplete: "off",
      spellcheck: "false",
      "aria-label": "find an option",
      placeholder: `Press / and type to find one of ${count(options.length)}`,
    });
    this.#field.addEventListener("input", () => this.#listed());
    place.element.replaceChildren(
      h("div", { class: "nbt-finding" }, this.#field, this.#says, this.#kept, ...how.more),
      this.#list,
    );
    this.#listed();
  }

  draw(now: Now): void {
    const before = this.#how.chosen(this.#now.value).join("\n");
    this.#now = now;
    const chosen = this.#how.chosen(now.value);
    if (chosen.join("\n") !== before) this.#keep(chosen);
    this.#field.disabled = now.item === null;
    this.#mark();
  }

  choose(option: string, press: Press, pressed: Element | null): void {
    const button = pressed ?? this.#list.querySelector(`[data-value="${CSS.escape(option)}"]`);
    if (!this.#how.choose(option, press, button)) return;
    this.#recent = chosenLast(this.#recent, option);
    remember(this.#key, this.#recent.join("\n"));
    this.#clear();
  }

  act(): boolean {
    return false;
  }

  keyed(event: KeyboardEvent): boolean {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
    const press = { timeStamp: event.timeStamp, repeat: event.repeat, composing: event.isComposing };
    if (event.target !== this.#field) return plain && event.key === "/" && this.#begin();
    if (!plain) return false;
    const [empty, at] = [this.#field.value === "", DIGITS.indexOf(event.key)];
    if (event.key === "Escape") this.#leave();
    else if (event.key === "Enter") this.#enter(press);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") this.#move(event.key === "ArrowDown" ? 1 : -1);
    else if (empty && this.#digits && at >= 0) this.#take(this.#shown[at], press);
    else if (empty && event.key === " ") this.#place.act("skip", press);
    else return false;
    return true;
  }

  close(): void {}

  /** With nothing typed Enter submits, where choosing is not all. */
  #enter(press: Press): void {
    if (this.#field.value.trim() === "") this.#place.act("submit", press);
    else this.#take(this.#shown[this.#at], press);
  }

  #take(option: Option | undefined, press: Press): void {
    if (option !== undefined) this.choose(option.id, press, null);
  }

  #clear(): void {
    this.#field.value = "";
    this.#listed();
  }

  #begin(): boolean {
    this.#field.focus({ preventScroll: true });
    return true;
  }

  #leave(): void {
    this.#clear();
    this.#place.root.focus({ preventScroll: true });
  }

  #keep(chosen: readonly string[]): void {
    const { options } = this.#place.task;
    const without = { ...this.#place.keys, ofOption: new Map<string, string[]>() };
    const known = chosen.flatMap((id) => options.find((option) => option.id === id) ?? []);
    const buttons = known.map((option) => optionButton(option, colorOf(options, option.id), without));
    for (const button of buttons) button.setAttribute("aria-pressed", "true");
    this.#kept.replaceChildren(...buttons);
  }

  #move(by: number): void {
    this.#at = Math.min(Math.max(0, this.#shown.length - 1), Math.max(0, this.#at + by));
    this.#mark();
  }

  #listed(): void {
    const { options } = this.#place.task;
    const query = this.#field.value.trim();
    const all = found(options, query, this.#recent);
    this.#shown = all.slice(0, SHOWN);
    this.#at = 0;
    const buttons = this.#shown.map((option, i) => {
      const digit = query === "" && this.#digits ? DIGITS.slice(i, i + 1) : [];
      const keys = { ...this.#place.keys, ofOption: new Map([[option.id, digit]]) };
      return optionButton(option, colorOf(options, option.id), keys);
    });
    this.#list.replaceChildren(...buttons);
    this.#mark(all.length);
  }

  #mark(all = this.#shown.length): void {
    const { value, current } = this.#now;
    const said = current?.status === "labeled" ? this.#how.chosen(current.value) : [];
    const buttons = [...this.#list.querySelectorAll<HTMLElement>(".nbt-option")];
    drawOptions(buttons, this.#how.chosen(value), said);
    const typed = this.#field.value.trim() !== "";
    for (const [i, button] of buttons.entries()) button.classList.toggle("nbt-next", typed && i === this.#at);
    const more = all > SHOWN ? `, ${count(all - SHOWN)} more` : "";
    const next = this.#shown[this.#at]?.name;
    setText(this.#says, !typed ? "" : next === undefined ? "none is called so" : `Enter: ${next}${more}`);
  }
}
