import assert from "node:assert/strict";
import { test } from "node:test";
import { batch } from "../batch.ts";
import type { Value } from "../protocol.ts";
import { reduce } from "../session.ts";
import { draftOf, INITIAL, markOf } from "../state.ts";
import { after, item, opened, page, said, session, stamp } from "./make.ts";

const choose = (value: string) => ({ type: "label", value, stamp: stamp() }) as const;
const submit = (value: Value = null, problem: string | null = null) =>
  ({ type: "submit", value, problem, stamp: stamp() }) as const;
const edit = (value: Value, run: string | null = null) => ({ type: "edit", item: "item0", value, run }) as const;
const undo = () => ({ type: "undo", stamp: stamp() }) as const;
const redo = () => ({ type: "redo", stamp: stamp() }) as const;

test("a choice labels the item on the screen, and the next one comes", () => {
  const start = session(3);
  const { state, act } = reduce(start, choose("rook"));
  assert.equal(start.current, "item0");
  assert.equal(act?.item, "item0");
  assert.deepEqual([act?.value, act?.status, act?.schema, act?.supersedes], ["rook", "labeled", 3, null]);
  assert.equal(state.current, "item1");
  assert.equal(markOf(state, "item0")?.value, "rook");
  assert.deepEqual([...state.pending.keys()], [act?.act]);
  assert.deepEqual(state.counts, { total: 10, labeled: 1, skipped: 0, left: 9 });
});

test("a label on an item that was labeled supersedes the act before", () => {
  const once = reduce(session(3), choose("jay"));
  const twice = reduce(after(once.state, { type: "back" }), choose("rook"));
  assert.equal(twice.act?.supersedes, once.act?.act);
  assert.equal(twice.state.current, "item1", "and the person is where they were");
  assert.equal(twice.state.counts.labeled, 1);
});

test("undo takes the last act back and shows its item; redo gives it back", () => {
  const two = after(session(4), choose("jay"), choose("rook"));
  const undone = reduce(two, { type: "undo", stamp: stamp() });
  assert.deepEqual(
    [undone.act?.kind, undone.act?.item, undone.act?.status, undone.act?.value],
    ["undo", "item1", "cleared", null],
  );
  assert.equal(undone.act?.undoes, [...two.pending.keys()][1]);
  assert.equal(undone.act?.supersedes, undone.act?.undoes);
  assert.equal(undone.state.current, "item1");
  const redone = reduce(undone.state, { type: "redo", stamp: stamp() });
  assert.equal(redone.act?.undoes, undone.act?.act);
  assert.deepEqual([redone.act?.status, redone.act?.value], ["labeled", "rook"]);
  assert.equal(redone.state.current, "item2");
  const again = reduce(redone.state, { type: "undo", stamp: stamp() });
  assert.equal(again.act?.undoes, redone.act?.act);
  assert.equal(again.state.counts.labeled, 1);
});

test("undo goes back act by act, and a new label ends what could be redone", () => {
  const back = after(
    session(4),
    choose("jay"),
    choose("rook"),
    { type: "undo", stamp: stamp() },
    { type: "undo", stamp: stamp() },
  );
  assert.equal(back.current, "item0");
  assert.equal(back.counts.left, 10);
  assert.equal(reduce(back, { type: "undo", stamp: stamp() }).hint, "nothing to undo");
  const other = after(back, choose("magpie"));
  assert.equal(reduce(other, { type: "redo", stamp: stamp() }).hint, "nothing to redo");
  assert.equal(other.current, "item2", "the front waits where it was");
});

test("an undone label is what it was before, not nothing", () => {
  const relabeled = after(session(3), choose("jay"), { type: "back" }, choose("rook"), {
    type: "undo",
    stamp: stamp(),
  });
  assert.equal(markOf(relabeled, "item0")?.value, "jay");
  assert.equal(relabeled.counts.labeled, 1);
});

test("flag, doubt and comment belong to the act that is made with them, and to that item", () => {
  const drafted = after(session(3), { type: "draft", item: "item0", change: { flagged: true, comment: "blurred" } });
  const { state, act } = reduce(drafted, choose("jay"));
  assert.deepEqual([act?.flagged, act?.unsure, act?.comment], [true, false, "blurred"]);
  assert.equal(draftOf(state, "item1").flagged, false);
  assert.equal(draftOf(state, "item0").comment, "blurred");
});

test("back and forward walk the items seen, and never past one that waits", () => {
  const two = after(session(4), choose("jay"), choose("rook"));
  const first = after(two, { type: "back" }, { type: "back" });
  assert.equal(first.current, "item0");
  assert.equal(reduce(first, { type: "back" }).hint, "this is the first item");
  const there = after(first, { type: "forward" }, { type: "forward" });
  assert.equal(there.current, "item2");
  const stuck = reduce(there, { type: "forward" });
  assert.deepEqual([stuck.state.current, stuck.hint], ["item2", "label it to go on, or skip"]);
});

test("Enter keeps a labeled item without an act, and confirms it in review with one", () => {
  const back = after(session(3), choose("jay"), { type: "back" });
  const kept = reduce(back, submit("jay"));
  assert.deepEqual([kept.act, kept.state.current], [undefined, "item1"]);
  const review = after(
    INITIAL,
    { type: "opened", opened: opened({ mode: "review" }), kept: [] },
    page([item(0, { current: said("rook") }), item(1)]),
  );
  const confirmed = reduce(review, submit("rook"));
  assert.deepEqual([confirmed.act?.value, confirmed.act?.supersedes], ["rook", "OLD"]);
  assert.equal(confirmed.state.current, "item1");
});

test("what is no answer yet is not said, and the hint says why", () => {
  const { state, act, hint } = reduce(session(2), submit(null, "choose an option"));
  assert.deepEqual([act, hint, state.current], [undefined, "choose an option, or skip", "item0"]);
});

test("what was set step by step is submitted as one answer of any form", () => {
  const value = { boxes: [[1, 2, 3.5]] };
  const set = after(session(2), edit([]), edit(value));
  assert.equal(draftOf(set, "item0").value, value);
  assert.equal(markOf(set, "item0"), null, "a draft is not said");
  const { state, act } = reduce(set, submit(value));
  assert.deepEqual([act?.value, state.current], [value, "item1"]);
});

test("what no message can hold is not said, and stays as it is", () => {
  const value = "x".repeat(600_000);
  const { act, hint, state } = reduce(after(session(2), edit(value)), submit(value));
  assert.deepEqual([act, draftOf(state, "item0").value], [undefined, value]);
  assert.match(hint ?? "", /take some of it away/);
});

test("acts are sent together as far as one message holds them", () => {
  const acts = [...after(session(99), ...Array.from({ length: 70 }, () => choose("jay"))).pending.values()];
  assert.equal(batch(acts).length, 64);
  const large = acts.map((each) => ({ ...each, value: "x".repeat(300_000) }));
  assert.deepEqual(batch(large), large.slice(0, 1));
  assert.deepEqual(batch([]), []);
});

test("undo goes back inside the item first, and then to the last act", () => {
  const set = after(session(3), choose("jay"), { ...edit(1), item: "item1" }, { ...edit(2), item: "item1" });
  const one = reduce(set, undo());
  assert.deepEqual([one.act, draftOf(one.state, "item1").value], [undefined, 1]);
  assert.equal(draftOf(after(one.state, redo()), "item1").value, 2);
  const none = after(one.state, undo());
  assert.equal(draftOf(none, "item1").value, null);
  const act = reduce(none, undo());
  assert.deepEqual([act.act?.kind, act.state.current], ["undo", "item0"]);
});

test("another edit ends what could be made again", () => {
  const other = after(session(1), edit(1), edit(2), undo(), edit(3));
  assert.equal(draftOf(after(other, redo()), "item0").value, 3);
  assert.equal(draftOf(after(other, undo()), "item0").value, 1);
});

test("the edits of one run are taken back together", () => {
  const typed = after(session(1), edit("a", "1"), edit("ab", "1"), edit("ab c", "2"), edit("ab cd", "2"));
  assert.equal(draftOf(after(typed, undo()), "item0").value, "ab");
  assert.equal(draftOf(after(typed, undo(), undo()), "item0").value, null);
});

test("an answer that is undone stands in the editor as it was set", () => {
  const said = after(session(2), edit("a"), edit("b"), submit("b"));
  const undone = after(said, undo());
  assert.deepEqual([undone.current, markOf(undone, "item0")?.status], ["item0", "cleared"]);
  assert.equal(draftOf(undone, "item0").value, "b");
  assert.equal(draftOf(after(undone, undo()), "item0").value, "a");
  const redone = reduce(undone, redo());
  assert.deepEqual([redone.act?.value, redone.state.current], ["b", "item1"]);
});

test("Enter keeps a labeled item whose edits were all taken back", () => {
  const back = after(session(2), choose("jay"), { type: "back" }, edit("rook"), undo());
  assert.equal(reduce(back, submit("jay")).act, undefined);
  assert.equal(reduce(after(back, redo()), submit("rook")).act?.value, "rook");
});
