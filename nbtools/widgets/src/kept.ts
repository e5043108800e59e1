/** The browser's own stores, where the browser gives them; a sandboxed frame gives none. */

import { createStore, delMany, entries, set } from "idb-keyval";
import type { Fast, Slow } from "./outbox.ts";
import type { Act } from "./protocol.ts";

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

/** IndexedDB, or `null` where there is none. */
export function slowStore(): Slow | null {
  try {
    if (!window.indexedDB) return null;
    const store = createStore("nbtools", "outbox");
    return {
      set: (key, act) => set(key, act, store),
      del: (keys) => delMany([...keys], store),
      entries: () => entries<string, Act>(store),
    };
  } catch {
    return null;
  }
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
