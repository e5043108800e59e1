/** Sound and video on the cards of a grid: fetched when they are to be played, one at a time, silent when out of sight. */

import { h, setText } from "../dom.ts";
import type { Prepared } from "../items/prepared.ts";
import { rare } from "../items/rare.ts";
import { clock } from "../rules/timeline.ts";
import { path, svg } from "../sound/shape.ts";
import type { Controller } from "./controller.ts";
import type { Look, Row } from "./protocol.ts";
import { asItem, sourceOf } from "./source.ts";
import { nameOf } from "./words.ts";

const PLAYED = ["audio", "video"];
const PLAY = "M0 0 L2 1 L0 2 Z";
const PAUSE = "M0 0 H.7 V2 H0 Z M1.3 0 H2 V2 H1.3 Z";

type State = "waiting" | "playing" | "paused" | "failed";

interface Now {
  readonly place: HTMLElement;
  readonly abort: AbortController;
  prepared: Prepared | null;
}

/** Say on a card what it is of, once that is known, with a button where it can be played. */
export function dress(place: HTMLElement, row: Row | undefined): void {
  const kind = typeof row?.["kind"] === "string" ? row["kind"] : "";
  if (row === undefined || place.dataset["kind"] === kind) return;
  place.dataset["kind"] = kind;
  place.replaceChildren(h("span", {}, kind));
  if (!PLAYED.includes(kind)) return;
  const length = typeof row["duration"] === "number" ? clock(row["duration"], 0) : "";
  // The keys stay with the list, of which a card is a cell: its own key presses the button.
  const press = h("button", {
    type: "button",
    class: "nbt-play",
    tabindex: -1,
    "data-name": nameOf(row),
    "aria-keyshortcuts": "p",
  });
  press.append(svg("nbt-sign"));
  place.dataset["length"] = length;
  place.append(press, h("span", { class: "nbt-told" }), h("div", { class: "nbt-played", hidden: true }));
  show(place, null);
}

export class Player {
  readonly #controller: Controller;
  #now: Now | null = null;

  constructor(controller: Controller) {
    this.#controller = controller;
  }

  /** Play what is on a card, pause it or go on with it; whatever else played ends. */
  toggle(look: Look, position: number, place: HTMLElement): void {
    if (place.querySelector(".nbt-play") === null) return;
    if (this.#now?.place !== place) {
      this.stop();
      this.#now = { place, abort: new AbortController(), prepared: null };
      show(place, "waiting");
      void this.#begin(this.#now, look, position);
    } else if (this.#now.prepared === null) this.stop();
    else this.#now.prepared.act("play");
  }

  /** Be silent where what is played is not on the page any more. */
  settle(): void {
    if (this.#now?.place.isConnected === false) this.stop();
  }

  stop(): void {
    const now = this.#now;
    if (now === null) return;
    this.#now = null;
    now.abort.abort();
    now.prepared?.hidden();
    now.prepared?.dispose();
    now.place.querySelector("video")?.remove();
    show(now.place, null);
  }

  async #begin(now: Now, look: Look, position: number): Promise<void> {
    const { place, abort } = now;
    const { signal } = abort;
    try {
      const answer = await this.#controller.questions.ask((request) => ({ type: "item", request, look, position }));
      if (signal.aborted) return;
      if (answer.type !== "item") throw new Error(answer.type === "error" ? answer.why : "no item came");
      if (answer.content.form === "error") throw new Error(answer.content.why);
      const source = sourceOf(this.#controller, answer.item, {
        room: () => ({ width: 0, height: 0 }),
        changed: (message) => tell(place, message),
        signal,
      });
      const prepared = rare(asItem(answer.item, answer.content), source);
      now.prepared = prepared;
      if (prepared.surface?.form !== "media") throw new Error(prepared.blocked ?? "this is not played");
      await prepared.ready;
      if (!signal.aborted) this.#play(now, prepared.surface.player);
    } catch (error) {
      if (!signal.aborted) this.#failed(place, error instanceof Error ? error.message : String(error));
    }
  }

  #play({ place, abort }: Now, media: HTMLMediaElement): void {
    const { signal } = abort;
    media.controls = false;
    if (media instanceof HTMLVideoElement) place.prepend(media);
    const draw = () => show(place, media.paused ? "paused" : "playing");
    for (const type of ["play", "pause", "ended"]) media.addEventListener(type, draw, { signal });
    media.addEventListener("timeupdate", () => follow(place, media), { signal });
    follow(place, media);
    // A browser may want a press of its own for what it had to wait for: it is ready then.
    media.play().catch(draw);
  }

  #failed(place: HTMLElement, why: string): void {
    this.stop();
    show(place, "failed");
    tell(place, why);
    this.#controller.draw(`cannot be played: ${why}`);
  }
}

/** How far it is, as a bar below and in words. */
function follow(place: HTMLElement, media: HTMLMediaElement): void {
  const { duration, currentTime } = media;
  place.style.setProperty("--nbt-share", String(duration > 0 ? currentTime / duration : 0));
  tell(place, Number.isFinite(duration) ? `${clock(currentTime, 0)} / ${clock(duration, 0)}` : clock(currentTime, 0));
}

function tell(place: HTMLElement, words: string | null): void {
  const told = place.querySelector(".nbt-told");
  if (told !== null) setText(told, words ?? "");
}

function show(place: HTMLElement, state: State | null): void {
  if (state === null) delete place.dataset["play"];
  else place.dataset["play"] = state;
  if (state === null || state === "waiting") tell(place, state === null ? (place.dataset["length"] ?? "") : "loading");
  const running = state === "playing" || state === "waiting";
  const press = place.querySelector<HTMLElement>(".nbt-play");
  const sign = press?.querySelector("svg");
  const bar = place.querySelector<HTMLElement>(".nbt-played");
  if (bar !== null) bar.hidden = state !== "playing" && state !== "paused";
  press?.setAttribute("aria-label", `${running ? "pause" : "play"} ${press.dataset["name"]}`);
  if (sign) path(sign, running ? PAUSE : PLAY, 2);
}
