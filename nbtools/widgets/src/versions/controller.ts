/** One model of a VersionBrowser: asks the kernel, keeps the answers, and tells its views. */

import type { AnyModel } from "@anywidget/types";
import { type Link, linked } from "../link.ts";
import { Questions } from "../questions.ts";
import { ulids } from "../ulid.ts";
import { Jobs } from "./jobs.ts";
import { parse } from "./parse.ts";
import type { Changes, Detail, Facets, Incoming, Look, Opened, Outgoing, Text, Timeline, Viewed } from "./protocol.ts";
import { arrived } from "./state.ts";

const POLL_MS = 3_000;
const ATTENDED_MS = 1_800_000;
const MOST_KEPT = 40;

type Answer<T extends Incoming["type"]> = Extract<Incoming, { readonly type: T }>;
/** What is known of an answer: it is on its way, it is here, or what is wrong. */
export type Known<T> = { readonly value: T | null; readonly why: string | null };

export class Controller {
  opened: Opened | null = null;
  failed: string | null = null;
  readonly link: Link<Outgoing>;
  readonly questions: Questions<Incoming, Outgoing>;
  readonly jobs: Jobs;
  readonly #model: AnyModel;
  readonly #changed = new Set<(words: string | null) => void>();
  readonly #kept = new Map<string, Known<unknown>>();
  readonly #client = ulids()();
  readonly #end = new AbortController();
  #lastInput = performance.now();
  #polling = false;
  readonly #onMessage = (message: unknown, buffers: DataView[]) => this.#receive(message, buffers);

  constructor(model: AnyModel) {
    this.#model = model;
    this.link = linked<Outgoing>(
      model,
      () => this.#attended,
      () => this.draw(),
    );
    this.questions = new Questions(this.link);
    this.jobs = new Jobs(this.questions, () => this.draw());
    model.on("msg:custom", this.#onMessage);
    this.link.ask("open", () => ({ type: "open", client: this.#client }));
    const timer = setInterval(() => void this.#poll(), POLL_MS);
    this.#end.signal.addEventListener("abort", () => clearInterval(timer));
    const seen = () => {
      this.#lastInput = performance.now();
      void this.#poll();
    };
    document.addEventListener("visibilitychange", seen, { signal: this.#end.signal });
  }

  close(): void {
    this.#end.abort();
    this.jobs.close();
    this.link.close();
    this.#model.off("msg:custom", this.#onMessage);
  }

  /** Call `draw` after each change, with words for whoever does not see it; the returned function ends that. */
  subscribe(draw: (words: string | null) => void): () => void {
    this.#changed.add(draw);
    return () => this.#changed.delete(draw);
  }

  draw(words: string | null = null): void {
    for (const draw of this.#changed) draw(words);
  }

  /** A person is there. */
  attended(): void {
    this.#lastInput = performance.now();
  }

  get timeline(): Timeline | null {
    return this.opened?.timeline ?? null;
  }

  view(look: Look): Known<Viewed> {
    return this.#known(`view ${JSON.stringify(look)}`, "view", (request) => ({
      type: "view",
      request,
      look,
      facets: false,
    }));
  }

  /** What finds the listed items among those of today. */
  where(look: Look | null): Text {
    return look === null ? null : (this.view(look).value?.where ?? null);
  }

  facets(look: Look): Known<Facets> {
    const plain = { ...look, sort: null, descending: false };
    return this.#known(`facets ${JSON.stringify(plain)}`, "facets", (request) => ({
      type: "view",
      request,
      look: plain,
      facets: true,
    }));
  }

  changes(of: string, against: string): Known<Changes> {
    return this.#known(`changes ${of} ${against}`, "changes", (request) => ({ type: "changes", request, of, against }));
  }

  item(look: Look, position: number): Known<Detail> {
    const key = `item ${position} ${JSON.stringify(look)}`;
    return this.#known(key, "item", (request) => ({ type: "item", request, look, position }));
  }

  /** Some rows or cards of a list; rejects with the kernel's words. */
  async listed<T extends "rows" | "cards">(
    what: T,
    look: Look,
    start: number,
    count: number,
    signal: AbortSignal,
  ): Promise<Answer<T>> {
    const cards = what === "cards";
    const answer = await this.questions.ask(
      (request) => ({ type: "rows", request, look, start, count, cards }),
      signal,
    );
    if (answer.type !== what) throw new Error(answer.type === "error" ? answer.why : "no list came");
    return answer as Answer<T>;
  }

  /** Look again at whether there is anything new. */
  refresh(): void {
    void this.#poll();
  }

  /** Ask again for what could not be had. */
  retry(): void {
    for (const [key, known] of [...this.#kept]) if (known.why !== null) this.#kept.delete(key);
    this.draw();
  }

  get #attended(): boolean {
    return document.visibilityState === "visible" && performance.now() - this.#lastInput < ATTENDED_MS;
  }

  #known<T>(key: string, type: Incoming["type"], make: (request: number) => Outgoing): Known<T> {
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept as Known<T>;
    const empty: Known<T> = { value: null, why: null };
    this.#kept.set(key, empty);
    for (const old of [...this.#kept.keys()].slice(0, -MOST_KEPT)) this.#kept.delete(old);
    void this.questions.ask(make).then((answer) => {
      const error = answer.type === "error" ? answer.why : "the kernel answered something else";
      const known = answer.type === type ? { value: answer as T, why: null } : { value: null, why: error };
      if (this.#kept.get(key) === (empty as Known<unknown>)) this.#kept.set(key, known as Known<unknown>);
      this.draw();
    });
    return empty;
  }

  async #poll(): Promise<void> {
    if (this.#polling || this.opened === null || !this.#attended || !this.link.connected) return;
    this.#polling = true;
    const { mark } = this.opened.timeline;
    const answer = await this.questions.ask((request) => ({ type: "timeline", request, mark }));
    this.#polling = false;
    if (answer.type === "timeline" && answer.timeline !== null) this.#took(answer.timeline);
  }

  #took(timeline: Timeline): void {
    if (this.opened === null) return;
    const fresh = arrived(this.opened.timeline, timeline);
    this.opened = { ...this.opened, timeline };
    const names = fresh.map(({ name }) => name).join(", ");
    this.draw(fresh.length === 0 ? null : `${names} ${fresh.length === 1 ? "is" : "are"} new`);
  }

  #receive(raw: unknown, buffers: readonly DataView[]): void {
    const message = parse(raw, buffers);
    if (message === null) return;
    if ("request" in message && message.request !== null) {
      this.questions.answer(message.request, message);
      return;
    }
    this.link.heard(message.type === "opened" ? "open" : message.type === "pong" ? "ping" : null);
    if (message.type === "opened") {
      this.opened = message;
      this.failed = null;
    } else if (message.type === "error" && this.opened === null) {
      this.link.forget("open");
      this.failed = message.why;
    }
    this.draw();
  }
}
