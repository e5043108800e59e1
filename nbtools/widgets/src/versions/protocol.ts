/** The messages between the page of a VersionBrowser and the kernel; `parse.ts` guards those that arrive. */

import type { BytesQuestion } from "../pieces.ts";
import type { Content } from "../protocol.ts";

export type Part = "all" | "added" | "removed" | "replaced" | "moved" | "relabeled";

/** A value as text; `null`: there is none. */
export type Text = string | null;

export interface Look {
  readonly of: string;
  readonly against: string | null;
  readonly part: Part;
  readonly task: string | null;
  /** Only the items that went from the one label to the other. */
  readonly cell: readonly [Text, Text] | null;
  readonly find: string;
  readonly filters: readonly (readonly [string, Text])[];
  readonly sort: string | null;
  readonly descending: boolean;
}

export interface Split {
  readonly name: string;
  readonly parent: string | null;
  readonly message: string;
  readonly author: string | null;
  readonly created: string;
  readonly items: number;
  readonly bytes: number;
  readonly labeled: Readonly<Record<string, number>>;
  readonly changed: string;
  readonly labelsOnly: boolean;
  readonly sameAs: string | null;
  readonly parts: Readonly<Record<string, number>>;
}

export interface Version extends Split {
  readonly splits: readonly Split[];
}

export interface Timeline {
  readonly mark: string;
  readonly versions: readonly Version[];
  readonly foreign: readonly string[];
  /** What is wrong with versions that cannot be read, by name. */
  readonly damaged: Readonly<Record<string, string>>;
}

export interface Column {
  readonly name: string;
  readonly holds: "text" | "number" | "truth" | "list";
  /** Whether every version has it, as it has ids and sizes. */
  readonly own: boolean;
}

export interface Viewed {
  readonly total: number;
  readonly columns: readonly Column[];
  readonly line: string;
  /** What finds the same among the items as they are now; `null`: nothing narrows the list, or nothing finds it. */
  readonly where: Text;
  /** Of those relabeled: items that had no label before. */
  readonly labeled: number;
  /** The tasks of which labels can be compared. */
  readonly relabels: readonly string[];
}

export interface Facet {
  readonly column: string;
  readonly values: readonly (readonly [Text, number])[];
  /** How many other values there are, and how many items have one. */
  readonly others: readonly [number, number];
}

export interface Facets {
  readonly facets: readonly Facet[];
  readonly bytes: number | null;
}

export interface Grid {
  readonly task: string;
  readonly total: number;
  /** Of the total: items that had no label before. */
  readonly labeled: number;
  readonly labels: readonly Text[];
  /** Place of the label before, place of the label after, items. */
  readonly cells: readonly (readonly [number, number, number])[];
  readonly unshown: number;
}

export interface Changes {
  readonly counts: Readonly<Record<"added" | "removed" | "replaced" | "moved", number>>;
  readonly relabeled: readonly Grid[];
}

export type Row = Readonly<Record<string, unknown>>;

export interface Card {
  readonly id: string;
  /** `null`: nothing but its name. */
  readonly content: Content | null;
}

export interface Said {
  readonly task: string;
  readonly annotator: Text;
  readonly value: unknown;
  readonly status: string;
  readonly origin: Text;
  readonly comment: Text;
  readonly at: Text;
}

export interface Detail {
  readonly item: Row;
  readonly content: Content;
  readonly labels: readonly Said[];
  readonly history: readonly Said[];
}

export type JobState = "running" | "done" | "failed" | "cancelled";

export interface Job {
  readonly job: string;
  readonly state: JobState;
  readonly done: number;
  readonly total: number | null;
  readonly result: Readonly<Record<string, unknown>>;
  readonly why: Text;
}

export interface Opened {
  readonly dataset: { readonly id: string; readonly name: string };
  readonly readOnly: boolean;
  readonly person: Text;
  /** The folder below which files are restored; `null`: anywhere. */
  readonly place: Text;
  readonly timeline: Timeline;
}

export type Incoming =
  | ({ readonly type: "opened" } & Opened)
  | { readonly type: "timeline"; readonly request: number; readonly timeline: Timeline | null }
  | ({ readonly type: "view"; readonly request: number } & Viewed)
  | ({ readonly type: "facets"; readonly request: number } & Facets)
  | { readonly type: "rows"; readonly request: number; readonly start: number; readonly rows: readonly Row[] }
  | { readonly type: "cards"; readonly request: number; readonly start: number; readonly cards: readonly Card[] }
  | ({ readonly type: "item"; readonly request: number } & Detail)
  | ({ readonly type: "changes"; readonly request: number } & Changes)
  | {
      readonly type: "bytes";
      readonly request: number;
      readonly start: number;
      readonly total: number;
      readonly bytes: DataView;
    }
  | ({ readonly type: "job"; readonly request: number } & Job)
  | { readonly type: "pong" }
  | { readonly type: "error"; readonly of: string; readonly request: number | null; readonly why: string };

export type Do = "preview" | "freeze" | "verify" | "restore" | "report";

/** What a job is to do; what is left out is as usual. */
export interface Order {
  readonly do: Do;
  readonly version?: string;
  readonly message?: string;
  readonly author?: string;
  readonly truth?: string;
  readonly level?: string;
  readonly destination?: string;
  readonly layout?: string;
  readonly target?: string;
  readonly tasks?: readonly string[];
  readonly where?: string;
}

export type Outgoing =
  | BytesQuestion
  | { readonly type: "open"; readonly client: string }
  | { readonly type: "timeline"; readonly request: number; readonly mark: string }
  | { readonly type: "view"; readonly request: number; readonly look: Look; readonly facets: boolean }
  | {
      readonly type: "rows";
      readonly request: number;
      readonly look: Look;
      readonly start: number;
      readonly count: number;
      readonly cards: boolean;
    }
  | { readonly type: "item"; readonly request: number; readonly look: Look; readonly position: number }
  | { readonly type: "changes"; readonly request: number; readonly of: string; readonly against: string }
  | ({ readonly type: "start"; readonly request: number; readonly job: string } & Order)
  | { readonly type: "job"; readonly request: number; readonly job: string; readonly cancel: boolean };
