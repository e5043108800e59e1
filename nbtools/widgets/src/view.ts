/** One view of a session: draws its state, and turns presses into events. It decides nothing. */

import type { Controller } from "./controller.ts";
import { setAttribute } from "./dom.ts";
import { drawActions, drawCaption, drawHead, drawNotes } from "./draw.ts";
import { type Desk, Editing } from "./editing.ts";
import { commandsFor, type Kind } from "./editors/kind.ts";
import { Feedback } from "./feedback.ts";
import { focusAtStart } from "./focus.ts";
import { guideOpen } from "./guides.ts";
import { type Handler, listen } from "./input.ts";
import { prepare } from "./items/prepared.ts";
import { type Keymap, keymap, type Meaning, SUGGESTING } from "./keys.ts";
import { said } from "./notices.ts";
import { Overlay } from "./overlay.ts";
import { judge, type Press, REFUSALS } from "./presented.ts";
import type { ModuleName } from "./protocol.ts";
import { remaps } from "./remaps.ts";
import { Rest } from "./rest.ts";
import { Screen } from "./screen.ts";
import type { Event } from "./session.ts";
import { Shelf } from "./shelf.ts";
import { actionButtons, build, type Skin } from "./skin.ts";
import { draftOf } from "./state.ts";
import { download } from "./unsaved.ts";

export class View implements Handler {
  readonly #controller: Controller;
  readonly #kind: Kind;
  readonly #skin: Skin;
  readonly #shelf: Shelf;
  readonly #screen: Screen;
  readonly #overlay: Overlay;
  readonly #rest: Rest;
  readonly #editing: Editing;
  readonly #feedback = new Feedback(() => this.#notes());
  readonly #end = new AbortController();
  #keys: Keymap = keymap([]);
  #drawn = "";

  constructor(controller: Controller, kind: Kind, el: HTMLElement, sheet: string) {
    this.#controller = controller;
    this.#kind = kind;
    this.#skin = build(el, sheet);
    const { stage } = this.#skin;
    const room = () => ({ width: stage.clientWidth * devicePixelRatio, height: stage.clientHeight * devicePixelRatio });
    const refuse = (words: string, pressed: Element | null) => void this.#refuse(words, pressed);
    const keys = () => this.#keys;
    const module = (name: ModuleName) => this.#rest.module(name);
    const desk: Desk = {
      state: () => controller.state,
      stamp: () => this.#stamp(),
      say: (event, press, pressed) => this.#label(event, press, pressed),
      act: (action, press, pressed) => this.#do(action, press, pressed),
      tell: (hint) => this.#draw(hint),
      module,
    };
    this.#rest = new Rest({ controller, kind, skin: this.#skin, keys, desk, refuse });
    const made = (id: string, message: string | null) => this.#prepared(id, message);
    this.#shelf = new Shelf(controller, kind.prepare ?? prepare, module, room, made);
    this.#screen = new Screen(this.#skin, this.#shelf, () => this.#presented());
    const { panel } = this.#skin;
    this.#overlay = new Overlay({ controller, kind, panel, keys, redraw: () => this.#draw(null) }, this.#rest);
    this.#editing = new Editing(kind, this.#skin, desk);
    this.#listen();
    this.#draw(null);
    focusAtStart(this.#skin.root);
  }

  close(): void {
    this.#rest.close();
    this.#editing.close();
    this.#end.abort();
    this.#feedback.dispose();
    this.#screen.dispose();
    this.#shelf.dispose();
    this.#skin.root.remove();
  }

  keys(): Keymap {
    return this.#keys;
  }

  input(): void {
    this.#controller.attended();
    this.#screen.watch.input(performance.now());
  }

  press(meaning: Meaning, press: Press, pressed: HTMLElement | null): void {
    if (!this.#overlay.open && this.#rest.press(meaning, press, pressed)) return;
    if ("option" in meaning) this.#editing.choose(meaning.option, press, pressed);
    else this.#do(meaning.action, press, pressed, meaning.under);
  }

  intercept(event: KeyboardEvent): boolean {
    return this.#rest.keyed(event) || this.#overlay.keyed(event) || this.#editing.keyed(event);
  }

  click(target: HTMLElement): void {
    const { past, do: what } = target.dataset;
    if (this.#overlay.click(target)) return;
    if (past) this.#go({ type: "show", id: past });
    else if (what === "again") this.#go({ type: "again" });
    else if (what === "person") this.#overlay.toggle("person");
    else if (target === this.#skin.download) this.#handOver();
    else this.#rest.settle((around) => around.click(target));
  }

  /** What the kernel refused for good is then in the person's hands; what it may still take stays here too. */
  #handOver(): void {
    download(this.#controller.state);
    this.#controller.dispatch({ type: "handedOver" });
  }

  #listen(): void {
    const { signal } = this.#end;
    const { root } = this.#skin;
    listen(root, this, signal);
    root.addEventListener("focusin", () => this.#notes(), { signal });
    root.addEventListener("focusout", () => setTimeout(() => this.#notes()), { signal });
    const visibility = () => this.#screen.watch.visibility(performance.now(), document.visibilityState === "visible");
    document.addEventListener("visibilitychange", visibility, { signal });
    const unsubscribe = this.#controller.subscribe((hint) => this.#draw(hint));
    signal.addEventListener("abort", unsubscribe);
  }

  #do(action: string, press: Press, pressed: Element | null, under?: string): void {
    if (!this.#overlay.open && this.#editing.act(action, press, pressed)) return;
    if (under !== undefined) this.#do(under, press, pressed);
    else if (action === "help") this.#overlay.toggle("help");
    else if (action === "leave") this.#rest.settle(({ giveBack }) => giveBack(this.#skin.root));
    else if (action === "guidelines") this.#rest.settle(({ guiding }) => void guiding.toggle());
    else if (this.#overlay.open) return;
    else if (action === "grid") this.#rest.settle(({ bulking }) => bulking.toggle());
    else if (action === "undo" || action === "redo") this.#reverse(action, press);
    else if (action === "back" || action === "forward") this.#step(action);
    else if (action === "comment") this.#rest.settle(({ commenting }) => commenting.open());
    else if (action in SUGGESTING) this.#rest.settle(({ suggesting }) => suggesting.act(action, press, pressed));
    else if (this.#screen.prepared?.act(action)) this.#notes();
    else this.#labelBy(action, press, pressed);
  }

  #labelBy(action: string, press: Press, pressed: Element | null): void {
    const item = this.#controller.state.current ?? "";
    const { flagged, unsure } = draftOf(this.#controller.state, item);
    const stamp = this.#stamp();
    const events: Readonly<Record<string, Event>> = {
      submit: this.#editing.submission(stamp),
      skip: { type: "skip", stamp },
      flag: { type: "draft", item, change: { flagged: !flagged } },
      unsure: { type: "draft", item, change: { unsure: !unsure } },
    };
    const event = events[action];
    if (event) this.#label(event, press, pressed ?? this.#skin.actions.querySelector(`.nbt-${action}`));
  }

  /** The rule of who labels what; everything that says something about the item on the screen goes through here. */
  #label(event: Event, press: Press | null, pressed: Element | null): boolean {
    if (this.#overlay.open || this.#rest.covered) return false;
    const { current } = this.#controller.state;
    const verdict = press === null ? "accept" : judge(press, this.#screen.shown, current);
    const blocked = this.#blocked && event.type !== "skip";
    if (event.type === "skip" && !this.#skips) return this.#refuse("nothing is skipped here", pressed);
    if (verdict !== "accept") return this.#refuse(REFUSALS[verdict], pressed);
    return blocked ? this.#refuse("cannot be shown: not recorded", pressed) : this.#say(event, pressed);
  }

  get #blocked(): boolean {
    return this.#screen.prepared?.blocked != null;
  }

  /** What cannot be shown can always be skipped, or it would be the end of the work. */
  get #skips(): boolean {
    return this.#controller.state.opened?.skips !== false || this.#blocked;
  }

  #say(event: Event, pressed: Element | null): boolean {
    this.#rest.close();
    const item = this.#controller.state.current ?? "";
    if (!this.#controller.dispatch(event)) return this.#refuse("not recorded", pressed);
    this.#feedback.pressed(pressed);
    const { state } = this.#controller;
    if (state.current === item) return true;
    const next = state.items.get(state.current ?? "")?.name ?? "no more items";
    this.#skin.live.textContent = `${said(this.#kind, state, item)}. Next: ${next}`;
    return true;
  }

  #refuse(words: string, pressed: Element | null): false {
    this.#feedback.refuse(words, pressed);
    this.#skin.live.textContent = words;
    return false;
  }

  #reverse(type: "undo" | "redo", press: Press): void {
    if (press.repeat || press.composing) return;
    this.#rest.close();
    if (this.#rest.reverse(type)) return;
    const done = this.#controller.dispatch({ type, stamp: this.#stamp() });
    if (done) this.#skin.live.textContent = type === "undo" ? "undone" : "done again";
  }

  #step(type: "back" | "forward"): void {
    const { trail, current } = this.#controller.state;
    if (type === "back" && current !== null && trail[0] === current) this.#controller.backBeyond();
    else this.#go({ type });
  }

  #go(event: Event): void {
    this.#rest.close();
    this.#controller.dispatch(event);
    this.#skin.root.focus({ preventScroll: true });
  }

  #stamp() {
    const now = performance.now();
    return this.#controller.stamp({ at: this.#screen.shown.at ?? now, ...this.#screen.watch.read(now) });
  }

  /** The item was on the screen: what is not needed before the first press may come now. */
  #presented(): void {
    this.#shelf.stock(this.#controller.state);
    this.#rest.settle();
  }

  #prepared(id: string, message: string | null): void {
    if (id === this.#controller.state.current) this.#draw(message);
  }

  #draw(hint: string | null): void {
    const { state } = this.#controller;
    if (hint !== null) this.#feedback.tell(hint);
    this.#setUp();
    this.#screen.show(state.current);
    const waiting = this.#screen.shown.item === null;
    // Otherwise the next items are made ready after the frame of this one.
    if (waiting) this.#shelf.stock(state);
    this.#overlay.draw(waiting);
    drawHead(this.#skin, state);
    this.#editing.draw(state, this.#screen.prepared);
    drawActions(this.#skin, this.#kind, state, this.#skips);
    drawCaption(this.#skin, this.#kind, state);
    this.#rest.draw();
    this.#notes();
  }

  /** What changes only with the task: its editor and keys. */
  #setUp(): void {
    const { opened } = this.#controller.state;
    const remap = remaps();
    const key = JSON.stringify([opened?.task, opened?.annotator?.name, opened?.suggests, remap]);
    if (key === this.#drawn) return;
    this.#drawn = key;
    this.#screen.begin();
    const own = opened ? commandsFor(this.#kind, opened.task) : this.#kind.commands;
    const commands = { ...(opened?.suggests ? (this.#kind.suggesting ?? SUGGESTING) : {}), ...own };
    this.#keys = keymap(opened ? this.#kind.options(opened.task) : [], commands, remap);
    this.#skin.suggestion.hidden = opened?.suggests !== true;
    if (opened) this.#editing.build(opened, this.#keys);
    this.#skin.actions.replaceChildren(...(opened ? actionButtons(this.#keys) : []));
    const guide = opened !== null && guideOpen(opened, this.#skin.root.clientWidth);
    setAttribute(this.#skin.root, "data-guide", guide ? "" : null);
    const made = opened === null ? [] : [opened.task.kind, ...(this.#kind.made?.(opened.task) ?? [])];
    setAttribute(this.#skin.root, "data-kind", made.join(" ") || null);
    setAttribute(this.#skin.root, "data-at-once", this.#kind.atOnce ? "" : null);
  }

  #notes(): void {
    const { link, unkept, trouble, state } = this.#controller;
    const { activeElement } = this.#skin.root.getRootNode() as Document | ShadowRoot;
    const { refusal, refusals, hint } = this.#feedback;
    const focused = this.#skin.root.contains(activeElement ?? null);
    const address = window.location.host + window.location.pathname;
    drawNotes(
      this.#skin,
      state,
      { connected: link.connected, unkept, trouble, refusal, hint, focused, address },
      refusals,
    );
  }
}
