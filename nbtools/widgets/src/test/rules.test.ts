import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json, Task } from "../protocol.ts";
import * as choices from "../rules/choices.ts";
import * as text from "../rules/text.ts";
import { windowOf } from "../zoom.ts";
import { item, option } from "./make.ts";

const task = (settings: { readonly [name: string]: Json }): Task => ({
  name: "caption",
  kind: "text",
  schema: 1,
  title: null,
  options: [],
  settings: { start: null, lines: 3, longest: 10, empty: false, ...settings },
});

test("several choices are toggled, and kept in the task's order", () => {
  const options = ["jay", "rook", "magpie"].map((id) => option(id));
  const press = (value: Json, id: string) => choices.toggled(value, id, options);
  assert.deepEqual(["magpie", "rook", "jay", "rook"].reduce(press, null), ["jay", "magpie"]);
  assert.equal(press(["jay"], "jay"), null, "nothing chosen is not “none of these”");
  assert.match(choices.problem(null) ?? "", /none of these/);
  assert.equal(choices.problem([]), null);
});

test("a text starts with nothing, the item's own words, or an attribute", () => {
  assert.equal(text.initial(task({}), item(0)), null);
  assert.equal(text.initial(task({ start: "item" }), item(0)), "a jay");
  const long = item(0, { content: { form: "text", text: "the begin", full: true } });
  assert.equal(text.initial(task({ start: "item" }), long), null, "of a long text only the beginning is here");
  const said = item(0, { given: { asr: "a jay calls", other: 3 } });
  assert.equal(text.initial(task({ start: "attribute:asr" }), said), "a jay calls");
  assert.equal(text.initial(task({ start: "attribute:none" }), said), null);
});

test("a text is counted in characters, and empty only where that is an answer", () => {
  assert.equal(text.problem(task({}), "a jay"), null);
  assert.equal(text.problem(task({}), "🐦".repeat(10)), null);
  assert.equal(text.problem(task({}), "🐦".repeat(12)), "2 characters too long");
  assert.equal(text.problem(task({}), "  "), "write something");
  assert.match(text.problem(task({ empty: true }), null) ?? "", /no text/);
  assert.equal(text.problem(task({ empty: true }), ""), null);
});

test("words are taken back one by one", () => {
  assert.equal(text.runAt("a ja"), text.runAt("a jay"));
  assert.notEqual(text.runAt("a jay"), text.runAt("a jay "));
});

test("the window of a zoomed picture is the part that its frame shows", () => {
  const [picture, frame] = [
    { width: 400, height: 300 },
    { width: 800, height: 300 },
  ];
  assert.deepEqual(windowOf({ scale: 1, x: 0, y: 0 }, picture, frame), { x: -200, y: 0, width: 800, height: 300 });
  assert.deepEqual(windowOf({ scale: 2, x: 100, y: 0 }, picture, frame), { x: -50, y: 75, width: 400, height: 150 });
});
