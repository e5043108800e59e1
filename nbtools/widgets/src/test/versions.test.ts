import assert from "node:assert/strict";
import { test } from "node:test";
import { Store } from "../lists/store.ts";
import { firstAt, fitting, height, last, MOST_PX, revealing, scaled, topOf } from "../lists/virtual.ts";
import { parse } from "../versions/parse.ts";
import type { Timeline, Version } from "../versions/protocol.ts";
import * as states from "../versions/state.ts";
import { next } from "../versions/timeline.ts";
import { caption, day, listName, listTitle, nameOf, origin, relabeledWords } from "../versions/words.ts";

const frame = (rows: number) => ({ rows, row: 32, seen: 640 });

const split = (name: string) => ({
  name,
  parent: null,
  message: "",
  author: null,
  created: "",
  items: 1,
  bytes: 0,
  labeled: {},
  changed: "",
  labelsOnly: false,
  sameAs: null,
  parts: {},
});
const version = (name: string, ...splits: string[]): Version => ({ ...split(name), splits: splits.map(split) });
const timeline = (...versions: Version[]): Timeline => ({ mark: "", versions, foreign: [], damaged: {} });
const three = timeline(version("v1", "v1.1", "v1.2"), version("v2"), version("v3", "v3.1"));

test("few rows lie where they lie, and are cut where they are cut", () => {
  assert.equal(scaled(frame(1000)), false);
  assert.deepEqual(firstAt(frame(1000), 70), { first: 2, cut: 6 });
  assert.equal(topOf(frame(1000), 10), 320);
  assert.equal(topOf(frame(1000), 999), 1000 * 32 - 640);
  assert.deepEqual(firstAt(frame(0), 0), { first: 0, cut: 0 });
});

test("the last of a million rows is reached, and every row of them can be the first", () => {
  const million = frame(1_000_000);
  assert.equal(height(million), MOST_PX);
  assert.equal(firstAt(million, height(million) - 640).first, last(million));
  assert.equal(last(million) + fitting(million), 1_000_000);
  for (const row of [0, 1, 2, 499_999, 777_777, last(million)])
    assert.ok(Math.abs(firstAt(million, topOf(million, row)).first - row) <= 1);
  assert.equal(firstAt(million, 1e9).first, last(million));
});

test("a row is revealed by the shortest way", () => {
  assert.equal(revealing(frame(1000), 10, 5), 5);
  assert.equal(revealing(frame(1000), 10, 20), 10);
  assert.equal(revealing(frame(1000), 10, 30), 11);
});

test("what is missing is asked for in runs, and what is far is let go of", () => {
  const gone: string[] = [];
  const store = new Store<string>(4, (thing) => gone.push(thing));
  assert.deepEqual(store.missing(2, 9, 5), { start: 2, count: 5 });
  store.put(2, ["c", "d"]);
  assert.deepEqual(store.missing(2, 6, 5), { start: 4, count: 2 });
  store.put(4, ["e", "f", "g", "h"]);
  assert.equal(store.missing(2, 6, 5), null);
  store.trim(5, 8);
  assert.deepEqual([store.size, gone.sort()], [4, ["c", "d"]]);
  assert.equal(store.get(2), undefined);
  store.put(5, ["F"]);
  assert.equal(store.get(5), "F");
  store.clear();
  assert.equal(gone.length, 7);
});

test("the newest version is looked at until another is picked, and what is gone is not", () => {
  const first = states.settled(states.INITIAL, three);
  assert.equal(first.picked, "v3");
  const other = states.pick(first, "v1");
  assert.equal(states.settled(other, three).picked, "v1");
  assert.equal(states.settled(other, timeline(version("v2"))).picked, "v2");
  const compared = states.compareWith(first, "v1");
  assert.deepEqual(states.parts(compared), ["added", "removed"]);
  assert.equal(states.settled(compared, timeline(version("v3"))).against, null);
  assert.equal(states.settled(states.INITIAL, timeline()).picked, null);
});

test("only two of a kind are compared, and one not with itself", () => {
  const picked = states.pick(states.INITIAL, "v3");
  assert.equal(states.compareWith(picked, "v1.1").against, null);
  assert.equal(states.compareWith(picked, "v3").against, null);
  const compared = states.compareWith(picked, "v1");
  assert.equal(states.compareWith(compared, "v1").against, null);
  assert.equal(states.pick(compared, "v1").against, null);
  assert.equal(states.pick(compared, "v1.1").against, null);
  assert.equal(states.pick(compared, "v2").against, "v1");
});

test("of a column one condition holds, and pressing it again takes it away", () => {
  const once = states.toggleFilter(states.INITIAL, "site", "north");
  const other = states.toggleFilter(once, "site", null);
  assert.deepEqual(other.filters, [["site", null]]);
  assert.deepEqual(states.toggleFilter(other, "site", null).filters, []);
  assert.ok(states.isNarrowed(once));
  assert.ok(!states.isNarrowed(states.everything(once)));
});

test("a column sorts upwards, downwards, and not at all", () => {
  const orders = [1, 2, 3].reduce(
    (made: states.State[]) => [...made, states.sortBy(made.at(-1) ?? states.INITIAL, "bytes")],
    [],
  );
  assert.deepEqual(
    orders.map(({ sort, descending }) => [sort, descending]),
    [
      ["bytes", false],
      ["bytes", true],
      [null, false],
    ],
  );
});

test("a cell is asked for only of what was relabeled", () => {
  const state = states.toggleCell(states.compareWith(states.pick(states.INITIAL, "v2"), "v1"), "species", [
    "jay",
    null,
  ]);
  assert.deepEqual(states.look(state, "relabeled")?.cell, ["jay", null]);
  assert.equal(states.look(state, "added")?.cell, null);
  assert.equal(states.toggleCell(state, "species", ["jay", null]).cell, null);
});

test("what was labeled anew is told from what was relabeled, over the list as on its tab", () => {
  assert.equal(relabeledWords(31, 0), "relabeled 31");
  assert.equal(relabeledWords(431, 400), "relabeled 31 · labeled 400");
  assert.equal(relabeledWords(400, 400), "labeled 400");
  assert.equal(relabeledWords(0, 0), "relabeled 0");
  const state = states.showTab(states.compareWith(states.pick(states.INITIAL, "v2"), "v1"), "relabeled");
  const look = states.look(state, "relabeled");
  assert.ok(look);
  const view = { total: 431, labeled: 400, where: null, columns: [], line: "", relabels: ["species"] };
  assert.equal(listTitle(look, view), "relabeled 31 · labeled 400");
  assert.equal(listTitle(look, null), "relabeled …");
  const two = { ...view, relabels: ["species", "age"] };
  assert.equal(listTitle(look, two), "species: relabeled 31 · labeled 400");
  assert.equal(listTitle({ ...look, task: "age" }, two), "age: relabeled 31 · labeled 400");
  assert.equal(listTitle({ ...look, part: "added" }, view), "added 431");
  assert.equal(listTitle({ ...look, part: "all" }, view), "");
  assert.equal(listName(look, view), "relabeled 31 · labeled 400, from v1 to v2");
  assert.equal(listName({ ...look, part: "added" }, view), "431 items added in v2 since v1");
  assert.equal(listName({ ...look, part: "moved" }, null), "items moved from v1 to v2");
  assert.equal(listName({ ...look, part: "all" }, view), "431 items of v2");
});

test("arrows go along the versions, and down into their splits", () => {
  assert.equal(next(three, "v1", "ArrowRight"), "v2");
  assert.equal(next(three, "v1", "ArrowDown"), "v1.1");
  assert.equal(next(three, "v1.2", "ArrowRight"), "v2");
  assert.equal(next(three, "v1.1", "ArrowUp"), "v1");
  assert.equal(next(three, "v3.1", "ArrowDown"), null);
  assert.equal(next(three, "v2", "End"), "v3");
  assert.equal(next(three, "v2", "x"), null);
});

test("what arrives is new only where something was there before", () => {
  assert.deepEqual(states.arrived(null, three), []);
  assert.deepEqual(
    states.arrived(timeline(version("v1", "v1.1")), three).map(({ name }) => name),
    ["v1.2", "v2", "v3", "v3.1"],
  );
});

test("names, days and origins in the words people use", () => {
  assert.deepEqual([day("2026-11-03T10:00:00Z"), day("soon")], ["3 Nov 2026", "soon"]);
  assert.deepEqual([nameOf({ source: "a/b.png" }), nameOf({ id: "0a" }), nameOf(undefined)], ["b.png", "0a", ""]);
  assert.equal(caption({ a: "x", b: null, c: ["y", "z"] }, ["a", "b", "c"]), "x · y, z");
  const made = { ...split("v2"), author: "anna", created: "2026-11-03", message: "walk", sameAs: "v1" };
  assert.equal(origin(made), "anna · 3 Nov 2026 · “walk” · the same as v1");
});

test("messages are taken as far as they are of the protocol's form", () => {
  const told = {
    v: 1,
    type: "opened",
    dataset: { id: "D" },
    timeline: { versions: [{ name: "v1", items: "x" }, {}, null] },
  };
  const opened = parse(told);
  assert.equal(opened?.type === "opened" && opened.timeline.versions.length, 1);
  assert.equal(opened?.type === "opened" && opened.timeline.versions[0]?.items, 0);
  assert.equal(parse({ ...told, v: 2 }), null);
  assert.equal(parse({ v: 1, type: "view" }), null);
  assert.equal(parse({ v: 1, type: "nothing", request: 1 }), null);
  const body = new TextEncoder().encode(JSON.stringify({ columns: ["id", "n"], rows: [["a"], "x"] }));
  const rows = parse({ v: 1, type: "rows", request: 1, start: 0 }, [new DataView(body.buffer)]);
  assert.deepEqual(rows?.type === "rows" && rows.rows, [
    { id: "a", n: null },
    { id: null, n: null },
  ]);
  const broken = parse({ v: 1, type: "rows", request: 1 }, [new DataView(new Uint8Array([123]).buffer)]);
  assert.deepEqual(broken?.type === "rows" && broken.rows, []);
});
