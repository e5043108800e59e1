/** The Labeler's questions: also for the bytes of an item, and for a bundle of ours that only some items need. */

import type { LaterBytes } from "./pieces.ts";
import type { Incoming, ModuleName, Outgoing } from "./protocol.ts";
import { Questions } from "./questions.ts";

export class Requests extends Questions<Incoming, Outgoing> {
  readonly #modules = new Map<ModuleName, Promise<unknown>>();

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

  /** Bytes of an item's file from `start` on, as many as fit an answer; `null`: the peaks of its sound. */
  async part(item: string, start: number | null, signal: AbortSignal): Promise<DataView> {
    const found = await this.#bytes(
      (request) =>
        start === null ? { type: "peaks", request, item } : { type: "bytes", request, item, start, full: false },
      signal,
    );
    signal.throwIfAborted();
    return found;
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
    const bytes = await this.#bytes((request) => ({ type: "module", request, name }));
    const url = URL.createObjectURL(new Blob([bytes as BlobPart], { type: "text/javascript" }));
    try {
      return await import(url);
    } finally {
      URL.revokeObjectURL(url);
    }
  }

  async #bytes(make: (request: number) => Outgoing, signal?: AbortSignal): Promise<DataView> {
    const answer = await this.ask(make, signal);
    if (answer.type !== "bytes") throw new Error(answer.type === "error" ? answer.why : "no bytes came");
    return answer.bytes;
  }
}
