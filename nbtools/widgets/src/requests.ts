/** Questions with an answer of their own: each has a number, is asked again until answered, and gives a promise. */

import type { Link } from "./link.ts";
import type { LaterBytes } from "./pieces.ts";
import type { Incoming, ModuleName, Outgoing } from "./protocol.ts";

export class Requests {
  readonly #link: Link;
  readonly #modules = new Map<ModuleName, Promise<unknown>>();
  readonly #waiting = new Map<number, (answer: Incoming) => void>();
  /** Begins anywhere, because a host may hand each page the answers to every page's questions. */
  #last = Math.floor(Math.random() * 2 ** 40);

  constructor(link: Link) {
    this.#link = link;
  }

  /** Ask what `make` gives for a new number; resolves with the answer, which may be an error message. */
  ask(make: (request: number) => Outgoing, signal?: AbortSignal): Promise<Incoming> {
    this.#last += 1;
    const request = this.#last;
    const message = make(request);
    return new Promise((resolve) => {
      this.#waiting.set(request, resolve);
      this.#link.ask(`request ${request}`, () => (signal?.aborted ? null : message));
    });
  }

  /** An answer arrived; one that comes a second time, because the question was sent twice, is dropped. */
  answer(request: number, message: Incoming): void {
    // Also the answer to another page says that the kernel is there.
    this.#link.heard(`request ${request}`);
    const resolve = this.#waiting.get(request);
    this.#waiting.delete(request);
    resolve?.(message);
  }

  /** All bytes of an item, asked for piece by piece; rejects with the kernel's words or when `signal` ends it. */
  async bytes(
    item: string,
    full: boolean,
    signal: AbortSignal,
    progress: (done: number, total: number) => void,
  ): Promise<DataView[]> {
    const { bytesOf } = (await this.module("later")) as LaterBytes;
    return bytesOf(this, item, full, signal, progress);
  }

  /** A bundle of ours, asked for once, and run as a module. */
  module(name: ModuleName): Promise<unknown> {
    const known = this.#modules.get(name);
    if (known !== undefined) return known;
    const loaded = this.#load(name);
    this.#modules.set(name, loaded);
    // Asked for again after a failure: the next item may find the kernel better.
    loaded.catch(() => this.#modules.delete(name));
    return loaded;
  }

  async #load(name: ModuleName): Promise<unknown> {
    const answer = await this.ask((request) => ({ type: "module", request, name }));
    if (answer.type !== "bytes") throw new Error(answer.type === "error" ? answer.why : "no module came");
    const url = URL.createObjectURL(new Blob([answer.bytes as BlobPart], { type: "text/javascript" }));
    try {
      return await import(url);
    } finally {
      URL.revokeObjectURL(url);
    }
  }
}
