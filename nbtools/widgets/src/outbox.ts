/**
 * What a person said and the kernel has not acknowledged, kept in this browser.
 *
 * An act goes into localStorage before its frame is painted, because that is the one store that is written at once, and moves
 * to IndexedDB when there is time, because that is the one that is large. An act too large for localStorage goes to IndexedDB
 * only and is not yet kept until that is done.
 */

import type { Act } from "./protocol.ts";
import { isUlid } from "./ulid.ts";

/** The part of `Storage` that is used. */
export interface Fast {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** A large store that answers later. */
export interface Slow {
  set(key: string, act: Act): Promise<void>;
  del(keys: readonly string[]): Promise<void>;
  entries(): Promise<readonly (readonly [string, Act])[]>;
}

/** `kept`: safe now; `later`: will be safe, see `unkept`; `full`: neither store takes it. */
export type Kept = "kept" | "later" | "full";

const LARGEST_FAST = 32_768;

/** The prefix of the keys of one dataset, task and person. */
export const outboxPrefix = (dataset: string, task: string, annotator: string): string =>
  `nbt1:${dataset}:${task}:${annotator}:`;

export class Outbox {
  readonly #prefix: string;
  readonly fast: Fast | null;
  readonly slow: Slow | null;
  /** Acts that are in no store yet. */
  readonly unkept = new Set<string>();

  constructor(prefix: string, fast: Fast | null, slow: Slow | null) {
    this.#prefix = prefix;
    this.fast = fast;
    this.slow = slow;
  }

  /** Keep an act; on return a small one is in localStorage. `settled` is called when a later one is kept or was not. */
  keep(act: Act, settled: (kept: boolean) => void = () => {}): Kept {
    const text = JSON.stringify(act);
    if (this.fast !== null && text.length <= LARGEST_FAST && this.#write(act.act, text)) return "kept";
    // A store that is there but full stops the work; one that is not there at all leaves IndexedDB.
    if (this.slow === null || (this.fast !== null && text.length <= LARGEST_FAST)) return "full";
    this.unkept.add(act.act);
    this.slow.set(this.#prefix + act.act, act).then(
      () => {
        this.unkept.delete(act.act);
        settled(true);
      },
      () => settled(false),
    );
    return "later";
  }

  /** Forget acts that are on the kernel's disk. */
  drop(acts: readonly string[]): void {
    const keys = acts.map((act) => this.#prefix + act);
    for (const key of keys) this.fast?.removeItem(key);
    for (const act of acts) this.unkept.delete(act);
    this.slow?.del(keys).catch(() => {});
  }

  /** Every act that was kept for this dataset, task and person, oldest first. */
  async recover(): Promise<Act[]> {
    const slow = this.slow === null ? [] : await this.slow.entries().catch(() => []);
    const mine = [...slow.filter(([key]) => this.#isMine(key)), ...this.fastActs()];
    const acts = new Map(mine.map(([, act]) => [act.act, act]));
    return [...acts.values()].sort((a, b) => (a.act < b.act ? -1 : 1));
  }

  #write(act: string, text: string): boolean {
    try {
      this.fast?.setItem(this.#prefix + act, text);
      return true;
    } catch {
      return false;
    }
  }

  /** What of it is in the fast store, by its key. */
  fastActs(): [string, Act][] {
    const found: [string, Act][] = [];
    for (let i = 0; i < (this.fast?.length ?? 0); i++) {
      const key = this.fast?.key(i) ?? "";
      const act = this.#isMine(key) ? parseAct(this.fast?.getItem(key) ?? "") : null;
      if (act) found.push([key, act]);
    }
    return found;
  }

  /** A name may hold a colon, so that one person's prefix begins another's: what follows must be an id and nothing else. */
  #isMine(key: string): boolean {
    return key.startsWith(this.#prefix) && isUlid(key.slice(this.#prefix.length));
  }
}

function parseAct(text: string): Act | null {
  try {
    const act: unknown = JSON.parse(text);
    return typeof act === "object" && act !== null && "act" in act && "item" in act ? (act as Act) : null;
  } catch {
    return null;
  }
}
