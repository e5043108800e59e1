/** The browser's large store. */

import { createStore, delMany, entries, set } from "idb-keyval";
import type { Slow } from "./outbox.ts";
import type { Act } from "./protocol.ts";

/** What the bundle `later` exports for this. */
export interface LaterStore {
  readonly largeStore: typeof largeStore;
}

let made: Slow | null = null;

/** IndexedDB; throws where there is none or it may not be used. */
export function largeStore(): Slow {
  if (made !== null) return made;
  const store = createStore("nbtools", "outbox");
  made = {
    set: (key, act) => set(key, act, store),
    del: (keys) => delMany([...keys], store),
    entries: () => entries<string, Act>(store),
  };
  return made;
}
