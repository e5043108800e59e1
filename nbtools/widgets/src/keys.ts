/** Which key does what: options by number and letter, actions by name; both can be remapped. */

import type { Option } from "./protocol.ts";

/** What a key can do beside choosing an option, with its default keys. */
export const ACTIONS = {
  submit: ["Enter"],
  skip: ["Space"],
  undo: ["u", "ctrl+z"],
  redo: ["ctrl+y", "ctrl+shift+z"],
  flag: ["f"],
  unsure: ["n"],
  comment: ["c"],
  guidelines: ["g"],
  grid: ["b"],
  back: ["ArrowLeft"],
  forward: ["ArrowRight"],
  play: ["p"],
  seekBack: ["shift+ArrowLeft"],
  seekForward: ["shift+ArrowRight"],
  zoomIn: ["+", "="],
  zoomOut: ["-"],
  zoomFit: ["0"],
  levelDown: ["["],
  levelUp: ["]"],
  widthDown: ["{"],
  widthUp: ["}"],
  channelBack: [","],
  channelNext: ["."],
  lineUp: ["ArrowUp"],
  lineDown: ["ArrowDown"],
  pageUp: ["PageUp"],
  pageDown: ["PageDown"],
  top: ["Home"],
  bottom: ["End"],
  help: ["?"],
  leave: ["Escape"],
} as const;

export type Action = keyof typeof ACTIONS;
export type Keyed = Readonly<Record<string, { readonly keys: readonly string[] }>>;
/**
 * What an editor's own keys do, by name: their default keys, which go before the shared ones, and the words for it. One that
 * bears an action's name gives that action other keys.
 */
export type Commands = Readonly<Record<string, { readonly keys: readonly string[]; readonly words: string }>>;
/** Keys of a task for which models propose answers; those with Ctrl also while somebody types. */
export const SUGGESTING: Keyed = {
  accept: { keys: ["a", "ctrl+Enter"] },
  reject: { keys: ["r", "ctrl+shift+Enter"] },
};

export type Remap = Readonly<Record<string, string>>;

/** What of a keyboard event decides; any `KeyboardEvent` will do. */
export interface Stroke {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

/** `under`: what the key does where the editor has no use for it now. */
export type Meaning = { readonly option: string } | { readonly action: string; readonly under?: string };

export interface Keymap {
  readonly meanings: ReadonlyMap<string, Meaning>;
  /** The keys of each option, in the order in which they are shown. */
  readonly ofOption: ReadonlyMap<string, readonly string[]>;
  /** The keys of each action, and of each command of the editor. */
  readonly ofAction: ReadonlyMap<string, readonly string[]>;
}

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"];
const LETTERS = [..."abcdefghijklmnopqrstuvwxyz"];

const defaults = (commands: Keyed, remap: Remap): Map<string, readonly string[]> =>
  new Map(
    Object.entries({ ...keysOf(commands), ...ACTIONS, ...keysOf(commands) }).map(([action, keys]) => [
      action,
      remap[action] === undefined ? keys : [remap[action]],
    ]),
  );

/** They stand first; one that is called as an action only gives it other keys. */
const keysOf = (commands: Keyed): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(Object.entries(commands).map(([name, { keys }]) => [name, keys]));

/**
 * The keymap of a task: an option's own key comes first, then its number, then a letter no action has; then the editor's
 * commands, then what every Labeler has.
 */
export function keymap(options: readonly Option[], commands: Keyed = {}, remap: Remap = {}): Keymap {
  const actions = defaults(commands, remap);
  const own = new Set(options.map((option) => ownKey(option)).filter((key) => key !== null));
  const taken = new Set([...own, ...[...actions.values()].flat()]);
  const digits = DIGITS.filter((key) => !own.has(key));
  const letters = LETTERS.filter((key) => !taken.has(key));
  const meanings = new Map<string, Meaning>();
  const ofOption = new Map<string, string[]>();
  for (const option of options) {
    const mine = ownKey(option);
    // Letters are for options that would have no key at all; one that names a digit is that digit and no other.
    const given =
      mine !== null && DIGITS.includes(mine)
        ? undefined
        : (digits.shift() ?? (mine === null ? letters.shift() : undefined));
    const keys = [mine, given ?? null].filter((key) => key !== null && !meanings.has(key)) as string[];
    ofOption.set(option.id, keys);
    for (const key of keys) meanings.set(key, { option: option.id });
  }
  const ofAction = new Map<string, string[]>();
  for (const [action, keys] of actions) {
    const left = keys.filter((key) => shared(meanings.get(key), action, commands));
    ofAction.set(action, left);
    for (const key of left) {
      const over = meanings.get(key);
      meanings.set(key, over && "action" in over ? { ...over, under: action } : { action });
    }
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

/** Whether `action` may have a key too: a free one, or one of a command that may leave it. */
const shared = (there: Meaning | undefined, action: string, commands: Keyed): boolean =>
  there === undefined ||
  ("action" in there && there.under === undefined && there.action in commands && !(action in commands));

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
