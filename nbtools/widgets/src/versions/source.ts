/** An item of a version as what makes items ready wants it, with the way to its bytes. */

import type { Source } from "../items/prepared.ts";
import { bytesOf } from "../pieces.ts";
import type { Content, Item } from "../protocol.ts";
import type { Controller } from "./controller.ts";
import type { Row } from "./protocol.ts";
import { nameOf } from "./words.ts";

export function asItem(row: Row, content: Content): Item {
  const number = (name: string): number | null => (typeof row[name] === "number" ? (row[name] as number) : null);
  return {
    id: String(row["id"] ?? ""),
    position: 0,
    kind: String(row["kind"] ?? "other"),
    name: nameOf(row),
    bytes: number("bytes") ?? 0,
    width: number("width"),
    height: number("height"),
    duration: number("duration"),
    attributes: {},
    given: {},
    current: null,
    suggestion: null,
    again: false,
    content,
  };
}

export function sourceOf(
  controller: Controller,
  row: Row,
  around: Pick<Source, "room" | "changed" | "signal">,
): Source {
  const id = typeof row["id"] === "string" ? row["id"] : "";
  return {
    ...around,
    bytes: (full, progress) => bytesOf(controller.questions, id, full, around.signal, progress),
    task: null,
    part: () => Promise.reject(new Error("a version is played as a whole")),
    module: () => Promise.reject(new Error("a version holds no HTML")),
  };
}
