/** An item made ready to be shown: a detached element that needs nothing more than to be put in its place. */

import type { Content, Item, ModuleName } from "../protocol.ts";
import type { Size } from "../zoom.ts";
import { array } from "./array.ts";
import { failure } from "./error.ts";
import { html } from "./html.ts";
import { image } from "./image.ts";
import { media } from "./media.ts";
import { parts } from "./parts.ts";
import { record } from "./record.ts";
import type { Surface } from "./surface.ts";
import { text } from "./text.ts";

/** What preparing needs of the page around it. */
export interface Source {
  /** All bytes of the item, or its original in full size. */
  bytes(full: boolean, progress: (done: number, total: number) => void): Promise<DataView[]>;
  /** A bundle of ours that only some items need; the same one each time. */
  module(name: ModuleName): Promise<unknown>;
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

/** Make an item ready. */
export function prepare(item: Item, source: Source): Prepared {
  const { content } = item;
  switch (content.form) {
    case "bytes":
      return fromBytes(item, content, source);
    case "text":
      return text(content.text, content.full, source);
    case "record":
      return record(content.record);
    case "array":
      return array(item.name, content, source);
    case "stream":
      return media(item, content.mediaType, source);
    case "html":
      return html(content.html, source);
    case "parts":
      return parts(item, content.parts, source);
    case "error":
      return failure(content.why);
  }
}

function fromBytes(item: Item, content: Extract<Content, { readonly form: "bytes" }>, source: Source): Prepared {
  const type = content.mediaType;
  if (type.startsWith("image/")) return image(item, content, source);
  if (type.startsWith("audio/") || type.startsWith("video/")) {
    const whole = { ...source, bytes: () => Promise.resolve([content.bytes]) };
    return media(item, type, whole);
  }
  if (type.startsWith("text/") || type === "application/json")
    return text(new TextDecoder().decode(content.bytes), content.full, source);
  return failure(`there is no way here to show ${type || "bytes of an unknown type"}`);
}
