import assert from "node:assert/strict";
import { test } from "node:test";
import { judge, type Press, Stopwatch } from "../presented.ts";

const press = (timeStamp: number, more: Partial<Press> = {}): Press => ({
  timeStamp,
  repeat: false,
  composing: false,
  ...more,
});

test("a press labels the item that was on the screen when it went down", () => {
  assert.equal(judge(press(101), { item: "a", at: 100 }, "a"), "accept");
  assert.equal(judge(press(99), { item: "a", at: 100 }, "a"), "fast");
  assert.equal(judge(press(99), { item: "a", at: null }, "a"), "fast", "its frame is not made yet");
});

test("a press with nothing, or something else, on the screen labels nothing", () => {
  assert.equal(judge(press(101), { item: null, at: null }, "a"), "unseen");
  assert.equal(judge(press(101), { item: "a", at: 100 }, "b"), "unseen");
  assert.equal(judge(press(101), { item: null, at: null }, null), "unseen");
});

test("held keys and input methods never label", () => {
  assert.equal(judge(press(101, { repeat: true }), { item: "a", at: 100 }, "a"), "held");
  assert.equal(judge(press(101, { composing: true }), { item: "a", at: 100 }, "a"), "composing");
});

test("time is counted while the page is visible, and active while somebody does something", () => {
  const watch = new Stopwatch(0);
  assert.deepEqual(watch.read(1_000), { visible: 1_000, active: 1_000 });
  watch.visibility(2_000, false);
  watch.visibility(50_000, true);
  assert.deepEqual(watch.read(51_000), { visible: 3_000, active: 2_000 }, "back, but nothing was touched for long");
  watch.input(51_000);
  assert.deepEqual(watch.read(120_000), { visible: 72_000, active: 32_000 });
});
