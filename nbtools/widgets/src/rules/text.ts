/** The rules of `text`. Pure. */

import type { Item, Task, Value } from "../protocol.ts";

/** The item's own text, or one of its attributes, where the task starts from that. */
export function initial({ settings }: Task, item: Item): Value {
  const { start } = settings;
  // Of a long text only the beginning is here, which is not what is to be corrected.
  if (start === "item") return item.content.form === "text" && !item.content.full ? item.content.text : null;
  const found = typeof start === "string" ? item.given[start.slice("attribute:".length)] : null;
  return found === undefined || found === null ? null : String(found);
}

/** As the kernel judges it: in characters, not in the two halves that some of them are here. */
export function problem({ settings }: Task, value: Value): string | null {
  const words = typeof value === "string" ? value.trim() : "";
  if (words === "" && settings["empty"] !== true) return "write something";
  if (value === null) return "write something, or say “no text”";
  const [longest, length] = [Number(settings["longest"]), [...words].length];
  return length > longest ? `${length - longest} characters too long` : null;
}

/** The text in one line. */
export const words = (_: Task, value: Value): string => String(value).replace(/\s+/gu, " ").trim() || "no text";

/** The run of edits that typing at the end of `before` belongs to: words are taken back one by one. */
export const runAt = (before: string): string => String(before.split(/\s+/u).length);
