/** `text`: a caption, a transcription, or the correction of a text that is there. Enter submits it. */

import { button, h, setAttribute } from "../dom.ts";
import { keycap } from "../keys.ts";
import type { Press } from "../presented.ts";
import type { Item } from "../protocol.ts";
import { initial, problem, runAt, words } from "../rules/text.ts";
import type { Editor, Kind, Now, Place } from "./kind.ts";
import sheet from "./text.css";

export const text: Kind = {
  options: () => [],
  commands: { write: { keys: ["e"], words: "write" }, nothing: { keys: ["x"], words: "no text" } },
  atOnce: false,
  initial,
  problem,
  words,
  color: () => "transparent",
  sheet,
  build: (place) => new Writing(place),
};

class Writing implements Editor {
  readonly #place: Place;
  readonly #field: HTMLTextAreaElement;
  readonly #none: HTMLButtonElement;
  readonly #oneLine: boolean;
  readonly #end = new AbortController();
  /** Whether a new item finds the field ready to be typed in: Esc ends that, going there again begins it. */
  #ready = true;
  #item: Item | null = null;
  #value = "";

  constructor(place: Place) {
    const { settings, title, name } = place.task;
    const lines = Number(settings["lines"] ?? 1);
    const caps = (place.keys.ofAction.get("nothing") ?? []).map(keycap);
    this.#place = place;
    this.#oneLine = lines === 1;
    this.#field = h("textarea", {
      class: "nbt-field",
      rows: lines,
      dir: "auto",
      "aria-label": title ?? name,
      placeholder: typeof settings["placeholder"] === "string" ? settings["placeholder"] : "Write, then Enter",
    });
    this.#none = button("nothing", "No text", caps, { "aria-keyshortcuts": caps.join(" ") || null });
    this.#none.hidden = settings["empty"] !== true;
    this.#field.addEventListener("input", (event) => this.#typed(event as InputEvent));
    this.#field.addEventListener("focus", () => {
      this.#ready = true;
    });
    const { signal } = this.#end;
    place.root.addEventListener("focus", (event) => this.#entered(event), { signal });
    place.root.addEventListener("click", (event) => this.#pointed(event), { signal });
    place.element.replaceChildren(this.#field, this.#none);
  }

  draw({ item, value, current }: Now): void {
    this.#value = typeof value === "string" ? value : "";
    this.#field.disabled = item === null;
    if (this.#field.value !== this.#value) this.#field.value = this.#value;
    setAttribute(this.#none, "aria-pressed", String(current?.status === "labeled" && current.value === ""));
    if (item?.id === this.#item?.id) return;
    this.#item = item;
    if (item !== null && this.#ready && this.#mine()) this.#write();
  }

  choose(): void {}

  act(command: string, press: Press, pressed: Element | null): boolean {
    if (command === "write") this.#write();
    else if (this.#none.hidden) return false;
    else this.#place.label("", press, pressed ?? this.#none);
    return true;
  }

  keyed(event: KeyboardEvent): boolean {
    const composing = event.isComposing || event.keyCode === 229;
    if (event.target !== this.#field || composing) return false;
    const press = { timeStamp: event.timeStamp, repeat: event.repeat, composing };
    const command = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (key === "enter" && !event.shiftKey) this.#place.act("submit", press);
    else if (key === "escape") this.#leave();
    else if (command && key === "z") this.#place.act(event.shiftKey ? "redo" : "undo", { ...press, repeat: false });
    else if (command && key === "y") this.#place.act("redo", { ...press, repeat: false });
    else return key === "enter" && this.#oneLine;
    return true;
  }

  close(): void {
    this.#end.abort();
  }

  /** The keys came to the widget from elsewhere: they go on to the field, but never back to it from within, which would be a trap. */
  #entered({ relatedTarget }: FocusEvent): void {
    const within = relatedTarget instanceof Node && this.#place.root.contains(relatedTarget);
    if (this.#ready && this.#item !== null && !within) this.#write();
  }

  /** A press of the mouse on the item leaves the keys with the field: what is typed next would else be taken for commands. */
  #pointed(event: MouseEvent): void {
    const { target } = event;
    const onItem = target instanceof Element && target.closest(".nbt-item") !== null;
    const onControl = target instanceof Element && target.closest("audio, video, button, a, summary, input") !== null;
    const marks = this.#place.root.ownerDocument.getSelection()?.isCollapsed === false;
    // By touch it would bring up a keyboard over half of the screen.
    const touched = "pointerType" in event && event.pointerType === "touch";
    if (this.#ready && this.#item !== null && onItem && !onControl && !marks && !touched) this.#write();
  }

  #typed(event: InputEvent): void {
    const { value, selectionEnd } = this.#field;
    const whole = this.#oneLine ? value.replace(/\n+/gu, " ") : value;
    const run = event.inputType.startsWith("insertFrom") ? null : runAt(value.slice(0, selectionEnd));
    // What was not taken is not left standing, as if it were the answer.
    if (!this.#place.edit(whole, null, null, run)) this.#field.value = this.#value;
  }

  #write(): void {
    this.#field.focus({ preventScroll: true });
    this.#field.setSelectionRange(this.#value.length, this.#value.length);
  }

  #leave(): void {
    this.#ready = false;
    this.#place.root.focus({ preventScroll: true });
  }

  /** Whether the keys are this widget's now, so that the field may take them. */
  #mine(): boolean {
    const { activeElement } = this.#place.root.getRootNode() as Document | ShadowRoot;
    return activeElement !== null && this.#place.root.contains(activeElement);
  }
}
