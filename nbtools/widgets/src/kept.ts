/** The browser's own stores, where the browser gives them; a sandboxed frame gives none. */

import type { Fast, Slow } from "./outbox.ts";

const PROBE = "nbt1-probe";

/** localStorage, or `null` where it may not be used. */
export function fastStore(): Fast | null {
  try {
    const store = window.localStorage;
    // A full store refuses the probe too, and is still one: only access itself is tried.
    store.getItem(PROBE);
    return store;
  } catch {
    return null;
  }
}

/** Where it is remembered that something was moved to IndexedDB. */
const MOVED = "moved";

/**
 * IndexedDB, whose program comes when it is needed: to move acts there, or at the start where some were moved before.
 * Nothing is moved where that cannot be remembered.
 */
export function slowStore(load: () => Promise<Slow>): Slow {
  const used = () => remembered(MOVED) !== null;
  return {
    async set(key, act) {
      remember(MOVED, "yes");
      if (!used()) throw new Error("the browser's store is full");
      await (await load()).set(key, act);
    },
    async del(keys) {
      if (used()) await (await load()).del(keys);
    },
    entries: async () => (used() ? (await load()).entries() : []),
  };
}

/** A small thing remembered in this browser, such as a person's name; `null` where nothing is. */
export function remembered(key: string): string | null {
  try {
    return window.localStorage.getItem(`nbt1:${key}`);
  } catch {
    return null;
  }
}

/** Remember `value`, or forget with `null`; a browser that keeps nothing asks again next time. */
export function remember(key: string, value: string | null): void {
  try {
    if (value === null) window.localStorage.removeItem(`nbt1:${key}`);
    else window.localStorage.setItem(`nbt1:${key}`, value);
  } catch {
    return;
  }
}
