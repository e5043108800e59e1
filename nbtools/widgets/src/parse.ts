/** The guard for messages that arrive: nothing is believed, and what is not of the protocol's form is `null`. */

import {
  type Ack,
  type Content,
  type Counts,
  type Current,
  type Cursor,
  type Guidelines,
  type Incoming,
  type Item,
  type Json,
  type Opened,
  type Option,
  type Order,
  type Status,
  type Suggestion,
  VERSION,
} from "./protocol.ts";

/** Content that `parserare.ts` looks at. */
const RARE = ["array", "html", "parts", "stream", "turned"];
const STATUSES: readonly Status[] = ["labeled", "skipped", "cleared"];

export type Fields = Record<string, unknown>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
export const number = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) ? value : null;
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
export const present = <T>(value: T | null): value is T => value !== null;

const yes = (value: unknown): boolean => value === true;
const fields = (value: unknown): Fields => (isFields(value) ? value : {});
const json = (value: unknown): Json => (value ?? null) as Json;
const count = (value: unknown): number => number(value) ?? 0;
const words = (value: unknown): string => text(value) ?? "";

/** How each field of `T` is read from the field of that name. */
type Readers<T> = { readonly [name in keyof T]: (value: unknown) => T[name] };

const read = <T>(from: unknown, readers: Readers<T>): T =>
  Object.fromEntries(
    Object.entries<(value: unknown) => unknown>(readers).map(([name, of]) => [name, of(fields(from)[name])]),
  ) as T;

const maybe =
  <T>(readers: Readers<T>) =>
  (value: unknown): T | null =>
    isFields(value) ? read(value, readers) : null;
const all =
  <T>(parse: (value: unknown) => T | null) =>
  (value: unknown): T[] =>
    list(value).map(parse).filter(present);

const COUNTS: Readers<Counts> = { total: count, labeled: count, skipped: count, left: count };

const CURRENT: Readers<Current> = {
  act: words,
  status: (value) => (STATUSES.includes(value as Status) ? (value as Status) : "cleared"),
  value: json,
  flagged: yes,
  unsure: yes,
  comment: text,
  conflict: yes,
};

function parseCurrent(value: unknown): Current | null {
  if (!isFields(value) || text(value["act"]) === null || !STATUSES.includes(value["status"] as Status)) return null;
  return read(value, CURRENT);
}

const SUGGESTION: Readers<Suggestion> = { table: words, value: json, score: number, model: words };

export function parseContent(value: unknown, mediaType: string, buffers: readonly DataView[]): Content {
  if (!isFields(value)) return { form: "error", why: "the kernel sent nothing to show" };
  const type = text(value["media_type"]) ?? mediaType;
  const full = yes(value["full"]);
  if (typeof value["error"] === "string") return { form: "error", why: value["error"] };
  if (typeof value["text"] === "string") return { form: "text", text: value["text"], full };
  if (isFields(value["record"])) return { form: "record", record: value["record"] };
  if (RARE.some((name) => name in value)) return { form: "raw", fields: value, buffers, mediaType: type };
  const bytes = buffers[number(value["buffer"]) ?? -1];
  return bytes ? { form: "bytes", bytes, mediaType: type, full } : { form: "error", why: "its bytes did not arrive" };
}

const ITEM: Readers<Omit<Item, "content">> = {
  id: words,
  position: count,
  kind: (value) => text(value) ?? "other",
  name: words,
  bytes: count,
  width: number,
  height: number,
  duration: number,
  attributes: fields,
  given: fields,
  current: parseCurrent,
  suggestion: maybe(SUGGESTION),
  again: yes,
};

function parseItem(value: unknown, buffers: readonly DataView[]): Item | null {
  if (!isFields(value)) return null;
  const id = text(value["id"]);
  if (id === null || number(value["position"]) === null) return null;
  const item = read(value, ITEM);
  const content = parseContent(value["content"], words(value["media_type"]), buffers);
  return { ...item, name: text(value["name"]) ?? id.slice(0, 8), content };
}

const OPTION: Readers<Option> = {
  id: words,
  name: words,
  key: text,
  color: text,
  description: text,
  group: text,
  picture: (value) => (words(value).startsWith("data:image/") ? text(value) : null),
};

function parseOption(value: unknown): Option | null {
  if (!isFields(value) || text(value["id"]) === null) return null;
  const option = read(value, OPTION);
  return { ...option, name: text(value["name"]) ?? option.id };
}

const GUIDELINES: Readers<Guidelines> = { text: words, changed: text };
/** The time of day stands where the kernel put `{at}`, as people here write it. */
const order = (value: unknown): Order => {
  const { text, at, failed } = fields(value);
  const time = new Date(words(at)).toLocaleTimeString();
  return { text: words(text).replace("{at}", time), failed: yes(failed) };
};

const TASK: Readers<Opened["task"]> = {
  name: words,
  kind: words,
  schema: (value) => number(value) ?? 1,
  title: text,
  guidelines: maybe(GUIDELINES),
  options: all(parseOption),
  settings: (value) => fields(value) as Opened["task"]["settings"],
};
const unlessNo = (value: unknown): boolean => value !== false;

const OPENED: Readers<Omit<Opened, "type">> = {
  dataset: (value) => {
    const { id, name } = fields(value);
    return { id: words(id), name: text(name) ?? words(id) };
  },
  task: (value) => read(value, TASK),
  annotator: (value) => {
    const { name, identity } = fields(value);
    return text(name) === null ? null : { name: words(name), identity: text(identity) ?? "self-declared" };
  },
  mode: (value) => (value === "review" ? "review" : "new"),
  counts: (value) => read(value, COUNTS),
  skips: unlessNo,
  suggests: yes,
  saves: unlessNo,
  order,
};

function parseOpened(message: Fields): Opened | null {
  const opened = read(message, OPENED);
  const { dataset, task } = opened;
  return dataset.id && task.name && task.kind ? { type: "opened", ...opened } : null;
}

function parseCursor(value: unknown): Cursor | null {
  const [phase, position] = list(value).map(number);
  return phase != null && position != null ? [phase, position] : null;
}

function parseAck(value: unknown): Ack | null {
  if (!isFields(value)) return null;
  const { saved, final, why, current } = value;
  const act = text(value["act"]);
  if (act === null || typeof saved !== "boolean") return null;
  return { act, saved, final: yes(final), why: words(why), current: parseCurrent(current) };
}

/** The message as one of ours, or `null` where it is not. */
export function parse(message: unknown, buffers: readonly DataView[] = []): Incoming | null {
  if (!isFields(message) || message["v"] !== VERSION) return null;
  const request = number(message["request"]);
  const counts = maybe(COUNTS)(message["counts"]);
  switch (message["type"]) {
    case "opened":
      return parseOpened(message);
    case "items": {
      if (request === null) return null;
      return {
        type: "items",
        request,
        items: all((item) => parseItem(item, buffers))(message["items"]),
        cursor: parseCursor(message["cursor"]),
        exhausted: yes(message["exhausted"]),
        total: number(message["total"]),
        counts,
      };
    }
    case "bytes": {
      const [start, total, bytes] = [number(message["start"]), number(message["total"]), buffers[0]];
      if (request === null || start === null || total === null || !bytes) return null;
      return { type: "bytes", request, start, total, bytes };
    }
    case "acks":
      return { type: "acks", acks: all(parseAck)(message["acks"]), counts };
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
