import assert from "node:assert/strict";
import { test } from "node:test";
import { box } from "../rules/boxform.ts";
import { dragged, inserted } from "../rules/drag.ts";
import { insideRing, moved, scaled, snapped } from "../rules/geometry.ts";
import { held, under } from "../rules/holding.ts";
import { attributesOf, readAs, withAttribute } from "../rules/partattributes.ts";
import { point } from "../rules/pointform.ts";
import { polygon } from "../rules/polygonform.ts";
import * as rules from "../rules/shapes.ts";
import { opened } from "./make.ts";

const SIZE = { width: 400, height: 300 };
const SQUARE = [
  { x: 10, y: 10 },
  { x: 50, y: 10 },
  { x: 50, y: 50 },
  { x: 10, y: 50 },
];
const BOX = [
  { x: 10, y: 20 },
  { x: 110, y: 70 },
];
const { task } = opened({}, "boxes");
const ONCE = { ...task, settings: { once: true } };
const at = (x: number, y: number) => ({ x, y });
const drawn = (...places: readonly (readonly [string | null, rules.Shape["at"]])[]): rules.Drawing =>
  places.reduce<rules.Drawing>((all, [option, place]) => rules.added(all, { option, at: place, attributes: {} }), {
    size: SIZE,
    shapes: [],
  });

test("a value is read, kept and read again as it was, and a shape stays the same object", () => {
  const value = {
    width: 400,
    height: 300,
    shapes: [
      { id: "b", label: "jay", x: 10, y: 20, w: 100, h: 50, attributes: { far: true } },
      { id: "a", label: "rook", x: 0, y: 90, w: 1.5, h: 2, attributes: {} },
    ],
  };
  const read = rules.drawingOf(box, value);
  assert.deepEqual(rules.kept(box, read), value);
  assert.equal(rules.drawingOf(box, rules.kept(box, read)).shapes[1], read.shapes[1]);
  const ring = {
    width: 9,
    height: 9,
    shapes: [
      {
        id: "s1",
        label: null,
        points: [
          [0, 0],
          [9, 0],
          [9, 9],
        ],
        attributes: {},
      },
    ],
  };
  assert.deepEqual(rules.kept(polygon, rules.drawingOf(polygon, ring)), ring);
  const spot = { width: 9, height: 9, shapes: [{ id: "s1", label: "jay", x: 1.5, y: 2, attributes: {} }] };
  assert.deepEqual(rules.kept(point, rules.drawingOf(point, spot)), spot);
  for (const odd of [null, 1, "x", [], { shapes: 1 }, { shapes: [1, null] }])
    assert.deepEqual(rules.drawingOf(box, odd).shapes, []);
  assert.deepEqual(rules.drawingOf(polygon, { shapes: [{ points: [1, ["a", 2], [3, 4]] }] }).shapes[0], {
    id: "s1",
    option: null,
    at: [at(3, 4)],
    attributes: {},
  });
});

test("shapes are kept from top to bottom, and a new one gets the number after the highest", () => {
  const drawing = drawn(["jay", moved(BOX, at(0, 100), SIZE)], ["jay", BOX], ["rook", moved(BOX, at(5, 0), SIZE)]);
  const value = rules.kept(box, drawing) as { shapes: { id: string }[] };
  assert.deepEqual(
    value.shapes.map(({ id }) => id),
    ["s2", "s3", "s1"],
  );
  const less = rules.removed(drawing, "s3") ?? drawing;
  assert.equal(rules.added(less, { option: null, at: BOX, attributes: {} }).shapes.at(-1)?.id, "s3");
  assert.equal(rules.removed(drawn(["jay", BOX]), "s1"), null);
  assert.equal(rules.changed(drawing, "s2", { option: "rook" }).shapes[1]?.option, "rook");
  assert.deepEqual(
    ["s1", null, "s3"].map((id) => rules.beside(drawing, id, 1)?.id),
    ["s2", "s1", "s1"],
  );
  assert.equal(rules.beside(drawing, null, -1)?.id, "s3");
});

test("what is no answer yet is said", () => {
  assert.equal(rules.problem(box, task, null), "draw a box, or say “no boxes”");
  assert.equal(rules.problem(box, task, rules.kept(box, drawn([null, BOX]))), "1 box has no option yet: choose one");
  const two = rules.kept(point, drawn([null, [at(1, 1)]], [null, [at(2, 2)]], ["jay", [at(3, 3)]]));
  assert.equal(rules.problem(point, task, two), "2 points have no option yet: choose one");
  assert.equal(rules.problem(point, { ...task, options: [] }, two), null);
  assert.equal(rules.words(point, task, two), "2 points, 1 jay");
  assert.equal(rules.words(point, task, rules.kept(point, drawn())), "no points");
});

test("shapes of the item before are copied once, with ids of their own and on the new size", () => {
  const from = drawn(["jay", BOX], ["gone", moved(BOX, at(0, 100), SIZE)]);
  const here = drawn(["jay", scaled(BOX, SIZE, { width: 200, height: 150 })]);
  const copied = rules.copied(box, task, { ...here, size: { width: 200, height: 150 } }, from, {
    width: 200,
    height: 150,
  });
  assert.deepEqual(
    copied.shapes.map(({ id, option, at: [first] }) => [id, option, first]),
    [
      ["s1", "jay", at(5, 10)],
      ["s2", null, at(5, 60)],
    ],
  );
  assert.equal(rules.copied(box, task, from, drawn(["jay", BOX]), SIZE), from);
  const nose = drawn(["jay", [at(1, 1)]]);
  assert.equal(rules.copied(point, ONCE, nose, drawn(["jay", [at(9, 9)]]), SIZE), nose);
});

test("where each option is there once, the next one follows and a second is refused", () => {
  const two = drawn(["jay", [at(1, 1)]], ["magpie", [at(2, 2)]]);
  assert.equal(rules.nextOption(ONCE, two, "jay"), "rook");
  assert.equal(rules.nextOption(ONCE, two, "magpie"), "rook");
  assert.equal(rules.nextOption(task, two, "jay"), "jay");
  assert.match(rules.refusal(point, ONCE, two, "jay", null) ?? "", /there is a “jay” already: move it/);
  assert.equal(rules.refusal(point, ONCE, two, "jay", "s1"), null);
  assert.equal(rules.onlyOf(ONCE, two, "magpie")?.id, "s2");
  assert.equal(rules.onlyOf(task, two, "magpie"), null);
});

test("places are snapped into the picture, and what moves stays in it", () => {
  assert.deepEqual(snapped(at(-3.2, 299.7), 1, SIZE), at(0, 300));
  assert.deepEqual(snapped(at(1.26, 2.04), 0.1, SIZE), at(1.3, 2));
  assert.deepEqual(moved(BOX, at(-50, 500), SIZE), [at(0, 250), at(100, 300)]);
});

test("boxes are drawn from any corner, pulled at any grip and never to nothing", () => {
  const drag = (grip: number, to: { x: number; y: number }) =>
    dragged(box, { held: { what: "grip", grip }, from: box.grips(BOX)[grip] ?? to, at: BOX }, to, 1, SIZE);
  assert.deepEqual(drag(0, at(200, 999)), [at(10, 20), at(200, 300)]);
  assert.deepEqual(drag(3, at(200, 0)), [at(110, 20), at(200, 70)], "past the other side it turns over");
  assert.equal(drag(7, at(10, 50)), null);
  const free = { held: { what: "free" as const }, from: at(50, 60), at: null };
  assert.deepEqual(dragged(box, free, at(20.4, 30), 1, SIZE), [at(20, 30), at(50, 60)]);
  assert.equal(dragged(box, free, at(50, 90), 1, SIZE), null);
  assert.deepEqual(dragged(box, { ...free, held: { what: "shape" }, at: BOX }, at(60.2, 70), 1, SIZE), [
    at(20, 30),
    at(120, 80),
  ]);
  assert.equal(box.path(BOX), "M10 20L110 20L110 70L10 70Z");
  assert.equal(box.words(BOX), "100 × 50 at 10, 20");
});

test("corners of polygons are pulled, added and taken away, but for the last three", () => {
  assert.deepEqual(inserted(polygon, SQUARE, 3)?.at(-1), at(10, 30));
  assert.equal(inserted(box, BOX, 0), null);
  const gap = { held: { what: "gap" as const, gap: 0 }, from: at(30, 10), at: SQUARE };
  assert.deepEqual(dragged(polygon, gap, at(30, 0), 1, SIZE)?.[1], at(30, 0));
  const triangle = polygon.without(SQUARE, 3);
  assert.equal(triangle?.length, 3);
  assert.equal(polygon.without(triangle ?? [], 0), null);
  assert.equal(polygon.made([at(0, 0), at(5, 5), at(10, 10)]), null, "a line is no ring");
  assert.equal(polygon.made([at(0, 0), at(5, 5), at(5, 5), at(10, 0), at(0, 0)])?.length, 3);
  assert.ok(insideRing(SQUARE, at(30, 30)) && !insideRing(SQUARE, at(60, 30)));
});

test("a press takes hold of grips before gaps, these before the shape, and of the smallest shape", () => {
  assert.deepEqual(held(polygon, SQUARE, at(12, 11), 4), { what: "grip", grip: 0 });
  assert.deepEqual(held(polygon, SQUARE, at(31, 9), 4), { what: "gap", gap: 0 });
  assert.deepEqual(held(polygon, SQUARE, at(30, 30), 4), { what: "shape" });
  assert.deepEqual(held(polygon, SQUARE, at(90, 30), 4), { what: "free" });
  assert.deepEqual(held(polygon, null, at(30, 30), 4), { what: "free" });
  const small = [at(100, 100), at(112, 112)];
  assert.deepEqual(held(box, small, at(106, 106), 22), { what: "shape" }, "a small box is moved from its middle");
  assert.deepEqual(held(box, small, at(116, 117), 22), { what: "grip", grip: 0 });
  const nested = drawn(["jay", [at(0, 0), at(400, 300)]], ["rook", BOX]);
  assert.deepEqual(
    under(box, nested.shapes, at(20, 30), 0).map(({ id }) => id),
    ["s2", "s1"],
  );
  const points = drawn(["jay", [at(10, 10)]], ["rook", [at(14, 10)]]);
  assert.deepEqual(
    under(point, points.shapes, at(13, 10), 8).map(({ id }) => id),
    ["s2", "s1"],
  );
});

test("attributes are read by their type, and unsaid again", () => {
  const settings = { attributes: { side: ["left", "right"], age: "number", far: "bool", note: "text" } };
  const [side, age, far] = attributesOf({ ...task, settings });
  assert.deepEqual(side, { name: "side", type: "options", options: ["left", "right"] });
  assert.deepEqual([age?.type, far?.type], ["number", "bool"]);
  assert.ok(age);
  assert.deepEqual(
    [" 2,5", "", "old"].map((typed) => readAs(age, typed)),
    [2.5, null, undefined],
  );
  assert.deepEqual(withAttribute({ a: 1 }, "b", 2), { a: 1, b: 2 });
  assert.deepEqual(withAttribute({ a: 1, b: 2 }, "b", null), { a: 1 });
  assert.deepEqual(attributesOf({ ...task, settings: { attributes: null } }), []);
});
