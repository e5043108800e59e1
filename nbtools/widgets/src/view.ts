/** One view of a session: draws its state, and turns presses into events. It decides nothing. */

import { type Controller, type Seen } from "./controller.ts";
import { setAttribute } from "./dom.ts";
import { drawActions, drawCaption, drawHead, drawNotes, drawOptions, drawStrip } from "./draw.ts";
import { focusAtStart, giveBack } from "./focus.ts";
import { type Handler, listen } from "./input.ts";
import { type Action, type Keymap, keymap, type Meaning, nameOf, type Remap } from "./keys.ts";
import { remember, remembered } from "./kept.ts";
import { said, type Surroundings } from "./notices.ts";
import * as panels from "./panels.ts";
import { judge, type Press, REFUSALS } from "./presented.ts";
import type { Event } from "./session.ts";
import { Screen } from "./screen.ts";
import { Shelf } from "./shelf.ts";
import { actionButtons, build, optionButtons, type Skin } from "./skin.ts";
import { draftOf, finished, strip } from "./state.ts";

const PRESSED_MS = 140;
const REFUSED_MS = 1_600;
const HINT_MS = 4_000;
const HELD_BY_ALL: readonly Action[] = ["submit", "skip", "undo", "redo", "flag", "unsure", "comment", "none", "back", "forward", "help"];
const LABELING: readonly Action[] = ["submit", "skip", "none", "flag", "unsure"];

export class View implements Handler {
  readonly #controller: Controller;
  readonly #skin: Skin;
  readonly #shelf: Shelf;
  readonly #screen: Screen;
  readonly #end = new AbortController();
  #keys: Keymap = keymap([]);
  #options: HTMLButtonElement[] = [];
  #drawn: readonly unknown[] = [];
  #panel: "help" | "person" | null = null;
  #panelKey = "";
  #editing: Action | null = null;
  #refusal: string | null = null;
  #refusals = 0;
  #hint: string | null = null;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(controller: Controller, el: HTMLElement, sheet: string) {
    this.#controller = controller;
    this.#skin = build(el, sheet);
    this.#shelf = new Shelf(controller, (id, message) => this.#prepared(id, message));
    this.#screen = new Screen(this.#skin, this.#shelf, () => this.#afterFrame());
    const { signal } = this.#end;
    listen(this.#skin.root, this, signal);
    this.#skin.root.addEventListener("focusin", () => this.#notes(), { signal });
    this.#skin.root.addEventListener("focusout", () => setTimeout(() => this.#notes()), { signal });
    const visibility = () => this.#screen.watch.visibility(performance.now(), document.visibilityState === "visible");
    document.addEventListener("visibilitychange", visibility, { signal });
    const unsubscribe = controller.subscribe((hint) => this.#draw(hint));
    signal.addEventListener("abort", unsubscribe);
    this.#draw(null);
    focusAtStart(this.#skin.root);
  }

  close(): void {
    this.#end.abort();
    for (const timer of this.#timers.values()) clearTimeout(timer);
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
    if ("option" in meaning) this.#label({ type: "choose", option: meaning.option, stamp: this.#stamp() }, press, this.#button(meaning.option));
    else this.#do(meaning.action, press, pressed);
  }

  intercept(event: KeyboardEvent): boolean {
    if (event.target === this.#skin.comment) return this.#commentKey(event);
    if (this.#editing !== null) return this.#remap(event);
    if (event.key !== "Escape" || this.#panel === null) return false;
    this.#open(null);
    return true;
  }

  click(target: HTMLElement): void {
    const { state } = this.#controller;
    const { past, remap, do: what } = target.dataset;
    if (past) this.#go({ type: "show", id: past });
    else if (remap !== undefined) this.#edit(remap as Action);
    else if (what === "again") this.#go({ type: "again" });
    else if (what === "closePanel") this.#open(null);
    else if (what === "forgetName") this.#forgetName();
    else if (what === "resetKeys") this.#remapped({});
    else if (target === this.#skin.who) this.#open("person");
    else if (target === this.#skin.download) download(this.#controller.unsavedLines(), state.opened?.task.name ?? "labels");
    else if (target.classList.contains("nbt-more")) this.#more(target);
  }

  #do(action: Action, press: Press, pressed: HTMLElement | null): void {
    if (this.#panel !== null && action !== "help" && action !== "leave") return;
    if (LABELING.includes(action)) this.#labelingAction(action, press, pressed);
    else if (action === "undo" || action === "redo") this.#reverse(action, press);
    else if (action === "back" || action === "forward") this.#step(action);
    else if (action === "help") this.#open(this.#panel === "help" ? null : "help");
    else if (action === "leave") giveBack(this.#skin.root);
    else if (action === "comment") this.#comment(true);
    else if (this.#screen.prepared?.act(action)) this.#notes();
  }

  #labelingAction(action: Action, press: Press, pressed: HTMLElement | null): void {
    const current = this.#controller.state.current ?? "";
    const draft = draftOf(this.#controller.state, current);
    const stamp = this.#stamp();
    const events: Partial<Record<Action, Event>> = {
      submit: { type: "submit", stamp },
      skip: { type: "skip", stamp },
      none: { type: "none", stamp },
      flag: { type: "draft", change: { flagged: !draft.flagged } },
      unsure: { type: "draft", change: { unsure: !draft.unsure } },
    };
    const event = events[action];
    if (event) this.#label(event, press, pressed ?? this.#skin.actions.querySelector(`.nbt-${action}`));
  }

  /** The rule of who labels what; everything that says something about the item on the screen goes through here. */
  #label(event: Event, press: Press, pressed: Element | null): void {
    if (this.#panel !== null) return;
    const { state } = this.#controller;
    const verdict = judge(press, this.#screen.shown, state.current);
    if (verdict !== "accept") {
      this.#refuse(REFUSALS[verdict], pressed);
      return;
    }
    const blocked = this.#screen.prepared?.blocked ?? null;
    if (blocked !== null && event.type !== "skip") {
      this.#refuse("cannot be shown: not recorded", pressed);
      return;
    }
    this.#comment(false);
    this.#say(state.current ?? "", event, pressed);
  }

  #say(item: string, event: Event, pressed: Element | null): void {
    if (!this.#controller.dispatch(event)) {
      this.#refuse("not recorded", pressed);
      return;
    }
    this.#refusal = null;
    this.#mark(pressed, "nbt-pressed", PRESSED_MS);
    const { state } = this.#controller;
    if (state.current === item) return;
    const next = state.items.get(state.current ?? "")?.name ?? "no more items";
    this.#skin.live.textContent = `${said(state, item)}. Next: ${next}`;
  }

  #reverse(type: "undo" | "redo", press: Press): void {
    if (press.repeat || press.composing) return;
    this.#comment(false);
    if (this.#controller.dispatch({ type, stamp: this.#stamp() })) this.#skin.live.textContent = type === "undo" ? "undone" : "done again";
  }

  #step(action: "back" | "forward"): void {
    const { state } = this.#controller;
    this.#comment(false);
    if (action === "back" && state.current !== null && state.trail[0] === state.current) this.#controller.backBeyond();
    else this.#go({ type: action });
  }

  #go(event: Event): void {
    this.#comment(false);
    this.#controller.dispatch(event);
    this.#skin.root.focus({ preventScroll: true });
  }

  #stamp() {
    const { at } = this.#screen.shown;
    const now = performance.now();
    const seen: Seen = { at: at ?? now, ...this.#screen.watch.read(now) };
    return this.#controller.stamp(seen);
  }

  #button(option: string): HTMLButtonElement | null {
    return this.#options.find((element) => element.dataset["value"] === option) ?? null;
  }

  #refuse(words: string, pressed: Element | null): void {
    if (words === "") return;
    this.#refusal = words;
    this.#refusals += 1;
    this.#mark(pressed, "nbt-refused", REFUSED_MS / 4);
    this.#after("refusal", REFUSED_MS, () => {
      this.#refusal = null;
      this.#notes();
    });
    this.#notes();
  }

  #mark(element: Element | null, name: string, ms: number): void {
    if (element === null) return;
    element.classList.add(name);
    this.#after(`${name} ${this.#options.indexOf(element as HTMLButtonElement)} ${element.className}`, ms, () => element.classList.remove(name));
  }

  #after(key: string, ms: number, run: () => void): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.set(key, setTimeout(run, ms));
  }

  #commentKey(event: KeyboardEvent): boolean {
    if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return false;
    this.#comment(false);
    this.#skin.root.focus({ preventScroll: true });
    return true;
  }

  /** Open the field, or close it and take what stands in it. */
  #comment(open: boolean): void {
    const { comment, commentRow } = this.#skin;
    const { state } = this.#controller;
    if (open === !commentRow.hidden || state.current === null) return;
    commentRow.hidden = !open;
    if (open) {
      comment.value = draftOf(state, state.current).comment ?? "";
      comment.focus();
      return;
    }
    const text = comment.value.trim();
    if (text !== (draftOf(state, state.current).comment ?? "")) this.#controller.dispatch({ type: "draft", change: { comment: text || null } });
  }

  #more(target: HTMLElement): void {
    const open = this.#skin.root.classList.toggle("nbt-open");
    target.setAttribute("aria-expanded", String(open));
  }

  #open(panel: "help" | "person" | null): void {
    this.#panel = panel;
    this.#editing = null;
    this.#draw(null);
    if (panel === null) this.#skin.root.focus({ preventScroll: true });
    else this.#skin.panel.querySelector<HTMLElement>(".nbt-primary")?.focus({ preventScroll: true });
  }

  #edit(action: Action): void {
    this.#editing = action;
    this.#draw(null);
    this.#skin.root.focus({ preventScroll: true });
  }

  #remap(event: KeyboardEvent): boolean {
    if (["Shift", "Control", "Alt", "Meta", "Tab"].includes(event.key)) return false;
    const name = nameOf(event);
    const action = this.#editing;
    this.#editing = null;
    if (event.key !== "Escape" && name !== null && action !== null) this.#remapped({ ...remaps(), [action]: name });
    this.#draw(null);
    return true;
  }

  #remapped(remap: Remap): void {
    remember("keys", JSON.stringify(remap));
    this.#drawn = [];
    this.#draw(null);
  }

  #forgetName(): void {
    remember("name", null);
    window.location.reload();
  }

  #prepared(id: string, message: string | null): void {
    if (message !== null && id === this.#controller.state.current) this.#tell(message);
    if (id === this.#controller.state.current) this.#draw(null);
  }

  #tell(hint: string): void {
    this.#hint = hint;
    this.#after("hint", HINT_MS, () => {
      this.#hint = null;
      this.#notes();
    });
  }

  /** Everything that may wait until the new item is on the screen. */
  #afterFrame(): void {
    this.#shelf.stock(this.#controller.state);
  }

  #draw(hint: string | null): void {
    const { state } = this.#controller;
    if (hint !== null) this.#tell(hint);
    this.#setUp();
    this.#screen.show(state.current);
    if (this.#screen.shown.item === null) this.#shelf.stock(state);
    this.#drawPanel();
    drawHead(this.#skin, this.#controller);
    drawOptions(this.#options, state);
    drawActions(this.#skin, state);
    drawCaption(this.#skin, state);
    drawStrip(this.#skin, state, strip(state));
    this.#notes();
  }

  /** What changes only with the task: options and keys. */
  #setUp(): void {
    const { opened } = this.#controller.state;
    const key = [JSON.stringify(opened?.task), remembered("keys")];
    if (key.every((part, i) => part === this.#drawn[i])) return;
    this.#drawn = key;
    const options = opened?.task.options ?? [];
    this.#keys = keymap(options, remaps());
    this.#options = optionButtons(options, this.#keys);
    this.#skin.options.replaceChildren(...this.#options);
    this.#skin.actions.replaceChildren(...(opened ? actionButtons(opened.task.kind === "choices", this.#keys) : []));
    setAttribute(this.#skin.root, "data-kind", opened?.task.kind ?? null);
  }

  #drawPanel(): void {
    const [key, make] = this.#whichPanel();
    this.#skin.panel.hidden = key === "";
    if (key === this.#panelKey) return;
    this.#panelKey = key;
    this.#skin.panel.replaceChildren(...make());
    if (key.startsWith("name")) this.#skin.panel.querySelector("input")?.focus({ preventScroll: true });
  }

  #whichPanel(): [string, () => HTMLElement[]] {
    const { state, nameless, trouble } = this.#controller;
    const person = state.opened?.annotator?.name ?? "";
    if (state.failed !== null && state.current === null) return [`failed ${state.failed}`, () => panels.failed(state.failed ?? "")];
    if (nameless) {
      const why = trouble?.of === "name" ? trouble.why : null;
      return [`name ${why}`, () => panels.nameForm(why, (name) => this.#controller.introduce(name))];
    }
    if (this.#panel === "help") {
      const present = HELD_BY_ALL;
      return [`help ${this.#editing} ${remembered("keys")}`, () => panels.help(state.opened?.task.options ?? [], this.#keys, this.#editing, present)];
    }
    if (this.#panel === "person") return ["person", () => panels.otherPerson(person)];
    if (finished(state)) return [`done ${JSON.stringify(state.counts)} ${state.pending.size}`, () => panels.done(state)];
    return this.#screen.shown.item === null ? ["waiting", () => panels.skeleton("loading")] : ["", () => []];
  }

  #notes(): void {
    const root = this.#skin.root.getRootNode() as Document | ShadowRoot;
    const around: Surroundings = {
      connected: this.#controller.link.connected,
      unkept: this.#controller.unkept,
      trouble: this.#controller.trouble,
      refusal: this.#refusal,
      hint: this.#hint,
      focused: this.#skin.root.contains(root.activeElement),
      address: window.location.host + window.location.pathname,
    };
    drawNotes(this.#skin, this.#controller.state, around, this.#refusals);
  }
}

function remaps(): Remap {
  try {
    const kept: unknown = JSON.parse(remembered("keys") ?? "{}");
    return typeof kept === "object" && kept !== null ? (kept as Remap) : {};
  } catch {
    return {};
  }
}

function download(lines: string, task: string): void {
  const url = URL.createObjectURL(new Blob([lines], { type: "application/jsonl" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `unsaved-${task}.jsonl`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}


