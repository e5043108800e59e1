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
