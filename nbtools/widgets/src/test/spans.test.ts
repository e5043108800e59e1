import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json, Task } from "../protocol.ts";
import { Points } from "../rules/points.ts";
import * as rules from "../rules/spans.ts";
import { option } from "./make.ts";

const BIRDS = "a jay 🐦 and 👩‍👩‍👧 see שלום, e\u0301tat";
const task = (settings: { readonly [name: string]: Json } = {}): Task => ({
  name: "names",
  kind: "spans",
  schema: 1,
  title: null,
  options: ["bird", "person"].map((id) => option(id)),
  settings: { snap: "word", overlap: true, relations: ["sees", "eats"], ...settings },
});
const marked = (...spans: readonly (readonly [number, number, string])[]): rules.Marking =>
  spans.reduce((all, [start, end, name]) => rules.added(all, { start, end, option: name }), rules.markingOf(null));

test("code points and units are counted into each other, and lie alike in any text", () => {
  for (const text of [BIRDS, "", "abc", "🐦", "🐦🐦a🐦", "a\ud83d", "\u{1f1e9}\u{1f1ea}"]) {
    const points = new Points(text);
    const all = [...text];
    assert.equal(points.length, all.length);
    let unit = 0;
    all.forEach((one, point) => {
      assert.equal(points.toUnit(point), unit);
      assert.equal(points.toPoint(unit), point);
      if (one.length === 2) assert.equal(points.toPoint(unit + 1), point, "within a pair lies its beginning");
      assert.equal(points.slice({ start: point, end: point + 1 }), one);
      unit += one.length;
    });
    assert.equal(points.toUnit(points.length), text.length);
    assert.equal(points.toPoint(text.length), points.length);
  }
});

test("a step goes over what a person takes for one character", () => {
  const points = new Points("🐦👩‍👩‍👧e\u0301x");
  const stops = [0];
  for (let at = 0; at < points.length; stops.push(at)) at = points.character(at, 1);
  assert.deepEqual(stops, [0, 1, 6, 8, 9]);
  const back = [points.length];
  for (let at = points.length; at > 0; back.push(at)) at = points.character(at, -1);
  assert.deepEqual(back, [...stops].reverse());
  assert.deepEqual([points.character(9, 1), points.character(0, -1)], [9, 0]);
});

test("a step over a word ends at its end, and back at its start; emoji are words", () => {
  const points = new Points(BIRDS);
  const seen = [];
  for (let at = 0; at < points.length; ) {
    const next = points.word(at, 1);
    seen.push(points.slice({ start: points.word(next, -1), end: next }));
    at = next;
  }
  assert.deepEqual(seen, ["a", "jay", "🐦", "and", "👩‍👩‍👧", "see", "שלום", ",", "e\u0301tat"]);
  assert.equal(points.word(1, -1), 0);
  assert.equal(new Points("a  ").word(1, 1), 3, "after the last word comes the end");
  assert.equal(new Points("  a").word(2, -1), 0);
});

test("a selection grows to whole words, without space around, or to whole characters", () => {
  const points = new Points(BIRDS);
  const snapped = (start: number, end: number, to: "word" | "character" = "word") => {
    const range = points.snapped({ start, end }, to);
    return range === null ? null : points.slice(range);
  };
  assert.equal(snapped(3, 4), "jay");
  assert.equal(snapped(1, 8), "jay 🐦", "space around is left out");
  assert.equal(snapped(1, 2), null, "nothing but space");
  assert.equal(snapped(3, 3), null);
  assert.equal(snapped(3, 4, "character"), "a");
  assert.equal(snapped(13, 14, "character"), "👩‍👩‍👧", "no character is torn apart");
  assert.equal(snapped(0, 99), BIRDS);
  assert.deepEqual(points.wordAt(3), { start: 2, end: 5 });
  assert.deepEqual([points.wordAt(1), points.wordAt(points.length)], [null, null]);
  assert.equal(new Points("").snapped({ start: 0, end: 0 }, "word"), null);
});

test("a value is read and kept, in the order of the text, and what is none holds nothing", () => {
  const value = rules.kept({ ...marked([6, 7, "bird"], [2, 5, "bird"], [2, 7, "person"]), hash: "h" });
  assert.deepEqual(
    (value as unknown as rules.Marking).spans.map(({ id }) => id),
    ["s3", "s2", "s1"],
  );
  assert.deepEqual(rules.kept(rules.markingOf(value)), value);
  for (const none of [null, 3, "x", [], { a: 1 }]) assert.deepEqual(rules.markingOf(none).spans, []);
});

test("a span keeps its id when it is resized or renamed, and a new one takes no other's", () => {
  const two = marked([2, 5, "bird"], [6, 7, "bird"]);
  const other = rules.changed(rules.changed(two, "s1", { option: "person" }), "s1", { start: 0 });
  assert.deepEqual(other.spans[0], { id: "s1", start: 0, end: 5, option: "person" });
  assert.deepEqual(two.spans[0], { id: "s1", start: 2, end: 5, option: "bird" }, "nothing is changed in place");
  const foreign = { ...two, spans: [...two.spans, { id: "T9", start: 8, end: 9, option: "bird" }] };
  assert.equal(rules.added(foreign, { start: 0, end: 1, option: "bird" }).spans.at(-1)?.id, "s3");
});

test("a span goes with its relations; the last one leaves nothing said", () => {
  let marking = rules.related(marked([2, 5, "bird"], [13, 16, "person"]), { type: "sees", from: "s2", to: "s1" });
  assert.equal(rules.related(marking, { type: "sees", from: "s2", to: "s1" }), marking);
  marking = rules.related(marking, { type: "eats", from: "s2", to: "s1" });
  const [first] = marking.relations;
  assert.ok(first);
  assert.deepEqual(
    rules.removed(marking, rules.relationKey(first))?.relations.map(({ type }) => type),
    ["eats"],
  );
  const left = rules.removed(marking, "s1");
  assert.deepEqual([left?.spans.length, left?.relations], [1, []]);
  assert.equal(left && rules.removed(left, "s2"), null);
});

test("the same span twice is refused, and one over another where spans may not overlap", () => {
  const marking = marked([2, 5, "bird"]);
  const refusal = (start: number, end: number, name: string, overlap: boolean, self: string | null = null) =>
    rules.refusal(task({ overlap }), marking, { start, end, option: name }, self);
  assert.match(refusal(2, 5, "bird", true) ?? "", /there already/);
  assert.equal(refusal(2, 5, "bird", true, "s1"), null);
  assert.equal(refusal(2, 5, "person", true), null);
  assert.match(refusal(4, 6, "bird", false) ?? "", /do not overlap/);
  assert.equal(refusal(5, 6, "bird", false), null);
});

test("spans that overlap lie on lines of their own, and the innermost is found first", () => {
  const marking = rules.markingOf(rules.kept(marked([0, 9, "bird"], [2, 5, "person"], [4, 7, "bird"], [8, 9, "bird"])));
  assert.deepEqual(rules.levels(marking), [0, 1, 2, 1]);
  assert.deepEqual(
    rules.spansAt(marking, 4).map(({ id }) => id),
    ["s2", "s3", "s1"],
  );
  const deep = marked(...Array.from({ length: 9 }, (_, i) => [i, 20, "bird"] as const));
  assert.equal(Math.max(...rules.levels(deep)), rules.LEVELS - 1);
});

test("a second tap widens the selection, and takes it back within", () => {
  assert.deepEqual(rules.joined({ start: 6, end: 9 }, { start: 2, end: 5 }), { anchor: 2, focus: 9 });
  assert.equal(rules.joined({ start: 2, end: 9 }, { start: 2, end: 5 }), null);
});

test("a value is told by its options, and no spans are an answer that has to be said", () => {
  const value = rules.kept(marked([2, 5, "bird"], [6, 7, "bird"], [13, 16, "gone"]));
  assert.equal(rules.words(task(), value), "2 bird, 1 gone");
  assert.equal(rules.words(task(), rules.kept(rules.markingOf(null))), rules.NONE);
  assert.match(rules.problem(null) ?? "", /no spans/);
  assert.equal(rules.problem(value), null);
});

test("types of relation have keys as options have, and no option is one", () => {
  const types = rules.relationOptions(task());
  assert.deepEqual(
    types.map(({ id }) => rules.typeOf(id)),
    ["sees", "eats"],
  );
  assert.equal(rules.typeOf("sees"), null);
  assert.deepEqual(rules.relationOptions(task({ relations: [] })), []);
});

test("words are quoted on one line, cut in the middle, and a text is hashed as the kernel does", () => {
  assert.equal(rules.quote("a\n jay"), "“a jay”");
  assert.equal(rules.quote("🐦".repeat(50)), `“${"🐦".repeat(20)} … ${"🐦".repeat(20)}”`);
  assert.equal(rules.hashOf("äöü"), "bc329dbfa029f66476cb633afcd3136c");
});
