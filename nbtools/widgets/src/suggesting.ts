/** What a model proposes for the item on the screen: one quiet line, and a mark on the options; never counted as said. */

import { button, h, isTyping, setAttribute, setText } from "./dom.ts";
import { score } from "./format.ts";
import { type Keymap, keycap, meaning, SUGGESTING } from "./keys.ts";
import type { Press } from "./presented.ts";
import type { Item, Suggestion, Value } from "./protocol.ts";
import type { Host } from "./rest.ts";
import { currentItem, draftOf, markOf } from "./state.ts";

const MARK = "nbt-suggested";

export class Suggesting {
  readonly #host: Host;
  readonly #model = h("bdi");
  readonly #verb = h("span");
  readonly #value = h("bdi", { class: "nbt-suggested-value" });
  readonly #score = h("span", { class: "nbt-suggested-score" });
  readonly #line = h("span", { class: "nbt-suggested-by" }, this.#model, this.#verb);
  /** For who hears the page: of each item what is suggested, even where the one before it had the same. */
  readonly #heard = h("span", { class: "nbt-live", role: "status" });
  #told: string | null = null;
  #keys: Keymap | null = null;

  constructor(host: Host) {
    this.#host = host;
    setAttribute(host.skin.suggestion, "role", "group");
    setAttribute(host.skin.suggestion, "aria-label", "suggestion");
  }

  /**
   * Accept or reject what is suggested. What is accepted is the answer where one press is all of it; else it stands in the
   * editor first, where it can be seen and changed, and is submitted then.
   */
  act(action: string, press: Press, pressed: Element | null): void {
    const { desk, kind, skin } = this.#host;
    const item = currentItem(desk.state());
    if (item === null || item.suggestion === null) return;
    const value = this.#offer(item, item.suggestion);
    const button = pressed ?? skin.suggestion.querySelector(`.nbt-${action}`);
    if (action === "reject") desk.say({ type: "judge", item: item.id, value: null, rejected: true }, press, button);
    else if (kind.atOnce) desk.say({ type: "label", value, stamp: desk.stamp() }, press, button);
    else if (this.#taken(item, item.suggestion)) desk.act("submit", press, button);
    else desk.say({ type: "judge", item: item.id, value, rejected: false }, press, button);
  }

  /** Its keys with Ctrl, which also work where somebody types. */
  keyed(event: KeyboardEvent): boolean {
    const typed = isTyping(event.target) && (event.ctrlKey || event.metaKey);
    const found = typed ? meaning(this.#host.keys(), event) : null;
    if (found === null || !("action" in found) || !(found.action in SUGGESTING)) return false;
    if (currentItem(this.#host.desk.state())?.suggestion == null) return false;
    this.act(found.action, { timeStamp: event.timeStamp, repeat: event.repeat, composing: event.isComposing }, null);
    return true;
  }

  draw(): void {
    const { kind, skin, desk } = this.#host;
    const state = desk.state();
    const keys = this.#host.keys();
    const row = skin.suggestion;
    if (row.hidden) return;
    if (keys !== this.#keys) this.#build(keys);
    const item = currentItem(state);
    const task = state.opened?.task;
    const suggestion = item?.suggestion ?? null;
    if (item === null || task === undefined || suggestion === null) {
      row.classList.add("nbt-none-suggested");
      this.#tell(null, "");
      this.#mark(null);
      return;
    }
    const draft = draftOf(state, item.id);
    const taken = this.#taken(item, suggestion);
    const rejected = draft.rejected === true;
    const offer = this.#offer(item, suggestion);
    const words = kind.words(task, offer);
    row.classList.remove("nbt-none-suggested");
    row.classList.toggle("nbt-rejected", rejected);
    setText(this.#model, suggestion.model);
    setText(this.#verb, rejected ? " suggested, and you rejected:" : " suggests:");
    setText(this.#value, words);
    setText(this.#score, suggestion.score === null ? "" : score(suggestion.score));
    setAttribute(row, "title", `${suggestion.model}: ${words}`);
    this.#tell(item.id, [`${suggestion.model} suggests: ${words}`, this.#score.textContent].join(" "));
    const accept = row.querySelector(".nbt-accept .nbt-words");
    if (accept !== null) setText(accept, kind.atOnce || taken ? "Accept" : "Use it");
    const reject = row.querySelector(".nbt-reject");
    if (reject !== null) setAttribute(reject, "aria-disabled", rejected ? "true" : null);
    this.#mark(rejected ? null : offer);
  }

  #build(keys: Keymap): void {
    this.#keys = keys;
    const made = (action: string, words: string) => {
      const mine = keys.ofAction.get(action) ?? [];
      const element = button(action, words, [], {
        class: `nbt-${action}`,
        "aria-keyshortcuts": mine.map(keycap).join(" ") || null,
      });
      // While somebody types, a letter is a letter.
      const caps = mine.slice(0, 2).map((key) => {
        const kind = !key.startsWith("ctrl+") ? "nbt-idle" : mine.length < 2 ? "" : "nbt-typing";
        return h("kbd", { class: kind, "aria-hidden": "true" }, keycap(key));
      });
      element.prepend(h("span", { class: "nbt-caps" }, ...caps));
      return element;
    };
    this.#host.skin.suggestion.replaceChildren(
      made("accept", "Accept"),
      made("reject", "Reject"),
      this.#line,
      this.#value,
      this.#score,
      this.#heard,
    );
  }

  /** What is suggested, as the person would say it. */
  #offer(item: Item, { value }: Suggestion): Value {
    const { desk, kind } = this.#host;
    const { opened } = desk.state();
    if (opened === null || kind.stood === undefined) return value;
    const current = markOf(desk.state(), item.id);
    const said = current?.status === "labeled" ? current.value : null;
    return kind.stood(opened.task, value, { item, annotator: opened.annotator?.name ?? "", said });
  }

  /** Whether just that stands in the editor. */
  #taken(item: Item, suggestion: Suggestion): boolean {
    const { value } = draftOf(this.#host.desk.state(), item.id);
    const offer = this.#offer(item, suggestion);
    return value === offer || (offer !== suggestion.value && JSON.stringify(value) === JSON.stringify(offer));
  }

  #tell(item: string | null, words: string): void {
    if (item !== this.#told) this.#heard.textContent = words;
    this.#told = item;
  }

  /** Mark the options in a value, by a line that is not of the chosen ones' form. */
  #mark(value: Value): void {
    const plain = Array.isArray(value) ? value : [value];
    const ids = this.#host.kind.picks?.(value) ?? plain.filter((each) => typeof each !== "object").map(String);
    for (const option of this.#host.skin.editor.querySelectorAll<HTMLElement>("[data-value]")) {
      const mine = ids.includes(option.dataset["value"] ?? "");
      option.classList.toggle(MARK, mine);
      setAttribute(option, "aria-description", mine ? "suggested" : null);
    }
  }
}
