/** Items made ready ahead of their turn: the one on the screen, the next few, and the two before. */

import type { Controller } from "./controller.ts";
import { failure } from "./items/error.ts";
import type { Prepare, Prepared, Source } from "./items/prepared.ts";
import type { State } from "./state.ts";
import type { Size } from "./zoom.ts";

const AHEAD = 6;
const BEHIND = 2;
const MOST_WEIGHT = 160_000_000;

interface Slot {
  prepared: Prepared;
  ready: boolean;
  readonly abort: AbortController;
}

export class Shelf {
  readonly #controller: Controller;
  readonly #prepare: Prepare;
  readonly #module: Source["module"];
  readonly #room: () => Size;
  readonly #changed: (id: string, message: string | null) => void;
  readonly #slots = new Map<string, Slot>();

  constructor(
    controller: Controller,
    prepare: Prepare,
    module: Source["module"],
    room: () => Size,
    changed: (id: string, message: string | null) => void,
  ) {
    this.#controller = controller;
    this.#prepare = prepare;
    this.#module = module;
    this.#room = room;
    this.#changed = changed;
  }

  /** The item if it can be painted at once; else it is being made ready, and `changed` is called when it is. */
  get(id: string): Prepared | null {
    const slot = this.#slots.get(id) ?? this.#begin(id);
    return slot?.ready ? slot.prepared : null;
  }

  /** Make ready what comes next, and let go of what does not. */
  stock(state: State): void {
    const at = state.current === null ? state.trail.length : state.trail.lastIndexOf(state.current);
    const near = state.trail.slice(Math.max(0, at - BEHIND), at + 2);
    const wanted = [
      ...(state.current === null ? [] : [state.current]),
      ...state.queue.slice(0, AHEAD),
      ...near.reverse(),
    ];
    for (const id of [...this.#slots.keys()]) if (!wanted.includes(id)) this.#end(id);
    let weight = 0;
    for (const id of wanted) {
      if (weight > MOST_WEIGHT) break;
      weight += (this.#slots.get(id) ?? this.#begin(id))?.prepared.weight ?? 0;
    }
  }

  dispose(): void {
    for (const id of [...this.#slots.keys()]) this.#end(id);
  }

  #begin(id: string): Slot | null {
    const item = this.#controller.state.items.get(id);
    if (!item) return null;
    const abort = new AbortController();
    const prepared = this.#prepare(item, {
      bytes: (full, progress) => this.#controller.requests.bytes(id, full, abort.signal, progress),
      part: (start) => this.#controller.requests.part(id, start, abort.signal),
      module: this.#module,
      task: this.#controller.state.opened?.task ?? null,
      room: this.#room,
      changed: (message) => this.#changed(id, message),
      signal: abort.signal,
    });
    const slot: Slot = { prepared, ready: false, abort };
    this.#slots.set(id, slot);
    prepared.ready.then(
      () => this.#done(id, slot),
      (error: unknown) => {
        prepared.dispose();
        if (abort.signal.aborted) return;
        slot.prepared = failure(error instanceof Error ? error.message : String(error));
        this.#done(id, slot);
      },
    );
    return slot;
  }

  #done(id: string, slot: Slot): void {
    if (this.#slots.get(id) !== slot) {
      slot.prepared.dispose();
      return;
    }
    slot.ready = true;
    this.#changed(id, null);
  }

  #end(id: string): void {
    const slot = this.#slots.get(id);
    this.#slots.delete(id);
    slot?.abort.abort();
    if (slot?.ready) slot.prepared.dispose();
  }
}
