import assert from "node:assert/strict";
import { test } from "node:test";
import { keycap, keymap, meaning, nameOf, type Stroke } from "../keys.ts";
import { option } from "./make.ts";

const stroke = (key: string, code = "", more: Partial<Stroke> = {}): Stroke => ({
  key,
  code,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  shiftKey: false,
  ...more,
});
const birds = keymap(["jay", "rook", "magpie"].map((id) => option(id)));
const many = keymap(Array.from({ length: 14 }, (_, i) => option(`o${i}`)));

test("digits choose in order, from the row and from the pad", () => {
  assert.deepEqual(meaning(birds, stroke("2", "Digit2")), { option: "rook" });
  assert.deepEqual(meaning(birds, stroke("2", "Numpad2")), { option: "rook" });
  assert.deepEqual(meaning(birds, stroke("é", "Digit2")), { option: "rook" }, "a French row has é there");
  assert.equal(
    meaning(birds, stroke("End", "Numpad1"))?.toString(),
    meaning(birds, stroke("End", "End"))?.toString(),
    "NumLock is off",
  );
  assert.equal(meaning(birds, stroke("9", "Digit9")), null);
});

test("the tenth is 0, then letters that no action has", () => {
  assert.deepEqual(meaning(many, stroke("0", "Digit0")), { option: "o9" });
  assert.deepEqual(many.ofOption.get("o10"), ["a"]);
  assert.deepEqual(many.ofOption.get("o13"), ["h"], "b, c and g are the grid's, the comment's and the guidelines'");
  assert.deepEqual(meaning(many, stroke("c", "KeyC")), { action: "comment" });
});

test("with fewer than ten options 0 fits the picture", () => {
  assert.deepEqual(meaning(birds, stroke("0", "Digit0")), { action: "zoomFit" });
  assert.deepEqual(many.ofAction.get("zoomFit"), []);
});

test("an option's own key is added, before its number and before an action", () => {
  const own = keymap([option("fox", "F"), option("jay")]);
  assert.deepEqual(own.ofOption.get("fox"), ["f", "1"]);
  assert.deepEqual(meaning(own, stroke("F", "KeyF", { shiftKey: true })), { option: "fox" });
  assert.deepEqual(meaning(own, stroke("1", "Digit1")), { option: "fox" });
  assert.deepEqual(own.ofAction.get("flag"), []);
});

test("options that are digits have these and no letters beside them", () => {
  const digits = keymap(Array.from({ length: 10 }, (_, i) => option(`${i}`, `${i}`)));
  assert.deepEqual(
    [...digits.ofOption.values()],
    Array.from({ length: 10 }, (_, i) => [`${i}`]),
  );
});

test("undo and redo by the keys of every platform", () => {
  const cases = [
    ["u", {}, "undo"],
    ["z", { ctrlKey: true }, "undo"],
    ["z", { metaKey: true }, "undo"],
    ["Z", { ctrlKey: true, shiftKey: true }, "redo"],
    ["y", { ctrlKey: true }, "redo"],
  ] as const;
  for (const [key, more, action] of cases) assert.deepEqual(meaning(birds, stroke(key, "", more)), { action });
});

test("the browser's own shortcuts stay the browser's", () => {
  assert.equal(meaning(birds, stroke("1", "Digit1", { ctrlKey: true })), null);
  assert.equal(meaning(birds, stroke("1", "Digit1", { altKey: true })), null);
  assert.equal(meaning(birds, stroke("c", "KeyC", { ctrlKey: true })), null);
  assert.equal(meaning(birds, stroke("ArrowLeft", "ArrowLeft", { altKey: true })), null);
});

test("what AltGr types is what was typed", () => {
  assert.deepEqual(meaning(birds, stroke("[", "Digit8", { ctrlKey: true, altKey: true })), { action: "levelDown" });
});

test("a remapped action has its new key and lost the old one", () => {
  const map = keymap([option("jay")], {}, { skip: "s" });
  assert.deepEqual(meaning(map, stroke("s", "KeyS")), { action: "skip" });
  assert.equal(meaning(map, stroke(" ", "Space")), null);
});

test("an editor's command goes before a shared action, which is under it, and after the options", () => {
  const commands = { left: { keys: ["ArrowLeft", "1"], words: "to the left" }, cut: { keys: ["k"], words: "cut" } };
  const map = keymap([option("jay")], commands, { cut: "j" });
  assert.deepEqual(meaning(map, stroke("ArrowLeft", "ArrowLeft")), { action: "left", under: "back" });
  assert.deepEqual(meaning(map, stroke("1", "Digit1")), { option: "jay" });
  assert.deepEqual(meaning(map, stroke("j", "KeyJ")), { action: "cut" });
  assert.deepEqual(map.ofAction.get("left"), ["ArrowLeft"]);
  assert.deepEqual(map.ofAction.get("back"), ["ArrowLeft"], "and it is shown on both");
});

test("no key means two things", () => {
  for (const map of [birds, many]) {
    const all = [...[...map.ofOption.values()].flat(), ...[...map.ofAction.values()].flat()];
    assert.equal(new Set(all).size, all.length);
    assert.equal(map.meanings.size, all.length);
  }
});

test("keys are named as they stand on a keyboard", () => {
  assert.deepEqual(["a", "Space", "ArrowLeft", "ctrl+shift+z", "+", "?"].map(keycap), [
    "A",
    "Space",
    "←",
    "Ctrl+Shift+Z",
    "+",
    "?",
  ]);
  assert.equal(nameOf(stroke(" ", "Space")), "Space");
});
