/** One model of a SplitBuilder: what was chosen, what came of it; asks the kernel and tells its views. */

import type { AnyModel } from "@anywidget/types";
import { type Link, linked } from "../link.ts";
import { Questions } from "../questions.ts";
import { ulids } from "../ulid.ts";
import { decided, type Ids } from "./decisions.ts";
import { changed, hex, INITIAL } from "./initial.ts";
import {
  type Incoming,
  type JobSaid,
  type Opened,
  type Outgoing,
  type Outlook,
  type Pairs,
  parse,
  type Refused,
  type Said,
  type Saved,
  type VersionInfo,
  type Wanted,
} from "./protocol.ts";

const POLL_MS = 400;
const ATTENDED_MS = 1_800_000;
const GATHER_MS = 40;

export class Controller {
  opened: Opened | null = null;
  version: VersionInfo | null = null;
  wanted: Wanted = INITIAL;
  against: string | null = null;
  seen: Outlook | null = null;
  refused: Refused | null = null;
  line = "";
  /** A preview is being made: how far it is. */
  working: { readonly done: number; readonly total: number | null } | null = null;
  saving = false;
  saved: Saved | null = null;
  /** Why nothing can be shown, or a split was not saved. */
  failed: string | null = null;
  unsaved: string | null = null;
  readonly link: Link<Outgoing>;
  readonly #questions: Questions<Incoming, Outgoing>;
  readonly #model: AnyModel;
  readonly #changed = new Set<() => void>();
  readonly #newId = ulids();
  readonly #client = this.#newId();
  #asked = new AbortController();
  #number = Math.floor(Math.random() * 2 ** 40);
  #look = false;
  /** What was decided before each decision, and of which pair. */
  #past: { readonly ids: Ids; readonly was: Pick<Wanted, "linked" | "dismissed"> }[] = [];
  #name: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastInput = performance.now();
  #closed = false;
  readonly #onMessage = (message: unknown, buffers: DataView[]) => this.#receive(message, buffers);

  constructor(model: AnyModel) {
    this.#model = model;
    this.link = linked<Outgoing>(
      model,
      () => document.visibilityState === "visible" && performance.now() - this.#lastInput < ATTENDED_MS,
      () => this.#draw(),
    );
    this.#questions = new Questions(this.link);
    model.on("msg:custom", this.#onMessage);
    this.link.ask("open", () => ({ type: "open", client: this.#client }));
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#asked.abort();
    this.link.close();
    this.#model.off("msg:custom", this.#onMessage);
  }

  subscribe(draw: () => void): () => void {
    this.#changed.add(draw);
    return () => this.#changed.delete(draw);
  }

  attended(): void {
    this.#lastInput = performance.now();
  }

  /** What is shown is what was chosen, and may be saved. */
  get settled(): boolean {
    return this.seen !== null && this.refused === null && this.working === null;
  }

  async choose(name: string): Promise<void> {
    this.#name = name;
    this.failed = null;
    this.seen = null;
    this.against = null;
    this.#draw();
    const answer = await this.#questions.ask((request) => ({ type: "version", request, version: name }));
    if (this.#name !== name || this.#closed) return;
    if (answer.type !== "version") {
      this.failed = answer.type === "error" ? answer.why : "the kernel answered something else";
      this.#draw();
      return;
    }
    this.version = answer;
    const known = (columns: readonly string[]) => columns.filter((column) => answer.columns.includes(column));
    const { time, column } = this.wanted;
    const times = answer.times.map(({ name: one }) => one);
    this.#past = [];
    this.change({
      stratify: known(this.wanted.stratify),
      groups: known(this.wanted.groups),
      time: time !== null && times.includes(time) ? time : (times[0] ?? null),
      column: column !== null && answer.columns.includes(column) ? column : null,
      linked: answer.linked,
      dismissed: answer.dismissed,
    });
  }

  get undoable(): boolean {
    return this.#past.length > 0;
  }

  /** Keep a pair together, dismiss it, or take that back; whether there was room for it. */
  decide(ids: Ids, said: Said | null): boolean {
    const { linked, dismissed } = this.wanted;
    const next = decided(this.wanted, ids, said);
    if (next === null) return false;
    this.#past.push({ ids, was: { linked, dismissed } });
    this.change(next);
    return true;
  }

  /** Take back the last decision, and say of which pair it was. */
  undo(): Ids | null {
    const last = this.#past.pop();
    if (last === undefined) return null;
    this.change(last.was);
    return last.ids;
  }

  /** Choose something otherwise; the preview follows. */
  change(some: Partial<Wanted>): void {
    this.wanted = changed(this.wanted, some);
    this.#preview();
  }

  compare(against: string | null): void {
    this.against = against;
    this.#preview();
  }

  /** Look for near-duplicates although they are not kept together. */
  look(): void {
    this.#look = true;
    this.#preview();
  }

  cancel(): void {
    const number = this.#number;
    this.#look = false;
    void this.#questions.ask((request) => ({ type: "progress", request, number, cancel: true }));
    this.#asked.abort();
    this.working = null;
    this.refused = { refused: "called off: choose something otherwise to go on", of: "all", line: this.line };
    this.#draw();
  }

  /** Pairs from one on; `anew`: those in two parts come first from now on. */
  async pairs(start: number, count: number, anew: boolean, pictures: boolean): Promise<Pairs> {
    const answer = await this.#questions.ask((request) => ({ type: "pairs", request, start, count, anew, pictures }));
    if (answer.type !== "pairs") throw new Error(answer.type === "error" ? answer.why : "no pairs came");
    return answer;
  }

  async save(message: string, confirm: boolean): Promise<void> {
    if (this.version === null || this.saving) return;
    const [version, wanted, job] = [this.version.version, this.wanted, hex()];
    [this.saving, this.saved, this.unsaved] = [true, null, null];
    this.#draw();
    let answer = await this.#questions.ask((request) => ({
      type: "save",
      request,
      job,
      version,
      wanted,
      message,
      confirm,
    }));
    while (answer.type === "job" && answer.state === "running" && !this.#closed) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      answer = await this.#questions.ask((request) => ({ type: "job", request, job }));
    }
    this.saving = false;
    if (answer.type === "job" && answer.state === "done") this.#kept(answer);
    else this.unsaved = ("why" in answer ? answer.why : null) ?? "it was not saved";
    this.#draw();
  }

  #kept(answer: JobSaid): void {
    this.saved = answer.result ?? null;
    if (this.version === null || this.saved === null || this.version.splits.includes(this.saved.name)) return;
    this.version = { ...this.version, splits: [...this.version.splits, this.saved.name] };
  }

  /** Several changes within a moment are one. */
  #preview(): void {
    if (this.version === null) return;
    this.#asked.abort();
    this.#asked = new AbortController();
    this.#number += 1;
    this.working = { done: 0, total: null };
    [this.saved, this.unsaved] = [null, null];
    this.#draw();
    clearTimeout(this.#timer);
    const { signal } = this.#asked;
    this.#timer = setTimeout(() => void this.#follow(signal), GATHER_MS);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const [number, version, wanted, look, against] = [
      this.#number,
      this.version?.version ?? "",
      this.wanted,
      this.#look,
      this.against,
    ];
    const begin = (request: number): Outgoing => ({ type: "preview", request, number, version, wanted, look, against });
    let answer = await this.#questions.ask(begin, signal);
    while (!signal.aborted) {
      if (answer.type !== "progress" || answer.state === "failed" || answer.state === "cancelled") {
        const why = ("why" in answer ? answer.why : null) ?? "called off, as another page asked for something newer";
        this.#took({ refused: why, of: "all", line: this.line });
        return;
      }
      if (answer.state === "done" && answer.result != null) {
        this.#took(answer.result);
        return;
      }
      this.working = { done: answer.done ?? 0, total: answer.total ?? null };
      this.#draw();
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      if (signal.aborted) return;
      answer = await this.#questions.ask((request) => ({ type: "progress", request, number, cancel: false }), signal);
    }
  }

  #took(result: Outlook | Refused): void {
    this.#asked.abort();
    this.working = null;
    this.line = result.line;
    if ("refused" in result) this.refused = result;
    else [this.refused, this.seen] = [null, result];
    this.#draw();
  }

  #receive(raw: unknown, buffers: readonly DataView[]): void {
    const message = parse(raw, buffers);
    if (message === null) return;
    if ("request" in message && message.request !== null) {
      this.#questions.answer(message.request, message);
      return;
    }
    this.link.heard(message.type === "opened" ? "open" : message.type === "pong" ? "ping" : null);
    if (message.type === "opened") this.#open(message);
    else if (message.type === "preview" && message.number === this.#number && !this.#asked.signal.aborted)
      this.#took(message.result);
    else if (message.type === "error" && this.opened === null) {
      this.link.forget("open");
      this.failed = message.why;
    }
    this.#draw();
  }

  #open(message: Opened): void {
    const first = this.opened === null;
    this.opened = message;
    this.failed = null;
    const newest = message.versions.at(-1);
    if (first && newest !== undefined) void this.choose(newest.name);
  }

  #draw(): void {
    for (const draw of this.#changed) draw();
  }
}
