/** Keys, clicks and touches on one view, each told as a press with the time at which it went down. */

import { isTyping } from "./dom.ts";
import { ownKeys } from "./focus.ts";
import { type Keymap, type Meaning, meaning } from "./keys.ts";
import type { Press } from "./presented.ts";

export interface Handler {
  keys(): Keymap;
  press(meaning: Meaning, press: Press, pressed: HTMLElement | null): void;
  /** A click on something that is neither an option nor an action. */
  click(target: HTMLElement): void;
  /** A key before anything else sees it; true where it was taken. */
  intercept(event: KeyboardEvent): boolean;
  input(): void;
}

const TRIGGERS = ["Enter", " "];

/** Listen on `root` until `signal` ends it. */
export function listen(root: HTMLElement, handler: Handler, signal: AbortSignal): void {
  let down: Press | null = null;
  const on = <K extends keyof HTMLElementEventMap>(type: K, run: (event: HTMLElementEventMap[K]) => void) =>
    root.addEventListener(type, run, { signal });
  on("focusin", ownKeys);
  on("keydown", (event) => key(event, handler));
  // Firefox presses a button on the release of Space, also where the key going down was taken.
  on("keyup", (event) => {
    if (event.key === " " && !isTyping(event.target) && meant(event.target)) event.preventDefault();
  });
  on("pointerdown", (event) => {
    handler.input();
    down = { timeStamp: event.timeStamp, repeat: false, composing: false };
  });
  // The focus stays on the root: else the next Space would press the button that the mouse pressed last.
  on("mousedown", (event) => {
    if (!meant(event.target)) return;
    event.preventDefault();
    root.focus({ preventScroll: true });
  });
  on("click", (event) => {
    const press = event.detail > 0 && down ? down : { timeStamp: event.timeStamp, repeat: false, composing: false };
    down = null;
    clicked(event.target, press, handler);
  });
  on("wheel", () => handler.input());
}

function meant(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>("button") : null;
}

function clicked(target: EventTarget | null, press: Press, handler: Handler): void {
  const button = meant(target);
  if (button === null) return;
  const { value, do: action } = button.dataset;
  if (value !== undefined) handler.press({ option: value }, press, button);
  else if (action !== undefined && handler.keys().ofAction.has(action)) handler.press({ action }, press, button);
  else handler.click(button);
}

function key(event: KeyboardEvent, handler: Handler): void {
  handler.input();
  if (handler.intercept(event)) {
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  if (isTyping(event.target)) return;
  const press: Press = {
    timeStamp: event.timeStamp,
    repeat: event.repeat,
    composing: event.isComposing || event.keyCode === 229,
  };
  const button = meant(event.target);
  if (button !== null && TRIGGERS.includes(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    take(event);
    if (!press.repeat || button.dataset["value"] !== undefined) clicked(button, press, handler);
    return;
  }
  const found = meaning(handler.keys(), event);
  if (found === null || (event.target instanceof HTMLMediaElement && "action" in found && isSeeking(event.key))) return;
  take(event);
  handler.press(found, press, null);
}

const isSeeking = (name: string): boolean => name === " " || name.startsWith("Arrow");

function take(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopPropagation();
}
