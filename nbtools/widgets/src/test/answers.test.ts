import assert from "node:assert/strict";
import { test } from "node:test";
import type { Ack } from "../protocol.ts";
import { reduce } from "../session.ts";
import { finished, INITIAL, markOf, mustCheck, strip, wish } from "../state.ts";
import { after, item, opened, page, said, session, stamp } from "./make.ts";

const choose = (value: string) => ({ type: "label", value, stamp: stamp() }) as const;
const ack = (act: string, more: Partial<Ack> = {}): Ack => ({
  act,
  saved: true,
  final: false,
  why: "",
  current: null,
  ...more,
});
const skip = () => ({ type: "skip", stamp: stamp() }) as const;

test("the kernel's page holds nothing that was already said or is already here", () => {
  const one = after(session(2), choose("jay"));
  const more = after(one, page([item(0), item(1), item(2)]));
  assert.deepEqual([more.current, more.queue], ["item1", ["item2"]]);
});

test("acts of a closed tab count, are sent, and hide their items", () => {
  const kept = [...after(session(1), choose("jay")).pending.values()];
  const state = after(INITIAL, { type: "opened", opened: opened(), kept }, page([item(0), item(1)]));
  assert.equal(state.pending.size, 1);
  assert.equal(state.current, "item1");
  assert.equal(state.counts.labeled, 1);
});

test("an acknowledgement ends what is pending; an older answer does not undo a newer act", () => {
  const two = after(session(3), choose("jay"), { type: "back" }, choose("rook"));
  const [first = "", second = ""] = [...two.pending.keys()];
  const one = after(two, { type: "acks", acks: [ack(first, { current: said("jay", { act: first }) })], counts: null });
  assert.deepEqual([...one.pending.keys()], [second]);
  assert.equal(markOf(one, "item0")?.value, "rook");
  const counts = { total: 10, labeled: 4, skipped: 0, left: 6 };
  const none = after(one, {
    type: "acks",
    acks: [ack(second, { current: said("rook", { act: second, conflict: true }) })],
    counts,
  });
  assert.equal(none.pending.size, 0);
  assert.equal(markOf(none, "item0")?.conflict, true);
  assert.deepEqual(none.counts, counts);
});

test("an act that can never be saved is named; one that can be later stays", () => {
  const two = after(session(3), choose("jay"), choose("rook"));
  const [first = "", second = ""] = [...two.pending.keys()];
  const acks = [
    ack(first, { saved: false, final: true, why: "no such option" }),
    ack(second, { saved: false, why: "disk full" }),
  ];
  const state = after(two, { type: "acks", acks, counts: null });
  assert.deepEqual(
    [...state.rejected].map(([id, { why }]) => [id, why]),
    [[first, "no such option"]],
  );
  assert.equal(markOf(state, "item0"), null, "nothing was said about it after all");
  assert.deepEqual(
    state.undo.map(({ act }) => act),
    [second],
    "and there is nothing to undo",
  );
  assert.equal(after(state, { type: "handedOver" }).rejected.size, 0);
  assert.deepEqual([...state.pending.keys()], [second]);
});

test("done is said only after the kernel was asked from the start once more", () => {
  const last = after(session(1, {}, "choice", true), choose("jay"));
  assert.equal(finished(last), false);
  const [act = ""] = [...last.pending.keys()];
  const asked = after(last, { type: "acks", acks: [ack(act)], counts: null });
  assert.deepEqual([asked.checked, asked.exhausted, wish(asked)?.cursor], [true, false, null]);
  const end = after(asked, { type: "page", items: [], cursor: null, exhausted: true, counts: null });
  assert.equal(finished(end), true);
  assert.equal(mustCheck(end), false);
});

test("skipped items are offered again, once in each pass", () => {
  const skipped = after(session(1), skip());
  const [act = ""] = [...skipped.pending.keys()];
  const saved = after(skipped, { type: "acks", acks: [ack(act)], counts: null });
  const offer = page([item(0, { again: true, current: said("", { status: "skipped", value: null }) })], true);
  const again = after(saved, offer);
  assert.equal(again.current, "item0");
  const twice = after(again, skip());
  const [other = ""] = [...twice.pending.keys()];
  const end = after(twice, { type: "acks", acks: [ack(other)], counts: null }, offer);
  assert.equal(end.current, null);
  assert.equal(finished(end), true);
  const once = after(end, { type: "again" }, offer);
  assert.equal(once.current, "item0", "and again when the person asks for it");
});

test("an item asked for by its id is a detour, after which the front is back", () => {
  const there = after(session(3), { type: "fetched", item: item(7), show: true, before: false });
  assert.equal(there.current, "item7");
  assert.equal(after(there, choose("jay")).current, "item0");
  const before = after(session(3), { type: "fetched", item: item(9), show: true, before: true });
  assert.deepEqual(before.trail, ["item9", "item0"]);
});

test("the strip shows what was dealt with, and not the item that waits", () => {
  const state = after(session(30), ...Array.from({ length: 25 }, () => choose("jay")));
  assert.equal(strip(state).length, 20);
  assert.equal(strip(state).at(-1), "item24");
});

test("what is far behind is let go, what was said about it is not", () => {
  const state = after(session(100), ...Array.from({ length: 90 }, () => choose("jay")));
  assert.ok(state.items.size < 60, `${state.items.size} items held`);
  assert.equal(state.items.has("item0"), false);
  assert.equal(markOf(state, "item0")?.value, "jay");
});

test("a person who is not known yet is asked for no items", () => {
  const state = after(INITIAL, { type: "opened", opened: opened({ annotator: null }), kept: [] });
  assert.equal(wish(state), null);
});

test("a person is told that the options have changed, and of nothing else that is opened again", () => {
  const { task } = opened();
  const again = (schema: number) =>
    ({ type: "opened", opened: opened({ task: { ...task, schema } }), kept: [] }) as const;
  assert.equal(reduce(INITIAL, again(3)).hint, undefined);
  assert.equal(reduce(session(2), again(3)).hint, undefined);
  assert.match(reduce(session(2), again(4)).hint ?? "", /options have changed/);
});
