/** Names, times and values in the words people use. Pure. */

import { count, plain } from "../format.ts";
import type { Look, Row, Said, Split, Text } from "./protocol.ts";

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

/** What is listed, for a screen reader. */
export function listName({ of, against, part }: Look, total: number | null): string {
  const items = total === null ? "items" : `${count(total)} items`;
  if (against === null || part === "all") return `${items} of ${of}`;
  return part === "relabeled" || part === "replaced" || part === "moved"
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
