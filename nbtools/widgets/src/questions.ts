/** Questions with an answer of their own: each has a number, is asked again until answered, and gives a promise. */

import type { Link } from "./link.ts";

export class Questions<In, Out> {
  readonly #link: Link<Out>;
  readonly #waiting = new Map<number, (answer: In) => void>();
  /** Begins anywhere, because a host may hand each page the answers to every page's questions. */
  #last = Math.floor(Math.random() * 2 ** 40);

  constructor(link: Link<Out>) {
    this.#link = link;
  }

  /** Ask what `make` gives for a new number; resolves with the answer, which may be an error message. */
  ask(make: (request: number) => Out, signal?: AbortSignal): Promise<In> {
    this.#last += 1;
    const request = this.#last;
    const message = make(request);
    return new Promise((resolve) => {
      this.#waiting.set(request, resolve);
      this.#link.ask(`request ${request}`, () => (signal?.aborted ? null : message));
    });
  }

  /** An answer arrived; one that comes a second time, because the question was sent twice, is dropped. */
  answer(request: number, message: In): void {
    // Also the answer to another page says that the kernel is there.
    this.#link.heard(`request ${request}`);
    const resolve = this.#waiting.get(request);
    this.#waiting.delete(request);
    resolve?.(message);
  }
}
