/** One labeling session per model: joins the reducer, the outbox and the link; its views only draw `state` and call `dispatch`. */

import type { AnyModel } from "@anywidget/types";
import type { Stamp } from "./acts.ts";
import { batch } from "./batch.ts";
import { fastStore, remember, remembered, slowStore } from "./kept.ts";
import type { LaterStore } from "./large.ts";
import { type Link, linked } from "./link.ts";
import { Outbox, outboxPrefix } from "./outbox.ts";
import { parse } from "./parse.ts";
import type { Act, Incoming, Opened } from "./protocol.ts";
import { Requests } from "./requests.ts";
import { type Event, type Outcome, reduce } from "./session.ts";
import { currentItem, INITIAL, type State, wish } from "./state.ts";
import type { LaterTidying } from "./tidying.ts";
import { ulids } from "./ulid.ts";

const RECOVER_MS = 1_000;
const ATTENDED_MS = 300_000;
const AFTER_ERROR_MS = 5_000;
const MOST_MS = 86_400_000;

type Answer<T extends Incoming["type"]> = Extract<Incoming, { readonly type: T }>;

/** When the item of an act was on the screen, and for how long; in ms of `performance.now()`. */
export interface Seen {
  readonly at: number;
  readonly visible: number;
  readonly active: number;
}

export class Controller {
  state: State = INITIAL;
  /** A person has to say who they are. */
  nameless = false;
  /** Why a name was not taken, a store is full, or an act was not saved yet; shown until it is over. */
  trouble: { readonly of: "name" | "store" | "save"; readonly why: string } | null = null;
  readonly link: Link;
  readonly #model: AnyModel;
  readonly #changed = new Set<(hint: string | null) => void>();
  readonly #newId = ulids();
  readonly #client = this.#newId();
  readonly requests: Requests;
  #outbox: Outbox | null = null;
  #introduced = false;
  #fetching = false;
  #fetchingItem: string | null = null;
  #lastInput = performance.now();
  readonly #onMessage = (message: unknown, buffers: DataView[]) => this.#receive(message, buffers);
  readonly #onUnload = (event: BeforeUnloadEvent) => {
    if ((this.#outbox?.unkept.size ?? 0) > 0) event.preventDefault();
  };

  constructor(model: AnyModel) {
    this.#model = model;
    this.link = linked(
      model,
      () => document.visibilityState === "visible" && performance.now() - this.#lastInput < ATTENDED_MS,
      () => this.#draw(),
    );
    this.requests = new Requests(this.link);
    model.on("msg:custom", this.#onMessage);
    window.addEventListener("beforeunload", this.#onUnload);
    this.link.ask("open", () => ({ type: "open", client: this.#client }));
  }

  close(): void {
    this.link.close();
    this.#model.off("msg:custom", this.#onMessage);
    window.removeEventListener("beforeunload", this.#onUnload);
  }

  /** Call `draw` after each change, with a hint where nothing happened; the returned function ends that. */
  subscribe(draw: (hint: string | null) => void): () => void {
    this.#changed.add(draw);
    return () => this.#changed.delete(draw);
  }

  /** A person is at work. */
  attended(): void {
    this.#lastInput = performance.now();
  }

  get unkept(): number {
    return this.#outbox?.unkept.size ?? 0;
  }

  /** What the clock says of an act made now. */
  stamp(seen: Seen): Stamp {
    const [wall, now] = [Date.now(), performance.now()];
    return {
      act: this.#newId(),
      at: now,
      shownAt: new Date(wall - (now - seen.at)).toISOString(),
      sentAt: new Date(wall).toISOString(),
      visibleMs: Math.min(MOST_MS, seen.visible),
      activeMs: Math.min(MOST_MS, seen.active),
    };
  }

  /** One step of the session; an act is in the browser's store before anything is drawn. False: the store did not take it. */
  dispatch(event: Event): boolean {
    return this.apply(reduce(this.state, event));
  }

  /** Take a step that was made elsewhere, its acts all or none. */
  apply({ state, act, acts = act ? [act] : [], hint }: Outcome): boolean {
    if (!acts.every((each) => this.#keep(each))) {
      this.#outbox?.drop(acts.map((each) => each.act));
      this.#draw();
      return false;
    }
    this.state = state;
    this.#draw(hint ?? null);
    // After the frame: nothing between a press and the next item waits for the way to the kernel.
    setTimeout(() => this.#ask());
    return true;
  }

  /** Say who labels here; remembered for the next time this browser is asked. */
  introduce(name: string): void {
    this.#introduced = true;
    this.trouble = null;
    this.link.ask("introduce", () => ({ type: "introduce", name }));
  }

  /** Show an item of an earlier session: the one before the oldest that was shown here. */
  backBeyond(): void {
    const oldest = this.state.items.get(this.state.trail[0] ?? "");
    if (oldest === undefined || oldest.position <= 0) return;
    this.#fetchItem({ position: oldest.position - 1 }, true, true);
  }

  /** An id for what acts are part of. */
  newId(): string {
    return this.#newId();
  }

  #keep(act: Act): boolean {
    const kept = this.#outbox?.keep(act, (done) => {
      if (!done) this.trouble = { of: "store", why: "" };
      this.#draw();
    });
    if (kept === "full") this.trouble = { of: "store", why: "" };
    return kept !== "full";
  }

  #draw(hint: string | null = null): void {
    for (const draw of this.#changed) draw(hint);
  }

  #receive(raw: unknown, buffers: readonly DataView[]): void {
    const message = parse(raw, buffers);
    if (message === null) return;
    if ("request" in message && message.request !== null) {
      this.requests.answer(message.request, message);
      return;
    }
    this.link.heard(
      message.type === "opened" ? "open" : message.type === "acks" ? "acts" : message.type === "pong" ? "ping" : null,
    );
    if (message.type === "opened") this.#opened(message);
    else if (message.type === "acks") this.#acknowledged(message);
    else if (message.type === "pong" && message.counts) this.dispatch({ type: "counts", counts: message.counts });
    else if (message.type === "goto") this.#fetchItem({ id: message.id }, true, false);
    else if (message.type === "error") this.#failed(message.of, message.why);
  }

  #failed(of: string, why: string): void {
    if (of === "introduce") {
      this.link.forget("introduce");
      remember("name", null);
      this.trouble = { of: "name", why };
      this.nameless = true;
      this.#draw();
      return;
    }
    if (of === "acts") {
      this.trouble = { of: "save", why };
    } else if (this.state.opened === null) {
      this.link.forget("open");
      this.dispatch({ type: "failed", why });
    }
    this.#draw(why);
  }

  #opened(opened: Opened): void {
    if (opened.annotator === null) {
      const name = remembered("name");
      this.nameless = name === null;
      this.dispatch({ type: "opened", opened, kept: [] });
      if (name !== null) this.introduce(name);
      return;
    }
    this.link.forget("introduce");
    if (this.#introduced) remember("name", opened.annotator.name);
    this.nameless = false;
    if (this.#outbox !== null) this.dispatch({ type: "opened", opened, kept: [] });
    else void this.#recover(opened, opened.annotator.name);
  }

  async #recover(opened: Opened, annotator: string): Promise<void> {
    const fast = fastStore();
    const large = async () => ((await this.requests.module("later")) as LaterStore).largeStore();
    // Where the one is not there, it has to be known at the first press whether the other is.
    const slow = fast === null ? await large().catch(() => null) : slowStore(large);
    const outbox = new Outbox(outboxPrefix(opened.dataset.id, opened.task.name, annotator), fast, slow);
    this.#outbox = outbox;
    const recovered = outbox.recover();
    const soon = await Promise.race([recovered, new Promise<Act[]>((done) => setTimeout(done, RECOVER_MS, []))]);
    this.dispatch({ type: "opened", opened, kept: soon });
    const all = await recovered;
    if (all.length > soon.length) this.dispatch({ type: "recovered", acts: all });
  }

  #acknowledged({ acks, counts }: Answer<"acks">): void {
    const outbox = this.#outbox;
    const refused = acks.filter((ack) => !ack.saved && ack.final);
    const lost = refused.flatMap((ack) => this.state.pending.get(ack.act) ?? []);
    if (outbox !== null && lost.length > 0)
      void this.requests.module("later").then((later) => (later as LaterTidying).setAside(outbox, lost));
    outbox?.drop(acks.filter((ack) => ack.saved).map((ack) => ack.act));
    const later = acks.find((ack) => !ack.saved && !ack.final);
    this.trouble = later ? { of: "save", why: later.why } : this.trouble?.of === "name" ? this.trouble : null;
    this.dispatch({ type: "acks", acks, counts });
    if (later) this.#sendActs(2_000);
  }

  /** Ask the kernel for whatever the state now wants. */
  #ask(): void {
    const { state } = this;
    this.#sendActs(0);
    if (!this.#fetching && wish(state)) void this.#fetch();
    if (state.current !== null && currentItem(state) === null) this.#fetchItem({ id: state.current }, true, false);
  }

  #sendActs(wait: number): void {
    if (this.state.pending.size === 0 || this.#outbox === null) return;
    this.link.ask("acts", () => this.#batch(), wait);
  }

  #batch(): { type: "acts"; acts: Act[] } | null {
    const acts = batch([...this.state.pending.values()]);
    if (acts.length === 0) return null;
    if (!this.link.connected) void this.#tidy([...this.state.pending.keys()]);
    return { type: "acts", acts };
  }

  /** While nobody answers: move what is kept to the large store, and see whether another page delivered it. */
  async #tidy(acts: readonly string[]): Promise<void> {
    const outbox = this.#outbox;
    const { deliveredElsewhere, move } = (await this.requests.module("later")) as LaterTidying;
    const delivered = outbox === null ? [] : await deliveredElsewhere(outbox, acts);
    if (delivered.length > 0) this.dispatch({ type: "delivered", acts: delivered });
    if (outbox !== null) await move(outbox).catch(() => {});
  }

  async #fetch(): Promise<void> {
    const wanted = wish(this.state);
    if (!wanted) return;
    this.#fetching = true;
    const answer = await this.requests.ask((request) => ({ type: "fetch", request, ...wanted }));
    if (answer.type === "items") {
      this.#fetching = false;
      this.dispatch({ ...answer, type: "page" });
      return;
    }
    setTimeout(() => {
      this.#fetching = false;
      this.#ask();
    }, AFTER_ERROR_MS);
    if (answer.type === "error") this.dispatch({ type: "failed", why: answer.why });
  }

  #fetchItem(which: { id: string } | { position: number }, show: boolean, before: boolean): void {
    const key = JSON.stringify(which);
    if (this.#fetchingItem === key) return;
    this.#fetchingItem = key;
    void this.requests
      .ask((request) => ({ type: "item", request, ...which }))
      .then((answer) => {
        this.#fetchingItem = null;
        const item = answer.type === "items" ? answer.items[0] : undefined;
        if (item) this.dispatch({ type: "fetched", item, show, before });
        else if (answer.type === "error") this.#draw(answer.why);
      });
  }
}
