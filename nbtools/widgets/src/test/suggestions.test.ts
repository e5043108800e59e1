import assert from "node:assert/strict";
import { test } from "node:test";
import { proposedName } from "../editors/proposed.ts";
import { score } from "../format.ts";
import { keymap, meaning, SUGGESTING } from "../keys.ts";
import { reduce } from "../session.ts";
import { draftOf, INITIAL } from "../state.ts";
import { after, item, opened, option, page, stamp } from "./make.ts";

const suggestion = { table: "T", value: "rook", score: 0.87, model: "m" };
const begun = after(
  INITIAL,
  { type: "opened", opened: opened(), kept: [] },
  page([item(0, { suggestion }), item(1)], true),
);
const reject = { type: "judge", item: "item0", value: null, rejected: true } as const;

test("an act names the suggestion that was shown, and whether it was rejected", () => {
  const taken = reduce(begun, { type: "label", value: "rook", stamp: stamp() });
  assert.deepEqual(taken.act?.suggestion, { table: "T", rejected: false });
  const refused = reduce(after(begun, reject), { type: "label", value: "jay", stamp: stamp() });
  assert.deepEqual(refused.act?.suggestion, { table: "T", rejected: true });
  const other = reduce(taken.state, { type: "label", value: "jay", stamp: stamp() });
  assert.equal(other.act?.suggestion, null);
  assert.equal(reduce(taken.state, { type: "undo", stamp: stamp() }).act?.suggestion, null);
});

test("rejecting is a step that is taken back and made again, with what stood in the editor", () => {
  const edited = after(begun, { type: "edit", item: "item0", value: ["jay"], run: null }, reject);
  assert.deepEqual([draftOf(edited, "item0").value, draftOf(edited, "item0").rejected], [null, true]);
  const back = after(edited, { type: "undo", stamp: stamp() });
  assert.deepEqual([draftOf(back, "item0").value, draftOf(back, "item0").rejected], [["jay"], null]);
  const again = after(back, { type: "redo", stamp: stamp() });
  assert.deepEqual([draftOf(again, "item0").value, draftOf(again, "item0").rejected], [null, true]);
  const labeled = after(again, { type: "label", value: "jay", stamp: stamp() });
  const undone = after(labeled, { type: "undo", stamp: stamp() });
  assert.equal(draftOf(undone, "item0").rejected, true);
});

test("what is taken after it was rejected is rejected no more, whatever is changed of it then", () => {
  const taken = after(begun, reject, { type: "judge", item: "item0", value: "rook", rejected: false });
  assert.deepEqual([draftOf(taken, "item0").value, draftOf(taken, "item0").rejected], ["rook", false]);
  const changed = after(taken, { type: "edit", item: "item0", value: "jay", run: null });
  const said = reduce(changed, { type: "label", value: "jay", stamp: stamp() });
  assert.deepEqual(said.act?.suggestion, { table: "T", rejected: false });
  const undone = after(taken, { type: "undo", stamp: stamp() }, { type: "undo", stamp: stamp() });
  assert.deepEqual([draftOf(undone, "item0").value, draftOf(undone, "item0").rejected], [null, null]);
});

test("a part that is suggested is asked about, with the score where that is about it alone", () => {
  const { value, ...about } = suggestion;
  assert.equal(proposedName("rook", { ...about, value }, 1), "rook? 87\u202f%");
  assert.equal(proposedName("rook", { ...about, value }, 2), "rook?");
  assert.equal(proposedName("", { ...about, value, score: null }, 1), "?");
});

test("the first suggestion that comes makes the session one with suggestions", () => {
  assert.equal(begun.opened?.suggests, true);
  assert.equal(after(INITIAL, { type: "opened", opened: opened(), kept: [] }, page([item(0)])).opened?.suggests, false);
});

test("its keys stand beside those of the options, and leave an option its own", () => {
  const stroke = { key: "a", code: "KeyA", ctrlKey: false, altKey: false, metaKey: false, shiftKey: false };
  const keys = keymap([option("jay"), option("ara", "a")], SUGGESTING);
  assert.deepEqual(meaning(keys, stroke), { option: "ara" });
  assert.deepEqual(keys.ofAction.get("accept"), ["ctrl+Enter"]);
  const enter = { ...stroke, key: "Enter", code: "Enter", ctrlKey: true };
  assert.deepEqual(meaning(keys, enter), { action: "accept" });
  assert.deepEqual(meaning(keys, { ...enter, shiftKey: true }), { action: "reject" });
});

test("a score is a share where it can be one", () => {
  assert.deepEqual([0, 0.874, 1, 12.345, -0.5].map(score), ["0\u202f%", "87\u202f%", "100\u202f%", "12.3", "-0.5"]);
});
