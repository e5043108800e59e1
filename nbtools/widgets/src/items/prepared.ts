/** An item made ready to be shown: a detached element that needs nothing more than to be put in its place. */

import type { Item, ModuleName, Task } from "../protocol.ts";
import type { Size } from "../zoom.ts";
import { failure } from "./error.ts";
import { image } from "./image.ts";
import { later } from "./later.ts";
import type { Surface } from "./surface.ts";
import { text } from "./text.ts";

/** What preparing needs of the page around it. */
export interface Source {
  /** All bytes of the item, or its original in full size. */
  bytes(full: boolean, progress: (done: number, total: number) => void): Promise<DataView[]>;
  /** Bytes of the item's file from `start` on, as many as fit an answer; `null`: the peaks of its sound. */
  part(start: number | null): Promise<DataView>;
  /** A bundle of ours that only some items need; the same one each time. */
  module(name: ModuleName): Promise<unknown>;
  /** What is asked about the item; `null` where nothing is. */
  readonly task: Task | null;
  /** The device pixels that an item can fill; 0 by 0 where that is not known yet. */
  room(): Size;
  /** Something changed that the page shows: a tool, a message. */
  changed(message: string | null): void;
  readonly signal: AbortSignal;
}

export interface Prepared {
  readonly element: HTMLElement;
  /** Buttons that stand beside the item's name. */
  readonly tools: readonly HTMLElement[];
  /** Resolves when the element can be painted at once; rejects with what is wrong. */
  readonly ready: Promise<void>;
  /** What an editor can draw on or play; `null` where there is nothing of the kind. Asked for when it is on the screen. */
  readonly surface: Surface | null;
  /** Why the item cannot be labeled. */
  readonly blocked: string | null;
  /** Bytes of memory it takes while it waits. */
  readonly weight: number;
  /** Do what `action` means for this item; false where it means nothing. */
  act(action: string): boolean;
  /** Taken off the screen. */
  hidden(): void;
  dispose(): void;
}

export type Prepare = (item: Item, source: Source) => Prepared;

/** Make an item ready: what most items are here, the others by code that is asked for with the first of them. */
export function prepare(item: Item, source: Source): Prepared {
  const { content } = item;
  if (content.form === "bytes" && /^image\/(?!svg|gif)/.test(content.mediaType)) return image(item, content, source);
  if (content.form === "text") return text(content.text, content.full, source);
  return content.form === "error" ? failure(content.why) : later(item, source);
}
