/** Small values for tests: items, options, a session with a page of items in it. */

import type { Stamp } from "../acts.ts";
import type { Current, Item, Opened, Option } from "../protocol.ts";
import { type Event, reduce } from "../session.ts";
import { INITIAL, type State } from "../state.ts";

export const option = (id: string, key: string | null = null): Option => ({
  id,
  name: id,
  key,
  color: null,
  description: null,
  group: null,
  picture: null,
});

export const opened = (more: Partial<Opened> = {}, kind = "choice"): Opened => ({
  type: "opened",
  dataset: { id: "D", name: "Birds" },
  task: {
    name: "species",
    kind,
    schema: 3,
    title: null,
    options: ["jay", "rook", "magpie"].map((id) => option(id)),
    settings: {},
  },
  annotator: { name: "anna", identity: "environment" },
  mode: "new",
  counts: { total: 10, labeled: 0, skipped: 0, left: 10 },
  skips: true,
  suggests: false,
  saves: true,
  order: { text: "", failed: false },
  ...more,
});

export const item = (position: number, more: Partial<Item> = {}): Item => ({
  id: `item${position}`,
  position,
  kind: "text",
  name: `${position}.txt`,
  bytes: 100,
  width: null,
  height: null,
  duration: null,
  attributes: {},
  given: {},
  current: null,
  suggestion: null,
  again: false,
  content: { form: "text", text: "a jay", full: false },
  ...more,
});

export const said = (value: string | readonly string[], more: Partial<Current> = {}): Current => ({
  act: "OLD",
  value,
  status: "labeled",
  flagged: false,
  unsure: false,
  comment: null,
  conflict: false,
  ...more,
});

let stamps = 0;

export function stamp(at = 0): Stamp {
  stamps += 1;
  return {
    act: `act${String(stamps).padStart(4, "0")}`,
    at,
    shownAt: "2026-01-01T00:00:00.000Z",
    sentAt: "2026-01-01T00:00:01.000Z",
    visibleMs: 900,
    activeMs: 800,
  };
}

/** The state after some events; hints and acts are not looked at. */
export const after = (state: State, ...events: readonly Event[]): State =>
  events.reduce((each, event) => reduce(each, event).state, state);

export const page = (items: readonly Item[], exhausted = false): Event => ({
  type: "page",
  items,
  cursor: [0, 99],
  exhausted,
  counts: null,
});

/** A session with `count` items, the first of which is on the screen. */
export const session = (count: number, more: Partial<Opened> = {}, kind = "choice", exhausted = false): State =>
  after(
    INITIAL,
    { type: "opened", opened: opened(more, kind), kept: [] },
    page(
      Array.from({ length: count }, (_, i) => item(i)),
      exhausted,
    ),
  );
