/** The guard for messages that arrive: nothing is believed, and what is not of the protocol's form is `null`. */

import {
  type Ack,
  type Content,
  type Counts,
  type Current,
  type Cursor,
  type Incoming,
  type Item,
  type Json,
  type Opened,
  type Option,
  type Suggestion,
  VERSION,
} from "./protocol.ts";

/** Content that `parserare.ts` looks at. */
const RARE = ["array", "html", "parts", "stream"];

export type Fields = Record<string, unknown>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
export const number = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) ? value : null;
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
export const present = <T>(value: T | null): value is T => value !== null;

function parseCounts(value: unknown): Counts | null {
  if (!isFields(value)) return null;
  const { total, labeled, skipped, left } = value;
  return {
    total: number(total) ?? 0,
    labeled: number(labeled) ?? 0,
    skipped: number(skipped) ?? 0,
    left: number(left) ?? 0,
  };
}

function parseCurrent(value: unknown): Current | null {
  if (!isFields(value)) return null;
  const act = text(value["act"]);
  const status = value["status"];
  if (act === null || (status !== "labeled" && status !== "skipped" && status !== "cleared")) return null;
  return {
    act,
    status,
    value: (value["value"] ?? null) as Json,
    flagged: value["flagged"] === true,
    unsure: value["unsure"] === true,
    comment: text(value["comment"]),
    conflict: value["conflict"] === true,
  };
}

function parseSuggestion(value: unknown): Suggestion | null {
  if (!isFields(value)) return null;
  return { value: (value["value"] ?? null) as Json, score: number(value["score"]), model: text(value["model"]) ?? "" };
}

export function parseContent(value: unknown, mediaType: string, buffers: readonly DataView[]): Content {
  if (!isFields(value)) return { form: "error", why: "the kernel sent nothing to show" };
  const type = text(value["media_type"]) ?? mediaType;
  const full = value["full"] === true;
  if (typeof value["error"] === "string") return { form: "error", why: value["error"] };
  if (typeof value["text"] === "string") return { form: "text", text: value["text"], full };
  if (isFields(value["record"])) return { form: "record", record: value["record"] };
  if (RARE.some((name) => name in value)) return { form: "raw", fields: value, buffers, mediaType: type };
  const bytes = buffers[number(value["buffer"]) ?? -1];
  return bytes ? { form: "bytes", bytes, mediaType: type, full } : { form: "error", why: "its bytes did not arrive" };
}

function parseItem(value: unknown, buffers: readonly DataView[]): Item | null {
  if (!isFields(value)) return null;
  const id = text(value["id"]);
  const position = number(value["position"]);
  if (id === null || position === null) return null;
  return {
    id,
    position,
    kind: text(value["kind"]) ?? "other",
    name: text(value["name"]) ?? id.slice(0, 8),
    bytes: number(value["bytes"]) ?? 0,
    width: number(value["width"]),
    height: number(value["height"]),
    duration: number(value["duration"]),
    attributes: isFields(value["attributes"]) ? value["attributes"] : {},
    given: isFields(value["given"]) ? value["given"] : {},
    current: parseCurrent(value["current"]),
    suggestion: parseSuggestion(value["suggestion"]),
    again: value["again"] === true,
    content: parseContent(value["content"], text(value["media_type"]) ?? "", buffers),
  };
}

function parseOption(value: unknown): Option | null {
  if (!isFields(value)) return null;
  const id = text(value["id"]);
  if (id === null) return null;
  return {
    id,
    name: text(value["name"]) ?? id,
    key: text(value["key"]),
    color: text(value["color"]),
    description: text(value["description"]),
    group: text(value["group"]),
    picture: text(value["picture"])?.startsWith("data:image/") ? text(value["picture"]) : null,
  };
}

function parseOpened(message: Fields): Opened | null {
  const { dataset, task, annotator } = message;
  if (!isFields(dataset) || !isFields(task)) return null;
  const [id, name] = [text(dataset["id"]), text(task["name"])];
  const kind = text(task["kind"]);
  if (id === null || name === null || kind === null) return null;
  const person = isFields(annotator) ? text(annotator["name"]) : null;
  return {
    type: "opened",
    dataset: { id, name: text(dataset["name"]) ?? id },
    task: {
      name,
      kind,
      schema: number(task["schema"]) ?? 1,
      title: text(task["title"]),
      options: list(task["options"]).map(parseOption).filter(present),
      settings: isFields(task["settings"]) ? (task["settings"] as Opened["task"]["settings"]) : {},
    },
    annotator:
      person === null || !isFields(annotator)
        ? null
        : { name: person, identity: text(annotator["identity"]) ?? "self-declared" },
    mode: message["mode"] === "review" ? "review" : "new",
    counts: parseCounts(message["counts"]) ?? { total: 0, labeled: 0, skipped: 0, left: 0 },
    skips: message["skips"] !== false,
    saves: message["saves"] !== false,
  };
}

function parseCursor(value: unknown): Cursor | null {
  const [phase, position] = list(value).map(number);
  return typeof phase === "number" && typeof position === "number" ? [phase, position] : null;
}

function parseAck(value: unknown): Ack | null {
  if (!isFields(value)) return null;
  const act = text(value["act"]);
  if (act === null || typeof value["saved"] !== "boolean") return null;
  const why = text(value["why"]) ?? "";
  return { act, saved: value["saved"], final: value["final"] === true, why, current: parseCurrent(value["current"]) };
}

/** The message as one of ours, or `null` where it is not. */
export function parse(message: unknown, buffers: readonly DataView[] = []): Incoming | null {
  if (!isFields(message) || message["v"] !== VERSION) return null;
  const request = number(message["request"]);
  const counts = parseCounts(message["counts"]);
  switch (message["type"]) {
    case "opened":
      return parseOpened(message);
    case "items": {
      if (request === null) return null;
      const items = list(message["items"])
        .map((item) => parseItem(item, buffers))
        .filter(present);
      return {
        type: "items",
        request,
        items,
        cursor: parseCursor(message["cursor"]),
        exhausted: message["exhausted"] === true,
        counts,
      };
    }
    case "bytes": {
      const [start, total, bytes] = [number(message["start"]), number(message["total"]), buffers[0]];
      return request === null || start === null || total === null || !bytes
        ? null
        : { type: "bytes", request, start, total, bytes };
    }
    case "acks":
      return { type: "acks", acks: list(message["acks"]).map(parseAck).filter(present), counts };
    case "pong":
      return { type: "pong", counts };
    case "goto": {
      const id = text(message["id"]);
      return id === null ? null : { type: "goto", id };
    }
    case "error":
      return { type: "error", of: text(message["of"]) ?? "", request, why: text(message["why"]) ?? "unknown error" };
    default:
      return null;
  }
}
