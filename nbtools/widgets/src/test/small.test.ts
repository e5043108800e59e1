import assert from "node:assert/strict";
import { test } from "node:test";
import { count, plain, plural, size, timeLeft } from "../format.ts";
import { blocks } from "../items/text.ts";
import { note, progress, type Surroundings, said as saidOf, status } from "../notices.ts";
import { MOST_ITEMS, paced, perItem, windowSize } from "../pace.ts";
import { changed, firstWindow, numbers, rgba } from "../pixels.ts";
import type { Order } from "../protocol.ts";
import { isUlid, ulids } from "../ulid.ts";
import { FITTED, fit, moved, zoomed } from "../zoom.ts";
import { after, opened, session, stamp } from "./make.ts";

test("numbers are grouped by a thin space, from a thousand on", () => {
  assert.deepEqual([0, 999, 1000, 1234567].map(count), ["0", "999", "1\u202f000", "1\u202f234\u202f567"]);
  assert.deepEqual([plural(1, "label"), plural(2000, "label")], ["1 label", "2\u202f000 labels"]);
});

test("times are told as people tell them", () => {
  assert.deepEqual([20_000, 60_000, 12.4 * 60_000, 3 * 3_600_000].map(timeLeft), [
    "under a minute left",
    "about 1 min left",
    "about 12 min left",
    "about 3 h left",
  ]);
});

test("sizes and values in one line", () => {
  assert.deepEqual([500, 1500, 2_500_000, 64_000_000].map(size), ["500 B", "2 KB", "2.5 MB", "64 MB"]);
  assert.deepEqual([plain(["a", 1]), plain(null), plain({ a: 1 })], ["a, 1", "–", '{"a":1}']);
});

test("ids are ULIDs and never run backwards, whatever the clock does", () => {
  const times = [1000, 1000, 999, 1001];
  const next = ulids(() => times.shift() ?? 1001);
  const ids = Array.from({ length: 1000 }, next);
  assert.ok(ids.every(isUlid));
  assert.deepEqual(ids, [...ids].sort());
  assert.equal(new Set(ids).size, ids.length);
  assert.equal(isUlid("anna:01ARZ3NDEKTSV4RRFFQ69G5FAV"), false);
});

test("the window holds three minutes of work, within its bounds", () => {
  const pace = Array.from({ length: 10 }, () => 3_000);
  assert.equal(perItem(pace), 3_000);
  assert.equal(windowSize(pace, 1_000), 60);
  assert.equal(windowSize(pace, 4_000_000), 12, "as many as fit into memory");
  assert.equal(
    windowSize(
      Array.from({ length: 10 }, () => 100),
      1,
    ),
    MOST_ITEMS,
  );
  assert.equal(windowSize([], 1e9), 2);
});

test("a pause is not work", () => {
  assert.deepEqual(paced([1], 61_000), [1]);
  assert.equal(
    paced(
      Array.from({ length: 20 }, () => 1),
      2,
    ).length,
    20,
  );
  assert.equal(perItem([1, 2, 3]), null);
});

test("a picture is zoomed around the pointer and never leaves its frame", () => {
  const [picture, frame] = [
    { width: 1000, height: 500 },
    { width: 500, height: 500 },
  ];
  assert.equal(fit(picture, frame), 0.5);
  const twice = zoomed(FITTED, 2, { x: 100, y: 0 }, picture, frame);
  assert.deepEqual(twice, { scale: 2, x: -100, y: 0 });
  assert.deepEqual(moved(twice, -10_000, 50, picture, frame), { scale: 2, x: -250, y: 0 });
  assert.deepEqual(zoomed(twice, 0, { x: 0, y: 0 }, picture, frame), FITTED);
  assert.equal(zoomed(FITTED, 1e9, { x: 0, y: 0 }, picture, frame).scale, 32, "sixteen CSS pixels for one");
});

test("numbers become pixels through their window", () => {
  const values = numbers(new DataView(Uint16Array.from([0, 100, 220, 300]).buffer), "uint16", [2, 2]);
  const pixels = rgba(values, { low: 100, high: 300 }, 0);
  assert.deepEqual(
    [...pixels].filter((_, i) => i % 4 === 0),
    [0, 0, 153, 255],
  );
  assert.deepEqual(firstWindow(numbers(new DataView(new ArrayBuffer(4)), "uint8", [2, 2]), null), {
    low: 0,
    high: 255,
  });
  assert.deepEqual(firstWindow(values, 0), { low: 0, high: 300 });
  assert.deepEqual(changed({ low: 0, high: 100 }, 0.1, 1), { low: 10, high: 110 });
  assert.deepEqual(changed({ low: 0, high: 100 }, 0, 2), { low: -50, high: 150 });
});

test("each channel has its own window; three are a color; what is no number is clear", () => {
  const two = numbers(new DataView(Uint16Array.from([0, 50_000, 10, 60_000]).buffer), "uint16", [1, 2, 2]);
  assert.deepEqual(firstWindow(two, 1), { low: 50_000, high: 60_000 });
  const color = numbers(new DataView(Uint8Array.from([1, 2, 3]).buffer), "uint8", [1, 1, 3]);
  assert.deepEqual([...rgba(color, { low: 0, high: 255 }, null)], [1, 2, 3, 255]);
  const nan = numbers(new DataView(Float32Array.from([Number.NaN]).buffer), "float32", [1, 1]);
  assert.equal(rgba(nan, { low: 0, high: 1 }, 0)[3], 0);
});

test("a long text is cut at line ends and loses nothing", () => {
  const text = Array.from({ length: 900 }, (_, i) => `line ${i} ${"x".repeat(i % 60)}`).join("\n");
  const found = blocks(text);
  assert.ok(found.length > 3);
  assert.equal(found.join("\n"), text);
  assert.deepEqual(blocks("y".repeat(20_000)), ["y".repeat(20_000)]);
});

const calm: Surroundings = {
  connected: true,
  unkept: 0,
  trouble: null,
  refusal: null,
  hint: null,
  focused: true,
  address: "lab:8866/",
};
const one = () => after(session(3), { type: "label", value: "jay", stamp: stamp() });

test("the status says the gravest thing in a word", () => {
  assert.deepEqual(status(session(2), calm), { text: "ready", tone: "calm" });
  assert.deepEqual(status(one(), calm), { text: "saving 1", tone: "busy" });
  assert.deepEqual(status(one(), { ...calm, connected: false }), { text: "not connected · 1 unsaved", tone: "lost" });
  assert.deepEqual(status(one(), { ...calm, refusal: "too fast: not recorded" }).tone, "refused");
});

test("what only this browser has can be downloaded, and the address to come back to is named", () => {
  const lost = note(one(), { ...calm, connected: false });
  assert.match(lost.text, /your last label is kept in this browser and will be sent.*lab:8866\//);
  assert.equal(lost.download, true);
  const unkept = note(one(), { ...calm, connected: false, unkept: 1 });
  assert.match(unkept.text, /1 label not yet kept.*Leave this page open/);
  assert.match(
    note(one(), { ...calm, trouble: { of: "store", why: "" } }).text,
    /storage is full: the last press was not recorded/,
  );
  assert.match(
    note(one(), { ...calm, trouble: { of: "save", why: "the disk is full" } }).text,
    /Not saved yet: the disk is full/,
  );
});

test("a widget without the focus says how to get it, and one with it says nothing", () => {
  assert.equal(note(session(1), { ...calm, focused: false }).text, "click or press Tab here to use keys");
  assert.equal(note(session(1), calm).text, "");
});

test("progress counts what is done and tells the time once it is known", () => {
  assert.equal(progress(session(2)), "0 of 10");
  const fast = after(
    session(9),
    ...Array.from({ length: 7 }, (_, i) => ({ type: "label", value: "jay", stamp: stamp(i * 30_000) }) as const),
  );
  assert.equal(progress(fast), "7 of 10 · about 2 min left");
});

test("what was said is said in the words of its kind", () => {
  const state = after(session(3), { type: "label", value: "jay", stamp: stamp() }, { type: "skip", stamp: stamp() });
  assert.deepEqual(
    ["item0", "item1", "item2"].map((id) => saidOf({ words: (_, value) => `a ${value}` }, state, id)),
    ["a jay", "skipped", "not labeled"],
  );
});

test("the line says what a ranker did, and warns where it could not", () => {
  const of = (order: Order) => after(session(1), { type: "opened", opened: opened({ order }), kept: [] });
  const [done, failed] = [of({ text: "ordered", failed: false }), of({ text: "not ordered", failed: true })];
  assert.equal(note(done, calm).text, "ordered");
  assert.equal(note(done, { ...calm, focused: false }).text, "click or press Tab here to use keys");
  assert.deepEqual(note(failed, { ...calm, focused: false }), { text: "not ordered", grave: true, download: false });
  assert.equal(note(failed, { ...calm, hint: "nothing to undo" }).text, "nothing to undo");
});
