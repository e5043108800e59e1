/** What the kernel does in the background: begun once, looked after until it is over, called off. */

import { bytesOf } from "../pieces.ts";
import type { Questions } from "../questions.ts";
import type { Do, Incoming, Job, Order, Outgoing } from "./protocol.ts";

const LOOK_MS = 250;

export class Jobs {
  /** The last one of each kind. */
  readonly #jobs = new Map<Do, Job>();
  readonly #questions: Questions<Incoming, Outgoing>;
  readonly #changed: () => void;
  #closed = false;

  constructor(questions: Questions<Incoming, Outgoing>, changed: () => void) {
    this.#questions = questions;
    this.#changed = changed;
  }

  get(what: Do): Job | null {
    return this.#jobs.get(what) ?? null;
  }

  forget(what: Do): void {
    this.#jobs.delete(what);
  }

  close(): void {
    this.#closed = true;
  }

  /** Begin; resolves when it is over. Under its own id a question that is asked twice begins nothing twice. */
  async run(order: Order): Promise<Job> {
    const job = newId();
    this.#put(order.do, { job, state: "running", done: 0, total: null, result: {}, why: null });
    let answer = await this.#questions.ask((request) => ({ type: "start", request, job, ...order }));
    while (answer.type === "job" && answer.state === "running" && !this.#closed) {
      this.#put(order.do, answer);
      await new Promise((done) => setTimeout(done, LOOK_MS));
      if (this.#jobs.get(order.do)?.job !== job) return answer;
      answer = await this.#questions.ask((request) => ({ type: "job", request, job, cancel: false }));
    }
    const why = answer.type === "error" ? answer.why : "the kernel answered something else";
    const over: Job = answer.type === "job" ? answer : { job, state: "failed", done: 0, total: null, result: {}, why };
    if (this.#jobs.get(order.do)?.job === job) this.#put(order.do, over);
    return over;
  }

  cancel(what: Do): void {
    const running = this.#jobs.get(what);
    if (running?.state !== "running") return;
    void this.#questions.ask((request) => ({ type: "job", request, job: running.job, cancel: true }));
  }

  /** The file that a job has made. */
  async file(job: Job): Promise<Blob> {
    const pieces = await bytesOf(this.#questions, job.job, true, new AbortController().signal, () => {});
    return new Blob(pieces as BlobPart[], { type: "text/html" });
  }

  #put(what: Do, job: Job): void {
    this.#jobs.set(what, job);
    this.#changed();
  }
}

/** 32 hex digits, also where the page is no secure context. */
const newId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
