import assert from "node:assert/strict";
import { test } from "node:test";
import { reverseAll, sayAll } from "../rules/bulk.ts";
import * as select from "../rules/selecting.ts";
import { markOf } from "../state.ts";
import { after, item, said, session, stamp } from "./make.ts";

const sorted = ({ chosen }: select.Selection) => [...chosen].sort((a, b) => a - b);
const everything = () => true;

test("a range grows and shrinks from where it began, and leaves out what was not seen", () => {
  const begun = select.toggled(select.NOTHING, 2, everything);
  const far = select.ranged(begun, 6, 10, (position) => position !== 4);
  assert.deepEqual(sorted(far), [2, 3, 5, 6]);
  assert.deepEqual(sorted(select.ranged(far, 3, 10, everything)), [2, 3]);
  assert.deepEqual(sorted(select.ranged(far, 0, 10, everything)), [0, 1, 2]);
  assert.equal(select.ranged(far, 99, 10, everything).active, 9);
});

test("a toggle takes in and out, and nothing that was not seen", () => {
  const one = select.toggled(select.NOTHING, 3, everything);
  assert.deepEqual(sorted(one), [3]);
  assert.deepEqual(sorted(select.toggled(one, 3, everything)), []);
  assert.deepEqual(sorted(select.toggled(one, 4, () => false)), [3]);
  assert.deepEqual(sorted(select.added(one, [1, 2], (position) => position === 1)), [1, 3]);
  assert.deepEqual(sorted(select.all(one, [7, 8])), [7, 8]);
  assert.deepEqual(sorted(select.none(one)), []);
});

test("the keys stay within the list, and no more are chosen than the browser's store takes", () => {
  assert.equal(select.moved(select.NOTHING, -5, 3).active, 0);
  assert.equal(select.moved(select.NOTHING, 5, 3).active, 2);
  assert.equal(select.moved(select.NOTHING, 5, 0).active, 0);
  assert.equal(select.ranged(select.NOTHING, 5_000, 9_000, everything).chosen.size, select.MOST);
});

test("one label for many is an act for each, of one bulk, and the front goes on", () => {
  const state = session(5);
  const items = [item(0), item(1, { current: said("rook", { flagged: true }) }), item(9)];
  const { state: next, acts } = sayAll(state, items, "jay", stamp, "BULK");
  assert.deepEqual(
    acts.map(({ item: id, value, bulk, supersedes, flagged }) => [id, value, bulk, supersedes, flagged]),
    [
      ["item0", "jay", "BULK", null, false],
      ["item1", "jay", "BULK", "OLD", true],
      ["item9", "jay", "BULK", null, false],
    ],
  );
  assert.deepEqual([next.current, next.pending.size, next.undo.length], ["item2", 3, 1]);
  assert.deepEqual([next.counts.labeled, next.counts.left], [2, 8]);
});

test("what has the label already is left alone", () => {
  const state = session(3);
  const same = sayAll(state, [item(0, { current: said("jay") })], "jay", stamp, "BULK");
  assert.deepEqual([same.acts.length, same.state, same.hint], [0, state, "they are labeled so already"]);
});

test("undo takes the whole of it back, and redo gives it again", () => {
  const state = session(5);
  const done = sayAll(state, [item(0), item(1, { current: said("rook") })], "jay", stamp, "BULK");
  const back = reverseAll(done.state, "undo", stamp, "BACK");
  assert.deepEqual(
    back?.acts?.map(({ kind, undoes, status, value, bulk }) => [kind, undoes, status, value, bulk]),
    [
      ["undo", done.acts[0]?.act, "cleared", null, "BACK"],
      ["undo", done.acts[1]?.act, "labeled", "rook", "BACK"],
    ],
  );
  assert.deepEqual([back?.state.undo.length, back?.state.redo.length, back?.state.pending.size], [0, 1, 4]);
  const again = reverseAll(back?.state ?? state, "redo", stamp, "AGAIN");
  assert.equal(markOf(again?.state ?? state, "item1")?.value, "jay");
  assert.deepEqual(again?.state.undo.length, 1);
});

test("what takes back one label leaves one for many alone", () => {
  const done = sayAll(session(3), [item(0), item(1)], "jay", stamp, "BULK");
  assert.equal(after(done.state, { type: "undo", stamp: stamp() }).undo.length, 1);
});

test("a single step is none of many, and a refused act is left out of the undoing", () => {
  const single = after(session(3), { type: "label", value: "jay", stamp: stamp() });
  assert.equal(reverseAll(single, "undo", stamp, "BACK"), null);
  const done = sayAll(session(3), [item(0), item(1)], "jay", stamp, "BULK");
  const refused = done.acts[0]?.act ?? "";
  const ack = { act: refused, saved: false, final: true, why: "no", current: null };
  const less = after(done.state, { type: "acks", acks: [ack], counts: null });
  assert.deepEqual(
    reverseAll(less, "undo", stamp, "BACK")?.acts?.map((act) => act.item),
    ["item1"],
  );
});
