/**
 * The way to the kernel: whatever is asked is asked again until it is answered.
 *
 * After a kernel's death JupyterLab throws on `send`, and Voilà sends into a kernel that has no such widget; a busy kernel
 * answers late. All three look alike from here: nothing was heard. So the link speaks of being connected only by what it hears.
 */

import type { AnyModel } from "@anywidget/types";
import { type Outgoing, VERSION } from "./protocol.ts";

/** What every kernel of ours answers, whichever widget it is behind. */
export interface Ping {
  readonly type: "ping";
}

/** What the link needs of its surroundings; a test gives its own clock. */
export interface Host<Out = Outgoing> {
  send(message: Out | Ping): void;
  now(): number;
  /** Call `run` in `ms`; the returned function cancels it. */
  later(ms: number, run: () => void): () => void;
  /** Whether a person is there, so that an idle page does not keep a kernel alive. */
  attended(): boolean;
  changed(connected: boolean): void;
}

interface Asked<Out> {
  readonly make: () => Out | Ping | null;
  since: number;
  next: number;
  tries: number;
}

const FIRST_RETRY_MS = 2_000;
const LAST_RETRY_MS = 15_000;
const PATIENCE_MS = 4_000;
const PING_MS = 20_000;

export class Link<Out = Outgoing> {
  readonly #host: Host<Out>;
  readonly #asked = new Map<string, Asked<Out>>();
  #heard: number;
  #connected = true;
  #cancel: (() => void) | null = null;
  #closed = false;

  constructor(host: Host<Out>) {
    this.#host = host;
    this.#heard = host.now();
    this.#plan();
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** Send what `make` gives, and again until `heard(key)`; `make` returning `null` ends it. */
  ask(key: string, make: () => Out | null, wait = 0): void {
    const now = this.#host.now();
    if (!this.#asked.has(key)) this.#asked.set(key, { make, since: now + wait, next: now + wait, tries: 0 });
    this.#run();
  }

  /** Something arrived; `key` is answered. */
  heard(key: string | null): void {
    const now = this.#host.now();
    this.#heard = now;
    if (key !== null) this.#asked.delete(key);
    for (const asked of this.#asked.values()) {
      asked.since = Math.max(asked.since, now);
      if (!this.#connected) {
        asked.next = now;
        asked.tries = 0;
      }
    }
    this.#set(true);
    this.#run();
  }

  /** Give up a question whose answer nobody waits for any longer. */
  forget(key: string): void {
    this.#asked.delete(key);
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
    this.#asked.clear();
  }

  #run(): void {
    if (this.#closed) return;
    const now = this.#host.now();
    if (this.#asked.size === 0 && now - this.#heard >= PING_MS && this.#host.attended())
      this.#asked.set("ping", { make: () => ({ type: "ping" }), since: now, next: now, tries: 0 });
    for (const [key, asked] of [...this.#asked]) if (asked.next <= now) this.#send(key, asked, now);
    if ([...this.#asked.values()].some((asked) => now - asked.since >= PATIENCE_MS)) this.#set(false);
    this.#plan();
  }

  #send(key: string, asked: Asked<Out>, now: number): void {
    const message = asked.make();
    if (message === null) {
      this.#asked.delete(key);
      return;
    }
    asked.next = now + Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** asked.tries);
    asked.tries += 1;
    try {
      this.#host.send(message);
    } catch {
      this.#set(false);
    }
  }

  #plan(): void {
    this.#cancel?.();
    if (this.#closed) return;
    const now = this.#host.now();
    const times = [...this.#asked.values()].flatMap((asked) =>
      this.#connected ? [asked.next, asked.since + PATIENCE_MS] : [asked.next],
    );
    const at = times.length === 0 ? Math.max(this.#heard + PING_MS, now + PING_MS / 4) : Math.min(...times);
    this.#cancel = this.#host.later(Math.max(20, at - now), () => this.#run());
  }

  #set(connected: boolean): void {
    if (connected === this.#connected) return;
    this.#connected = connected;
    this.#host.changed(connected);
  }
}

/** The link of a page: by its model, with the browser's clock. */
export const linked = <Out = Outgoing>(
  model: AnyModel,
  attended: () => boolean,
  changed: (connected: boolean) => void,
): Link<Out> =>
  new Link<Out>({
    send: (message) => model.send({ v: VERSION, ...message }),
    now: () => performance.now(),
    later: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    attended,
    changed,
  });
