/**
 * The messages between the page and the kernel. Every message carries `v: 1` and `type`; `parse.ts` guards those that arrive.
 */

export const VERSION = 1;

export type Status = "labeled" | "skipped" | "cleared";
/** What JSON can hold; nobody changes it in place. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
/** What is said about an item, in the form of its task's kind; `null`: nothing. */
export type Value = Json;

export interface Option {
  readonly id: string;
  readonly name: string;
  readonly key: string | null;
  readonly color: string | null;
  readonly description: string | null;
  /** What it stands under, where options are shown in groups. */
  readonly group: string | null;
  /** A small picture, as a `data:` URL. */
  readonly picture: string | null;
}

export interface Counts {
  readonly total: number;
  readonly labeled: number;
  readonly skipped: number;
  readonly left: number;
}

/** What a person has said about an item: the head of its chain of acts. */
export interface Current {
  readonly act: string;
  readonly value: Value;
  readonly status: Status;
  readonly flagged: boolean;
  readonly unsure: boolean;
  readonly comment: string | null;
  readonly conflict: boolean;
}

/** What a model proposes for an item; it is never counted as said. */
export interface Suggestion {
  /** The id of the table that it came in. */
  readonly table: string;
  readonly value: Value;
  readonly score: number | null;
  readonly model: string;
}

export type Dtype = "uint8" | "uint16" | "float32";

/** What is shown of an item; `bytes` views are taken from the message's buffers. */
export type Content =
  | { readonly form: "bytes"; readonly bytes: DataView; readonly mediaType: string; readonly full: boolean }
  | { readonly form: "text"; readonly text: string; readonly full: boolean }
  | { readonly form: "record"; readonly record: Readonly<Record<string, unknown>> }
  | { readonly form: "stream"; readonly total: number; readonly mediaType: string; readonly wav: Wav | null }
  | {
      readonly form: "array";
      readonly bytes: DataView;
      readonly dtype: Dtype;
      readonly shape: readonly number[];
      /** The size of the picture that this has only some rows and columns of. */
      readonly original: { readonly width: number; readonly height: number } | null;
    }
  | { readonly form: "html"; readonly html: string }
  | { readonly form: "parts"; readonly parts: readonly Content[] }
  /** One of the rarer forms, which is looked at by whoever shows it. */
  | {
      readonly form: "raw";
      readonly fields: Readonly<Record<string, unknown>>;
      readonly buffers: readonly DataView[];
      readonly mediaType: string;
    }
  | { readonly form: "error"; readonly why: string };

/** Where the sound of a WAV file lies, any part of which can be read and played on its own. */
export interface Wav {
  /** 1: whole numbers; 3: floats. */
  readonly encoding: number;
  readonly channels: number;
  readonly rate: number;
  readonly bits: number;
  /** The byte at which it begins. */
  readonly start: number;
  readonly frames: number;
  /** How many frames each pair of peaks stands for. */
  readonly framesPerPeak: number;
}

/** A bundle that the kernel hands out on request. */
export type ModuleName = "bulk" | "guide" | "html" | "later" | "spectrogram";

export interface Item {
  readonly id: string;
  readonly position: number;
  readonly kind: string;
  readonly name: string;
  readonly bytes: number;
  readonly width: number | null;
  readonly height: number | null;
  readonly duration: number | null;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Attributes that the task's editor needs, beside those that are shown. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly current: Current | null;
  readonly suggestion: Suggestion | null;
  readonly again: boolean;
  readonly content: Content;
}

export type Cursor = readonly [number, number];

/** How to answer, as Markdown; `changed`: when it replaced other words. */
export interface Guidelines {
  readonly text: string;
  readonly changed: string | null;
}

export interface Task {
  readonly name: string;
  readonly kind: string;
  readonly schema: number;
  readonly title: string | null;
  readonly guidelines?: Guidelines | null;
  readonly options: readonly Option[];
  /** What else the kind needs to be known; checked in Python. */
  readonly settings: { readonly [name: string]: Json };
}

/** What the kernel says of a ranker's last ranking; nothing where there is no ranker. */
export interface Order {
  readonly text: string;
  readonly failed: boolean;
}

export interface Opened {
  readonly type: "opened";
  readonly dataset: { readonly id: string; readonly name: string };
  readonly task: Task;
  readonly annotator: { readonly name: string; readonly identity: string } | null;
  readonly mode: "new" | "review";
  readonly counts: Counts;
  /** Whether an item can be skipped. */
  readonly skips: boolean;
  /** Whether models have proposed anything that may be shown. */
  readonly suggests: boolean;
  /** Whether labels outlive the kernel. */
  readonly saves: boolean;
  readonly order: Order;
}

export interface Ack {
  readonly act: string;
  readonly saved: boolean;
  readonly final: boolean;
  readonly why: string;
  readonly current: Current | null;
}

export type Incoming =
  | Opened
  | {
      readonly type: "items";
      readonly request: number;
      readonly items: readonly Item[];
      readonly cursor: Cursor | null;
      readonly exhausted: boolean;
      /** How many a grid has. */
      readonly total?: number | null;
      readonly counts: Counts | null;
    }
  | {
      readonly type: "bytes";
      readonly request: number;
      readonly start: number;
      readonly total: number;
      readonly bytes: DataView;
    }
  | { readonly type: "acks"; readonly acks: readonly Ack[]; readonly counts: Counts | null }
  | { readonly type: "pong"; readonly counts: Counts | null }
  | { readonly type: "goto"; readonly id: string }
  | { readonly type: "error"; readonly of: string; readonly request: number | null; readonly why: string };

/** One thing a person did, as it is kept in the browser and sent to the kernel. */
export interface Act {
  readonly act: string;
  readonly item: string;
  readonly kind: "label" | "undo";
  readonly schema: number;
  readonly status: Status;
  readonly value: Value;
  readonly flagged: boolean;
  readonly unsure: boolean;
  readonly comment: string | null;
  readonly supersedes: string | null;
  readonly undoes: string | null;
  readonly shown_at: string;
  readonly sent_at: string;
  readonly visible_ms: number;
  readonly active_ms: number;
  /** What was shown; the kernel knows what it said, and finds out what became of it. */
  readonly suggestion: { readonly table: string; readonly rejected: boolean } | null;
  /** What it was part of, where many items got one label at once. */
  readonly bulk?: string;
}

export type Outgoing =
  | { readonly type: "open"; readonly client: string }
  | { readonly type: "introduce"; readonly name: string }
  | {
      readonly type: "fetch";
      readonly request: number;
      readonly cursor: Cursor | null;
      readonly count: number;
      readonly bytes: number;
    }
  | {
      readonly type: "grid";
      readonly request: number;
      readonly start: number;
      readonly count: number;
      readonly unlabeled: boolean;
      readonly fresh: boolean;
    }
  | { readonly type: "item"; readonly request: number; readonly id?: string; readonly position?: number }
  | {
      readonly type: "bytes";
      readonly request: number;
      readonly item: string;
      readonly start: number;
      readonly full: boolean;
    }
  | { readonly type: "peaks"; readonly request: number; readonly item: string }
  | { readonly type: "module"; readonly request: number; readonly name: ModuleName }
  | { readonly type: "picture"; readonly request: number; readonly path: string }
  | { readonly type: "acts"; readonly acts: readonly Act[] }
  | { readonly type: "ping" };
