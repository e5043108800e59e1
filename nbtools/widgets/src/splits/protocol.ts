/** The messages between the page of a SplitBuilder and the kernel, and a guard for those that arrive. */

import type { Part } from "./ratios.ts";

export type Missing = "alone" | "together";
export type Strategy = "ledger" | "hash" | "time" | "folds" | "predefined";
export type Said = "linked" | "dismissed";
/** The control that a refusal belongs to. */
export type Control = string;

/** How a version is to be split. */
export interface Wanted {
  readonly strategy: Strategy;
  readonly ratios: readonly Part[];
  readonly stratify: readonly string[];
  readonly groups: readonly string[];
  readonly seed: string;
  readonly missing: Missing | null;
  readonly rare: boolean;
  readonly near: boolean;
  readonly fresh: boolean;
  /** Pairs of ids that were decided on this page. */
  readonly linked: readonly (readonly string[])[];
  readonly dismissed: readonly (readonly string[])[];
  /** The column of times, and when each part begins; `null`: as the shares have it. */
  readonly time: string | null;
  readonly cutoffs: readonly { readonly name: string; readonly from: string | number | null }[] | null;
  readonly gap: string | number | null;
  readonly straddling: "earlier" | "later" | null;
  readonly undated: "drop" | "first" | null;
  readonly folds: number;
  /** In tenths of a percent. */
  readonly test: number;
  /** The column that names each item's part; `null`: the folders of raw/ do. */
  readonly column: string | null;
  readonly rest: string | null;
}

export interface VersionLine {
  readonly name: string;
  readonly items: number;
  readonly message: string;
}

export interface Opened {
  readonly type: "opened";
  readonly dataset: { readonly id: string; readonly name: string };
  readonly versions: readonly VersionLine[];
  readonly read_only: boolean;
}

export interface VersionInfo {
  readonly type: "version";
  readonly request: number;
  readonly version: string;
  readonly items: number;
  readonly columns: readonly string[];
  /** What was decided with the newest split of it. */
  readonly linked: Wanted["linked"];
  readonly dismissed: Wanted["dismissed"];
  readonly times: readonly { readonly name: string; readonly number: boolean }[];
  readonly splits: readonly string[];
}

export interface Worst {
  readonly value: string;
  readonly part: string;
  readonly items: number;
  readonly of: number;
  readonly share: number;
  readonly target: number;
}

export interface Balance {
  readonly column: string;
  readonly rows: readonly { readonly value: string; readonly counts: readonly number[] }[];
  readonly more: number;
  readonly without: number;
  readonly worst: Worst | null;
  readonly empty: number;
}

export interface Compared {
  readonly with: string;
  readonly stay: number;
  readonly moved: number;
  readonly new: number;
  readonly gone: number;
  readonly moves: readonly { readonly from: string; readonly to: string; readonly count: number }[];
}

/** What is to be seen of a split before it is saved. */
export interface Outlook {
  readonly version: string;
  readonly items: number;
  readonly units: number;
  readonly summary: string;
  readonly parts: readonly {
    readonly name: string;
    readonly items: number;
    readonly share: number;
    readonly target: number | null;
  }[];
  readonly balances: readonly Balance[];
  readonly largest: { readonly items: number; readonly share: number; readonly held_by: readonly string[] };
  readonly leaks: readonly { readonly kind: string; readonly what: string; readonly count: number }[];
  /** Labels that a ranker chose and that would be tested on, in words. */
  readonly ranked?: readonly string[];
  readonly near: {
    readonly pairs: number;
    readonly across: number;
    readonly together: boolean;
    readonly linked: number;
    readonly dismissed: number;
    readonly unlinked: number;
  } | null;
  readonly quarantine: readonly {
    readonly id: string;
    readonly was: string | null;
    readonly keeps: string | null;
    readonly reason: string;
  }[];
  readonly counts: { readonly quarantined: number };
  readonly confirm: readonly string[];
  readonly compared?: Compared;
  readonly line: string;
}

export interface Refused {
  readonly refused: string;
  readonly of: Control;
  readonly line: string;
}

export interface Side {
  readonly id: string;
  readonly name: string;
  readonly part: string;
  readonly text?: string;
  readonly error?: string;
  readonly media_type?: string;
  readonly buffer?: number;
}

export interface Pair {
  readonly kind: string;
  readonly measure: number;
  readonly unit: string;
  readonly items: readonly Side[];
  readonly said: Said | null;
  /** Whether they are in one unit, whatever keeps them there. */
  readonly together: boolean;
}

interface Run<T> {
  readonly state: "running" | "done" | "failed" | "cancelled";
  readonly done?: number;
  readonly total?: number | null;
  readonly result?: T | null;
  readonly why?: string | null;
}

export interface Saved {
  readonly name: string;
  readonly made: boolean;
  readonly message: string;
}

export type Progress = Run<Outlook | Refused> & {
  readonly type: "progress";
  readonly request: number;
  readonly number: number;
};
export type JobSaid = Run<Saved> & { readonly type: "job"; readonly request: number; readonly job: string };
export interface Pairs {
  readonly type: "pairs";
  readonly request: number;
  readonly start: number;
  readonly total: number;
  readonly pairs: readonly Pair[];
  readonly buffers: readonly DataView[];
}

export type Incoming =
  | Opened
  | VersionInfo
  | Progress
  | JobSaid
  | Pairs
  | { readonly type: "preview"; readonly number: number; readonly result: Outlook | Refused }
  | { readonly type: "pong" }
  | { readonly type: "error"; readonly of: string; readonly request: number | null; readonly why: string };

export type Outgoing =
  | { readonly type: "open"; readonly client: string }
  | { readonly type: "ping" }
  | { readonly type: "version"; readonly request: number; readonly version: string }
  | {
      readonly type: "preview";
      readonly request: number;
      readonly number: number;
      readonly version: string;
      readonly wanted: Wanted;
      readonly look: boolean;
      readonly against: string | null;
    }
  | { readonly type: "progress"; readonly request: number; readonly number: number; readonly cancel: boolean }
  | {
      readonly type: "pairs";
      readonly request: number;
      readonly start: number;
      readonly count: number;
      readonly anew: boolean;
      readonly pictures: boolean;
    }
  | {
      readonly type: "save";
      readonly request: number;
      readonly job: string;
      readonly version: string;
      readonly wanted: Wanted;
      readonly message: string;
      readonly confirm: boolean;
    }
  | { readonly type: "job"; readonly request: number; readonly job: string };

/** What every message of a type has to hold. */
const FIELDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  opened: { dataset: "object", versions: "object", read_only: "boolean" },
  version: {
    request: "number",
    version: "string",
    columns: "object",
    times: "object",
    linked: "object",
    dismissed: "object",
    splits: "object",
  },
  progress: { request: "number", number: "number", state: "string" },
  preview: { number: "number", result: "object" },
  pairs: { request: "number", start: "number", total: "number", pairs: "object" },
  job: { request: "number", job: "string", state: "string" },
  pong: {},
  error: { of: "string", why: "string" },
};

/** A message of our kernel, or `null` for anything else. */
export function parse(raw: unknown, buffers: readonly DataView[]): Incoming | null {
  if (typeof raw !== "object" || raw === null) return null;
  const message = raw as Readonly<Record<string, unknown>>;
  const type = message["v"] === 1 ? message["type"] : undefined;
  const fields = typeof type === "string" && Object.hasOwn(FIELDS, type) ? FIELDS[type] : undefined;
  if (fields === undefined) return null;
  for (const [name, kind] of Object.entries(fields))
    if (typeof message[name] !== kind || message[name] === null) return null;
  const request = typeof message["request"] === "number" ? message["request"] : null;
  return { ...message, request, buffers } as unknown as Incoming;
}
