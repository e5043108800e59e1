/** One view of a VersionBrowser: draws the state, and turns what a person does into other states. */

import { copy } from "../clipboard.ts";
import { isTyping, setText } from "../dom.ts";
import { focusAtStart, giveBack } from "../focus.ts";
import type { Controller } from "./controller.ts";
import { DetailView } from "./detail.ts";
import { Dialogs } from "./dialogs.ts";
import { drawAbout, drawBar, drawCompare, drawTabs, note } from "./draw.ts";
import { Listing } from "./listing.ts";
import { Player } from "./player.ts";
import type { Part } from "./protocol.ts";
import { filterOf, Side } from "./side.ts";
import { build, type Skin } from "./skin.ts";
import * as states from "./state.ts";
import { TimelineView } from "./timeline.ts";

const HINT_MS = 6_000;
const TYPING_MS = 250;

export class View {
  readonly #controller: Controller;
  readonly #skin: Skin;
  readonly #timeline: TimelineView;
  readonly #detail: DetailView;
  readonly #player: Player;
  readonly #dialogs: Dialogs;
  readonly #side: Side;
  readonly #lists = new Map<Part, Listing>();
  readonly #end = new AbortController();
  #state = states.INITIAL;
  #hint: string | null = null;
  #typing: ReturnType<typeof setTimeout> | undefined;
  #hinting: ReturnType<typeof setTimeout> | undefined;

  constructor(controller: Controller, el: HTMLElement, sheet: string) {
    this.#controller = controller;
    this.#timeline = new TimelineView((name, compare) =>
      this.#go(compare ? states.compareWith(this.#state, name) : states.pick(this.#state, name)),
    );
    this.#detail = new DetailView(controller);
    this.#player = new Player(controller);
    this.#skin = build(el, this.#timeline.element, this.#detail.element, sheet);
    this.#side = new Side(controller, this.#skin.side);
    this.#dialogs = new Dialogs(
      controller,
      this.#skin,
      () => states.named(controller.timeline, this.#state.picked),
      () => controller.where(this.#state.tab === "all" ? states.look(this.#state, "all") : null),
      (name) => this.#go(states.pick(this.#state, name)),
      () => this.#draw(),
    );
    this.#listen();
    this.#draw();
    focusAtStart(this.#skin.root);
  }

  close(): void {
    this.#end.abort();
    clearTimeout(this.#typing);
    clearTimeout(this.#hinting);
    this.#detail.hide();
    this.#player.stop();
    for (const list of this.#lists.values()) list.dispose();
    this.#skin.root.remove();
  }

  #listen(): void {
    const { signal } = this.#end;
    const { root, find, compare } = this.#skin;
    root.addEventListener("click", (event) => this.#clicked(event), { signal });
    root.addEventListener("keydown", (event) => this.#keyed(event), { signal });
    root.addEventListener("pointerdown", () => this.#controller.attended(), { signal });
    find.addEventListener("input", () => this.#search(), { signal });
    compare.addEventListener(
      "change",
      () => this.#go(states.compareWith(this.#state, compare.value === "" ? this.#state.against : compare.value)),
      { signal },
    );
    const unsubscribe = this.#controller.subscribe((words) => {
      if (words !== null) this.#tell(words);
      this.#draw();
    });
    signal.addEventListener("abort", unsubscribe);
  }

  #search(): void {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#go(states.search(this.#state, this.#skin.find.value)), TYPING_MS);
  }

  #go(state: states.State): void {
    this.#state = state;
    this.#draw();
  }

  /** Say something for a moment, where it is seen and to a screen reader. */
  #tell(words: string): void {
    this.#hint = words;
    this.#skin.live.textContent = words;
    clearTimeout(this.#hinting);
    this.#hinting = setTimeout(() => {
      this.#hint = null;
      this.#notes();
    }, HINT_MS);
    this.#notes();
  }

  #clicked(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target.closest<HTMLElement>("button") : null;
    if (target === null) return;
    const { tab, sort, column, cell, do: what } = target.dataset;
    if (tab !== undefined) this.#go(states.showTab(this.#state, tab as states.Tab));
    else if (sort !== undefined) this.#go(states.sortBy(this.#state, sort));
    else if (column !== undefined) {
      this.#go(states.toggleFilter(this.#state, ...filterOf(target)));
    } else if (cell !== undefined) {
      const [task, before, after] = JSON.parse(cell) as [string, string | null, string | null];
      this.#go(states.toggleCell(this.#state, task, [before, after]));
    } else if (what !== undefined) this.#do(what);
  }

  #do(what: string): void {
    const { open } = this.#state;
    if (this.#dialogs.does(what)) return;
    if (what === "everything") {
      this.#skin.find.value = "";
      this.#go(states.everything(this.#state));
    } else if (what === "mode") this.#go({ ...this.#state, mode: this.#state.mode === "grid" ? "table" : "grid" });
    else if (what === "close") this.#closeItem();
    else if ((what === "previous" || what === "next") && open !== null) this.#step(what === "next" ? 1 : -1);
    else if (what === "play" && open === null) this.#current?.play();
    else if (what === "copy") void this.#copy();
    else if (what === "retry") this.#controller.retry();
    else this.#detail.act(what);
  }

  async #copy(): Promise<void> {
    const { line } = this.#skin;
    const done = await copy(line.textContent ?? "", line);
    this.#tell(done ? "copied" : "selected: copy it with Ctrl+C");
  }

  #keyed(event: KeyboardEvent): void {
    this.#controller.attended();
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = isTyping(event.target);
    if (event.key === "Escape") this.#escape(typing);
    else if (typing) {
      if (event.key !== "Enter" || !this.#entered(event.target)) return;
    } else if (event.key === "/") this.#skin.find.focus();
    else if (event.key === "?") this.#dialogs.toggle("help");
    else if (event.key === "v") this.#do("mode");
    else if (event.key === "p") this.#do("play");
    else if (this.#state.open !== null && !this.#dialogs.open && event.key === "ArrowLeft") this.#step(-1);
    else if (this.#state.open !== null && !this.#dialogs.open && event.key === "ArrowRight") this.#step(1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Enter in a field: of a panel it is the panel's button, of the search it goes to what was found. */
  #entered(target: EventTarget | null): boolean {
    if (this.#dialogs.open) return this.#dialogs.submit();
    if (target !== this.#skin.find) return false;
    clearTimeout(this.#typing);
    this.#go(states.search(this.#state, this.#skin.find.value));
    this.#current?.focus();
    return true;
  }

  #escape(typing: boolean): void {
    if (this.#dialogs.open) {
      this.#dialogs.close();
      this.#skin.root.focus({ preventScroll: true });
    } else if (typing) this.#current?.focus();
    else if (this.#state.open !== null) this.#closeItem();
    else giveBack(this.#skin.root);
  }

  get #current(): Listing | undefined {
    return this.#lists.get(this.#state.open?.part ?? states.parts(this.#state)[0] ?? "all");
  }

  #closeItem(): void {
    const list = this.#current;
    this.#go({ ...this.#state, open: null });
    list?.focus();
  }

  #step(by: number): void {
    const { open } = this.#state;
    const list = open === null ? undefined : this.#lists.get(open.part);
    if (open === null || list === undefined) return;
    list.active = open.position + by;
    this.#go({ ...this.#state, open: { ...open, position: list.active } });
  }

  #draw(): void {
    const { opened, failed, timeline } = this.#controller;
    const { root, title } = this.#skin;
    if (timeline !== null) this.#state = states.settled(this.#state, timeline);
    setText(title, opened?.dataset.name ?? "");
    root.setAttribute("aria-label", opened === null ? "versions" : `versions of ${opened.dataset.name}`);
    const nothing = timeline !== null && timeline.versions.length === 0;
    root.dataset["state"] = failed !== null ? "failed" : timeline === null ? "loading" : nothing ? "empty" : "shown";
    this.#dialogs.draw(failed, nothing);
    if (timeline !== null) {
      this.#timeline.draw(timeline, this.#state);
      drawAbout(this.#skin, timeline, this.#state);
      drawCompare(this.#skin, timeline, this.#state);
    }
    drawBar(this.#skin, this.#state);
    this.#drawLists();
    this.#notes();
  }

  #drawLists(): void {
    const parts = this.#state.picked === null ? [] : states.parts(this.#state);
    for (const [part, list] of [...this.#lists])
      if (!parts.includes(part)) {
        list.dispose();
        this.#lists.delete(part);
      }
    const looks = parts.flatMap((part) => states.look(this.#state, part) ?? []);
    for (const look of looks) this.#list(look.part).draw(look, this.#state);
    const first = looks[0];
    if (first === undefined) return;
    const { picked, against } = this.#state;
    const changes = against === null || picked === null ? null : this.#controller.changes(picked, against).value;
    const view = this.#controller.view(first).value;
    drawTabs(this.#skin, changes, this.#state, view);
    setText(this.#skin.line, view?.line ?? "");
    this.#side.draw(looks, this.#state);
    this.#drawItem();
  }

  #list(part: Part): Listing {
    const there = this.#lists.get(part);
    if (there !== undefined) return there;
    const list = new Listing(this.#controller, this.#player, part, (of, position) =>
      this.#go({ ...this.#state, open: { part: of, position } }),
    );
    this.#lists.set(part, list);
    this.#skin.lists.append(list.element);
    return list;
  }

  #drawItem(): void {
    const { open } = this.#state;
    const look = open === null ? null : states.look(this.#state, open.part);
    const list = open === null ? undefined : this.#lists.get(open.part);
    const appearing = this.#detail.element.hidden;
    if (open === null || look === null || list === undefined) this.#detail.hide();
    else this.#detail.draw(look, open.position, list.total);
    if (open !== null) this.#player.stop();
    if (open !== null && appearing) this.#skin.root.focus({ preventScroll: true });
  }

  #notes(): void {
    const { text, grave } = note(this.#controller.link.connected, this.#hint);
    setText(this.#skin.note, text);
    this.#skin.note.classList.toggle("nbt-grave", grave);
  }
}
