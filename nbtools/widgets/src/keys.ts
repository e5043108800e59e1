/** Which key does what: options by number and letter, actions by name; both can be remapped. */

import type { Option } from "./protocol.ts";

/** What a key can do beside choosing an option, with its default keys and the words for it. */
export const ACTIONS = {
  submit: { keys: ["Enter"], words: "submit, or keep as it is" },
  skip: { keys: ["Space"], words: "skip" },
  undo: { keys: ["u", "ctrl+z"], words: "undo" },
  redo: { keys: ["ctrl+y", "ctrl+shift+z"], words: "redo" },
  flag: { keys: ["f"], words: "flag" },
  unsure: { keys: ["n"], words: "not sure" },
  comment: { keys: ["c"], words: "comment" },
  none: { keys: ["x"], words: "none of these" },
  back: { keys: ["ArrowLeft"], words: "back to the item before" },
  forward: { keys: ["ArrowRight"], words: "forward" },
  play: { keys: ["p"], words: "play or pause" },
  seekBack: { keys: ["shift+ArrowLeft"], words: "5 s back" },
  seekForward: { keys: ["shift+ArrowRight"], words: "5 s on" },
  zoomIn: { keys: ["+", "="], words: "zoom in" },
  zoomOut: { keys: ["-"], words: "zoom out" },
  zoomFit: { keys: ["0"], words: "fit" },
  levelDown: { keys: ["["], words: "darker values" },
  levelUp: { keys: ["]"], words: "brighter values" },
  widthDown: { keys: ["{"], words: "narrower window" },
  widthUp: { keys: ["}"], words: "wider window" },
  channelBack: { keys: [","], words: "channel before" },
  channelNext: { keys: ["."], words: "next channel" },
  lineUp: { keys: ["ArrowUp"], words: "scroll up" },
  lineDown: { keys: ["ArrowDown"], words: "scroll down" },
  pageUp: { keys: ["PageUp"], words: "page up" },
  pageDown: { keys: ["PageDown"], words: "page down" },
  top: { keys: ["Home"], words: "top" },
  bottom: { keys: ["End"], words: "bottom" },
  help: { keys: ["?"], words: "these keys" },
  leave: { keys: ["Escape"], words: "give the keys back to the notebook" },
} as const;

export type Action = keyof typeof ACTIONS;
export type Remap = Readonly<Partial<Record<Action, string>>>;

/** What of a keyboard event decides; any `KeyboardEvent` will do. */
export interface Stroke {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

export type Meaning = { readonly option: string } | { readonly action: Action };

export interface Keymap {
  readonly meanings: ReadonlyMap<string, Meaning>;
  /** The keys of each option, in the order in which they are shown. */
  readonly ofOption: ReadonlyMap<string, readonly string[]>;
  readonly ofAction: ReadonlyMap<Action, readonly string[]>;
}

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"];
const LETTERS = [..."abcdefghijklmnopqrstuvwxyz"];
const NAMES = Object.keys(ACTIONS) as Action[];

const defaults = (remap: Remap): Map<Action, readonly string[]> =>
  new Map(NAMES.map((action) => [action, remap[action] === undefined ? ACTIONS[action].keys : [remap[action]]]));

/** The keymap of a task's options; an option's own key comes first, then its number, then a letter no action has. */
export function keymap(options: readonly Option[], remap: Remap = {}): Keymap {
  const actions = defaults(remap);
  const own = new Set(options.map((option) => ownKey(option)).filter((key) => key !== null));
  const taken = new Set([...own, ...[...actions.values()].flat()]);
  const digits = DIGITS.filter((key) => !own.has(key));
  const letters = LETTERS.filter((key) => !taken.has(key));
  const meanings = new Map<string, Meaning>();
  const ofOption = new Map<string, string[]>();
  for (const option of options) {
    const mine = ownKey(option);
    // Letters are for options that would have no key at all.
    const given = digits.shift() ?? (mine === null ? letters.shift() : undefined);
    const keys = [mine, given ?? null].filter((key) => key !== null && !meanings.has(key)) as string[];
    ofOption.set(option.id, keys);
    for (const key of keys) meanings.set(key, { option: option.id });
  }
  const ofAction = new Map<Action, string[]>();
  for (const [action, keys] of actions) {
    const left = keys.filter((key) => !meanings.has(key));
    ofAction.set(action, left);
    for (const key of left) meanings.set(key, { action });
  }
  return { meanings, ofOption, ofAction };
}

/** What `stroke` means, or `null`. */
export function meaning(map: Keymap, stroke: Stroke): Meaning | null {
  for (const name of namesOf(stroke)) {
    const found = map.meanings.get(name);
    if (found) return found;
  }
  return null;
}

/** The name under which a stroke is looked up first, and kept when a person remaps a key. */
export const nameOf = (stroke: Stroke): string | null => namesOf(stroke)[0] ?? null;

/** A key's name as it stands on a button. */
export function keycap(name: string): string {
  const arrows: Readonly<Record<string, string>> = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓" };
  const parts = name.endsWith("+") ? [name] : name.split("+");
  return parts
    .map((part) => arrows[part] ?? (part.length === 1 ? part.toUpperCase() : part[0]?.toUpperCase() + part.slice(1)))
    .join("+");
}

/** Whether `what` names an action. */
export const isAction = (what: string): what is Action => Object.hasOwn(ACTIONS, what);

function ownKey(option: Option): string | null {
  const key = option.key?.trim() ?? "";
  return key.length === 1 ? key.toLowerCase() : null;
}

function namesOf(stroke: Stroke): string[] {
  const command = stroke.ctrlKey || stroke.metaKey;
  // AltGr, with which some layouts type brackets, arrives as Ctrl and Alt together.
  const typed = stroke.ctrlKey && stroke.altKey && stroke.key.length === 1;
  const key = stroke.key === " " ? "Space" : stroke.key.length === 1 ? stroke.key.toLowerCase() : stroke.key;
  if (command && !typed) return stroke.altKey ? [] : [`ctrl+${stroke.shiftKey ? "shift+" : ""}${key}`];
  if (stroke.altKey && !typed) return [];
  if (stroke.shiftKey && key.length > 1) return [`shift+${key}`];
  const digit = digitOf(stroke);
  return digit === null || digit === key ? [key] : [key, digit];
}

/** The digit of the physical key, so that layouts which need Shift for digits work; a numpad without NumLock gives none. */
function digitOf(stroke: Stroke): string | null {
  const found = /^(Digit|Numpad)([0-9])$/.exec(stroke.code);
  if (!found || stroke.shiftKey) return null;
  return found[1] === "Digit" || /^[0-9]$/.test(stroke.key) ? (found[2] ?? null) : null;
}
