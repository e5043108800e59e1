/** An item that the program which is asked for later makes ready: sound, video, arrays, what functions of the user show. */

import { h } from "../dom.ts";
import type { Item } from "../protocol.ts";
import type { Prepared, Source } from "./prepared.ts";

/** What the bundle `later` exports for items. */
export interface LaterItems {
  rare(item: Item, source: Source): Prepared;
}

export function later(item: Item, source: Source): Prepared {
  const element = h("div", { class: "nbt-later" });
  let made: Prepared | null = null;
  const load = async (): Promise<void> => {
    const { rare } = (await source.module("later")) as LaterItems;
    source.signal.throwIfAborted();
    made = rare(item, source);
    element.append(made.element);
    await made.ready;
  };
  return {
    element,
    get tools() {
      return made?.tools ?? [];
    },
    ready: load(),
    get surface() {
      return made?.surface ?? null;
    },
    get blocked() {
      return made?.blocked ?? null;
    },
    get weight() {
      return made?.weight ?? item.bytes;
    },
    act: (action) => made?.act(action) === true,
    hidden: () => made?.hidden(),
    dispose: () => made?.dispose(),
  };
}
