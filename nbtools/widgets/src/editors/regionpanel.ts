/** What stands below a recording: the labels, what is selected and what can be done with it, the list of regions. */

import { button, h, setAttribute, setText } from "../dom.ts";
import { keycap } from "../keys.ts";
import type { Current } from "../protocol.ts";
import { cuttingOf, type Region, typedTime } from "../rules/regions.ts";
import { clock } from "../rules/timeline.ts";
import type { Banded, Look, TrackSurface } from "./bands.ts";
import { drawOptions, optionButtons, optionGrid } from "./buttons.ts";
import type { Place } from "./kind.ts";
import { PartFields, type Say } from "./partfields.ts";
import { RegionList } from "./regionlist.ts";

export interface PanelHost {
  choose(id: string | null): void;
  typed(end: "start" | "end", time: number): void;
  said: Say;
}

type End = "start" | "end";

export class RegionPanel {
  readonly elements: readonly HTMLElement[];
  readonly fields: PartFields;
  readonly #place: Place;
  readonly #look: Look;
  readonly #host: PanelHost;
  readonly #options: readonly HTMLButtonElement[];
  readonly #selected = h("span", { class: "nbt-selected", role: "status", dir: "auto" });
  readonly #fields: Readonly<Record<End, HTMLInputElement>>;
  readonly #ends: HTMLElement;
  readonly #loop: HTMLButtonElement;
  readonly #none: HTMLButtonElement;
  readonly #list: RegionList;
  #region: Region | null = null;

  constructor(place: Place, look: Look, host: PanelHost) {
    const { options } = place.task;
    this.#place = place;
    this.#look = look;
    this.#host = host;
    this.#options = optionButtons(options, place.keys);
    this.#loop = this.#button("loop", "Loop");
    this.#none = this.#button("none", "No regions");
    this.#fields = { start: this.#field("start"), end: this.#field("end") };
    this.#ends = h(
      "div",
      { class: "nbt-ends", role: "group", "aria-label": "of the region", "data-idle": "" },
      ...(["start", "end"] as const).flatMap((end) => [
        h("label", {}, end, " ", this.#fields[end]),
        button(`${end}Back`, "−", [], { "aria-label": `${end} 10 ms earlier` }),
        button(`${end}On`, "+", [], { "aria-label": `${end} 10 ms later` }),
      ]),
      this.#button("remove", "Remove"),
    );
    this.#list = new RegionList(look);
    this.fields = new PartFields(place.task, "region", host.said);
    const { element } = this.#list;
    for (const type of ["click", "focusin"])
      element.addEventListener(type, ({ target }) => host.choose(RegionList.idOf(target)));
    this.elements = [
      ...(options.length === 0 ? [] : [optionGrid(this.#options, options)]),
      h(
        "div",
        { class: "nbt-cutting" },
        this.#selected,
        this.#button("start", "Start here"),
        this.#button("end", "End here"),
        this.#button("replay", "Play it"),
        this.#loop,
        this.#none,
      ),
      this.#ends,
      ...(this.fields.count === 0 ? [] : [this.fields.element]),
      element,
    ];
  }

  /** Another item is there: the keys are the widget's again, and its buttons show those that a person has chosen. */
  shown(): void {
    const { root, keys } = this.#place;
    const mine = RegionList.idOf(this.#active) !== null || this.#endOf(this.#active) !== null;
    if (mine || this.fields.focused) root.focus({ preventScroll: true });
    for (const what of ["playing", "spectrum"]) {
      const cap = root.querySelector(`.nbt-tools [data-do="${what}"] kbd`);
      if (cap !== null) setText(cap, (keys.ofAction.get(what) ?? []).slice(0, 1).map(keycap).join(""));
    }
  }

  get #active(): Element | null {
    return (this.#place.root.getRootNode() as Document | ShadowRoot).activeElement;
  }

  beside(id: string | null, way: "next" | "previous"): string | null {
    return this.#list.beside(id, way === "next" ? 1 : -1);
  }

  /** Where the row with the keys has gone, another one has them, or the widget. */
  keepFocus(id: string | null): void {
    if (this.#active !== null && this.#place.root.contains(this.#active)) return;
    (this.#list.button(id ?? "") ?? this.#place.root).focus({ preventScroll: true });
  }

  keyed(event: KeyboardEvent, chosen: string | null): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const end = this.#endOf(event.target);
    const { root } = this.#place;
    if (end !== null) return this.#keyedIn(end, event);
    if (this.fields.keyed(event)) {
      root.focus({ preventScroll: true });
      return true;
    }
    if (event.key === "Tab" && !event.shiftKey && event.target === root) {
      const next = this.#list.button(this.#list.beside(chosen, 1) ?? "");
      next?.focus();
      return next !== null;
    }
    // A row's press leads back to the sound, where keys then change the region.
    if (RegionList.idOf(event.target) === null || event.key !== "Enter") return false;
    root.focus({ preventScroll: true });
    return true;
  }

  draw(now: Banded, current: Current | null): void {
    const { cutting, chosen, begun, suggested } = now;
    const region = cutting.regions.find(({ id }) => id === chosen) ?? null;
    this.#region = region;
    const pressed = [...(region?.label == null ? [] : [region.label]), ...begun.keys()];
    drawOptions(this.#options, pressed, []);
    setText(this.#selected, this.#words(now));
    setAttribute(this.#ends, "data-idle", region === null ? "" : null);
    for (const each of this.#ends.querySelectorAll<HTMLButtonElement | HTMLInputElement>("button, input"))
      each.disabled = region === null;
    for (const end of ["start", "end"] as const) this.#fill(end);
    this.fields.draw(region?.attributes ?? null);
    const none = current?.status === "labeled" && cuttingOf(current.value).regions.length === 0;
    setAttribute(this.#none, "aria-pressed", String(none));
    this.#list.draw(cutting, chosen);
    this.#list.drawSuggested(suggested);
    // A row that was let go of lets go of the keys too: else Enter would press it, and not submit.
    if (chosen === null && RegionList.idOf(this.#active) !== null) this.#place.root.focus({ preventScroll: true });
  }

  drawPlaying(surface: TrackSurface | null): void {
    setAttribute(this.#loop, "aria-pressed", String(surface?.transport.loop === true));
  }

  #words({ cutting, chosen, range, begun }: Banded): string {
    const bare = this.#place.task.options.length === 0;
    const region = cutting.regions.find(({ id }) => id === chosen);
    if (range !== null) {
      const length = Number((range.end - range.start).toFixed(3));
      return `${clock(range.start, 3)} – ${clock(range.end, 3)}, ${length} s: choose a label`;
    }
    if (region !== undefined) return `${this.#look.name(region.label) || "region"} ${clock(region.start, 3)}`;
    const [first] = begun;
    if (first !== undefined) {
      const [label, start] = first;
      const name = this.#look.name(label || null);
      return `${name || "a region"} from ${clock(start, 3)}: ${name ? `${name} again` : "“End here”"} ends it`;
    }
    return bare
      ? "Drag over the sound, or say “Start here”, then “End here”"
      : "Drag over the sound, then choose a label; or press a label where it starts and again where it ends";
  }

  #keyedIn(end: End, event: KeyboardEvent): boolean {
    if (event.key === "Enter") {
      this.#take(end);
      this.#place.root.focus({ preventScroll: true });
    } else if (event.key === "Escape") {
      this.#fill(end, true);
      this.#place.root.focus({ preventScroll: true });
    } else return false;
    return true;
  }

  #take(end: End): void {
    const time = typedTime(this.#fields[end].value);
    if (time === null || this.#fields[end].value === this.#shown(end)) this.#fill(end, true);
    else this.#host.typed(end, time);
  }

  #fill(end: End, always = false): void {
    const field = this.#fields[end];
    const { activeElement } = field.getRootNode() as Document | ShadowRoot;
    if (always || activeElement !== field) field.value = this.#shown(end);
  }

  #shown(end: End): string {
    return this.#region === null ? "" : String(this.#region[end]);
  }

  #endOf(target: EventTarget | null): End | null {
    return (["start", "end"] as const).find((end) => this.#fields[end] === target) ?? null;
  }

  #field(end: End): HTMLInputElement {
    const field = h("input", {
      class: "nbt-edge",
      inputmode: "decimal",
      autocomplete: "off",
      "aria-label": `${end} of the region, in seconds`,
    });
    field.addEventListener("change", () => this.#take(end));
    return field;
  }

  #button(command: string, words: string): HTMLButtonElement {
    const caps = (this.#place.keys.ofAction.get(command) ?? []).slice(0, 1).map(keycap);
    return button(command, words, caps, { "aria-keyshortcuts": caps.join(" ") || null });
  }
}
