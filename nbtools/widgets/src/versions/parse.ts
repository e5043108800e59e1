/** The guard for messages that arrive: nothing is believed, and what is not of the protocol's form is `null`. */

import { type Fields, isFields, list, number, parseContent, present, text } from "../parse.ts";
import { VERSION } from "../protocol.ts";
import type {
  Card,
  Changes,
  Column,
  Facet,
  Grid,
  Incoming,
  JobState,
  Opened,
  Row,
  Said,
  Split,
  Text,
  Timeline,
  Version,
} from "./protocol.ts";

const HOLDS = ["text", "number", "truth", "list"] as const;
const STATES = ["running", "done", "failed", "cancelled"] as const;
const whole = (value: unknown): number => number(value) ?? 0;
export const texts = (value: unknown): string[] => list(value).map(text).filter(present);

function numbers(value: unknown): Record<string, number> {
  const pairs = Object.entries(isFields(value) ? value : {});
  return Object.fromEntries(pairs.flatMap(([name, each]) => (number(each) === null ? [] : [[name, whole(each)]])));
}

function parseSplit(value: unknown): Split | null {
  if (!isFields(value)) return null;
  const name = text(value["name"]);
  if (name === null) return null;
  return {
    name,
    parent: text(value["parent"]),
    message: text(value["message"]) ?? "",
    author: text(value["author"]),
    created: text(value["created"]) ?? "",
    items: whole(value["items"]),
    bytes: whole(value["bytes"]),
    labeled: numbers(value["labeled"]),
    changed: text(value["changed"]) ?? "",
    labelsOnly: value["labels_only"] === true,
    sameAs: text(value["same_as"]),
    parts: numbers(value["parts"]),
  };
}

function parseVersion(value: unknown): Version | null {
  const version = parseSplit(value);
  if (version === null || !isFields(value)) return null;
  return { ...version, splits: list(value["splits"]).map(parseSplit).filter(present) };
}

function parseTimeline(value: unknown): Timeline | null {
  if (!isFields(value)) return null;
  const damaged = Object.entries(isFields(value["damaged"]) ? value["damaged"] : {});
  return {
    mark: text(value["mark"]) ?? "",
    versions: list(value["versions"]).map(parseVersion).filter(present),
    foreign: texts(value["foreign"]),
    damaged: Object.fromEntries(damaged.map(([name, why]) => [name, text(why) ?? ""])),
  };
}

function parseOpened(message: Fields): ({ type: "opened" } & Opened) | null {
  const { dataset } = message;
  const timeline = parseTimeline(message["timeline"]);
  if (!isFields(dataset) || timeline === null) return null;
  const id = text(dataset["id"]) ?? "";
  return {
    type: "opened",
    dataset: { id, name: text(dataset["name"]) ?? id },
    readOnly: message["read_only"] === true,
    person: text(message["person"]),
    place: text(message["place"]),
    timeline,
  };
}

function parseColumn(value: unknown): Column | null {
  if (!isFields(value)) return null;
  const name = text(value["name"]);
  const holds = HOLDS.find((one) => one === value["holds"]) ?? "text";
  return name === null ? null : { name, holds, own: value["own"] === true };
}

function parseFacet(value: unknown): Facet | null {
  if (!isFields(value)) return null;
  const column = text(value["column"]);
  if (column === null) return null;
  const [values, items] = list(value["others"]);
  const shown = list(value["values"]).map((pair): readonly [Text, number] => {
    const [of, count] = list(pair);
    return [text(of), whole(count)];
  });
  return { column, values: shown, others: [whole(values), whole(items)] };
}

function parseGrid(value: unknown): Grid | null {
  if (!isFields(value)) return null;
  const task = text(value["task"]);
  if (task === null) return null;
  const cells = list(value["cells"]).map((cell): readonly [number, number, number] => {
    const [before, after, count] = list(cell);
    return [whole(before), whole(after), whole(count)];
  });
  const labels = list(value["labels"]).map(text);
  const [total, labeled, unshown] = [whole(value["total"]), whole(value["labeled"]), whole(value["unshown"])];
  return { task, total, labeled, labels, cells, unshown };
}

function parseChanges(message: Fields): Changes {
  const counts = numbers(message["counts"]);
  const of = (name: string): number => counts[name] ?? 0;
  return {
    counts: { added: of("added"), removed: of("removed"), replaced: of("replaced"), moved: of("moved") },
    relabeled: list(message["relabeled"]).map(parseGrid).filter(present),
  };
}

/** Rows travel as the bytes of JSON: names once, then a list for each row. */
function parseRows(bytes: DataView | undefined): Row[] {
  if (bytes === undefined) return [];
  try {
    const table: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (!isFields(table)) return [];
    const names = texts(table["columns"]);
    return list(table["rows"]).map((row) => {
      const values = list(row);
      return Object.fromEntries(names.map((name, at) => [name, values[at] ?? null]));
    });
  } catch {
    return [];
  }
}

function parseCard(value: unknown, buffers: readonly DataView[]): Card | null {
  if (!isFields(value)) return null;
  const id = text(value["id"]);
  if (id === null) return null;
  const { content } = value;
  const nothing = !isFields(content) || Object.keys(content).length === 0;
  return { id, content: nothing ? null : parseContent(content, "", buffers) };
}

function parseSaid(value: unknown): Said | null {
  if (!isFields(value)) return null;
  return {
    task: text(value["task"]) ?? "",
    annotator: text(value["annotator"]),
    value: value["value"],
    status: text(value["status"]) ?? "",
    origin: text(value["origin"]),
    comment: text(value["comment"]),
    at: text(value["at"]),
  };
}

/** The message as one of ours, or `null` where it is not. */
export function parse(message: unknown, buffers: readonly DataView[] = []): Incoming | null {
  if (!isFields(message) || message["v"] !== VERSION) return null;
  const request = number(message["request"]);
  if (message["type"] === "opened") return parseOpened(message);
  if (message["type"] === "pong") return { type: "pong" };
  if (message["type"] === "error")
    return { type: "error", of: text(message["of"]) ?? "", request, why: text(message["why"]) ?? "unknown error" };
  return request === null ? null : parseAnswer(message, request, buffers);
}

function parseAnswer(message: Fields, request: number, buffers: readonly DataView[]): Incoming | null {
  switch (message["type"]) {
    case "timeline":
      return { type: "timeline", request, timeline: parseTimeline(message["timeline"]) };
    case "view": {
      const columns = list(message["columns"]).map(parseColumn).filter(present);
      const relabels = texts(message["relabels"]);
      return {
        type: "view",
        request,
        total: whole(message["total"]),
        columns,
        line: text(message["line"]) ?? "",
        where: text(message["where"]),
        labeled: whole(message["labeled"]),
        relabels,
      };
    }
    case "facets":
      return {
        type: "facets",
        request,
        facets: list(message["facets"]).map(parseFacet).filter(present),
        bytes: number(message["bytes"]),
      };
    case "rows":
      return { type: "rows", request, start: whole(message["start"]), rows: parseRows(buffers[0]) };
    case "cards": {
      const cards = list(message["cards"]).map((card) => parseCard(card, buffers));
      return { type: "cards", request, start: whole(message["start"]), cards: cards.filter(present) };
    }
    case "item":
      return {
        type: "item",
        request,
        item: isFields(message["item"]) ? message["item"] : {},
        content: parseContent(message["content"], "", buffers),
        labels: list(message["labels"]).map(parseSaid).filter(present),
        history: list(message["history"]).map(parseSaid).filter(present),
      };
    case "changes":
      return { type: "changes", request, ...parseChanges(message) };
    case "bytes": {
      const [start, total, bytes] = [number(message["start"]), number(message["total"]), buffers[0]];
      return start === null || total === null || !bytes ? null : { type: "bytes", request, start, total, bytes };
    }
    case "job": {
      const state: JobState = STATES.find((one) => one === message["state"]) ?? "failed";
      return {
        type: "job",
        request,
        job: text(message["job"]) ?? "",
        state,
        done: whole(message["done"]),
        total: number(message["total"]),
        result: isFields(message["result"]) ? message["result"] : {},
        why: text(message["why"]),
      };
    }
    default:
      return null;
  }
}
