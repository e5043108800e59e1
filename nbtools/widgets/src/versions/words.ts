/** Names, times and values in the words people use. Pure. */

import { count, plain } from "../format.ts";
import type { Look, Row, Said, Split, Text, Viewed } from "./protocol.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `2026-11-03T10:00:00Z` → `3 Nov 2026`; what is no time stays as it is. */
export function day(time: string): string {
  const found = /^(\d{4})-(\d\d)-(\d\d)/.exec(time);
  const month = MONTHS[Number(found?.[2]) - 1];
  return found === null || month === undefined ? time : `${Number(found[3])} ${month} ${found[1]}`;
}

/** A value as it stands on a bar or a cell. */
export const worded = (value: Text): string => (value === null ? "none" : value === "" ? "(empty)" : value);

/** The name of an item as people know it: the end of the path it came from. */
export function nameOf(row: Row | undefined): string {
  const source = row?.["source"] ?? row?.["path"] ?? row?.["id"];
  return typeof source === "string" ? (source.split("/").at(-1) ?? source) : "";
}

/** What an item says of itself beside its name: the values of the columns that are the dataset's own. */
export const caption = (row: Row, columns: readonly string[]): string =>
  columns
    .map((column) => row[column])
    .filter((value) => value !== null && value !== undefined && value !== "")
    .map(plain)
    .join(" · ");

/** Who made a version, when, and what it is. */
export function origin({ author, created, message, sameAs }: Split): string {
  const words = [
    author,
    day(created),
    message === "" ? null : `“${message}”`,
    sameAs === null ? null : `the same as ${sameAs}`,
  ];
  return words.filter((word) => word !== null && word !== "").join(" · ");
}

/** "relabeled 31 · labeled 400": of `all` items, those that had another label and those that had none. */
export function relabeledWords(all: number, labeled: number): string {
  const words = [`relabeled ${count(all - labeled)}`, `labeled ${count(labeled)}`];
  return labeled === 0 ? (words[0] ?? "") : all === labeled ? (words[1] ?? "") : words.join(" · ");
}

/** What stands over a list, beside which there may be another. */
export function listTitle({ part, task }: Look, view: Viewed | null): string {
  if (part === "all") return "";
  if (view === null) return `${part} …`;
  if (part !== "relabeled") return `${part} ${count(view.total)}`;
  const words = relabeledWords(view.total, view.labeled);
  return view.relabels.length < 2 ? words : `${task ?? view.relabels[0]}: ${words}`;
}

/** What is listed, for a screen reader. */
export function listName(look: Look, view: Viewed | null): string {
  const { of, against, part } = look;
  const items = view === null ? "items" : `${count(view.total)} items`;
  if (against === null || part === "all") return `${items} of ${of}`;
  if (part === "relabeled") return `${listTitle(look, view)}, from ${against} to ${of}`;
  return part === "replaced" || part === "moved"
    ? `${items} ${part} from ${against} to ${of}`
    : `${items} ${part} in ${of} since ${against}`;
}

/** One act or label: who said what. */
export function saying({ value, status, origin: from, annotator }: Said): string {
  const what = status === "labeled" ? plain(value) : status;
  return [what, annotator, from === "person" ? null : from].filter((word) => word !== null && word !== "").join(" · ");
}

/** How far a job is. */
export const howFar = (done: number, total: number | null): string =>
  total === null ? (done > 0 ? count(done) : "") : `${count(done)} of ${count(total)}`;
