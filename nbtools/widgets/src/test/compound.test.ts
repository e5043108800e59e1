import assert from "node:assert/strict";
import { test } from "node:test";
import { drawn, shuffled } from "../rules/chance.ts";
import * as compare from "../rules/compare.ts";
import * as rank from "../rules/rank.ts";
import { opened, option } from "./make.ts";

const task = (settings: object, options: readonly string[] = []) => ({
  ...opened().task,
  options: options.map((id) => option(id)),
  settings: settings as never,
});
const PAIR = task({ of: ["x", "y"], tie: true, bad: true });
const ids = Array.from({ length: 2_000 }, (_, i) => i.toString(16).padStart(32, "0"));

test("chance is fair, differs between persons, and is the same each time", () => {
  const lefts = ids.map((id) => compare.leftOf(null, "anna", id));
  const share = lefts.filter((left) => left === "a").length / ids.length;
  assert.ok(Math.abs(share - 0.5) < 0.04, String(share));
  const others = ids.map((id) => compare.leftOf(null, "ben", id));
  const same = lefts.filter((left, i) => left === others[i]).length / ids.length;
  assert.ok(Math.abs(same - 0.5) < 0.04, String(same));
  assert.deepEqual(
    lefts,
    ids.map((id) => compare.leftOf(null, "anna", id)),
  );
  assert.equal(drawn("a", "b"), drawn("a", "b"));
});

test("each order is drawn about as often", () => {
  const found = new Map<string, number>();
  for (const id of ids) {
    const key = shuffled(["a", "b", "c"], "anna", id).join("");
    found.set(key, (found.get(key) ?? 0) + 1);
  }
  assert.equal(found.size, 6);
  assert.ok([...found.values()].every((count) => Math.abs(count / ids.length - 1 / 6) < 0.04));
});

test("a side says the candidate that stands there, and back", () => {
  assert.deepEqual(compare.answerOf("left", "b"), { better: "b", left: "b" });
  assert.deepEqual(compare.answerOf("right", "b"), { better: "a", left: "b" });
  assert.deepEqual(compare.answerOf("tie", "a"), { better: "tie", left: "a" });
  assert.deepEqual(compare.answerOf("right:2", "a"), { better: "b", left: "a", strength: 2 });
  for (const left of ["a", "b"] as const)
    for (const { id } of compare.options(task({ of: ["x", "y"], strength: ["slightly", "much"] })))
      assert.equal(compare.optionOf(compare.answerOf(id, left), left), id);
  assert.equal(compare.leftOf({ better: "a", left: "b" }, "anna", "0"), "b", "as it stood when it was said");
});

test("what can be said stands in the order of the keys", () => {
  const names = (settings: object) => compare.options(task(settings)).map(({ name }) => name);
  assert.deepEqual(names({}), ["left is better", "right is better", "tie", "both bad"]);
  assert.deepEqual(names({ tie: false, bad: false, strength: ["slightly", "much"] }), [
    "left is much better",
    "left is slightly better",
    "right is slightly better",
    "right is much better",
  ]);
});

test("a comparison is worded by sides, and by columns only where nobody knows them", () => {
  assert.equal(compare.words(PAIR, { better: "a", left: "b" }), "right is better");
  assert.equal(compare.words(PAIR, { better: "b" }), "y is better");
  assert.equal(compare.words(PAIR, { better: "bad", left: "b" }), "both bad");
  assert.equal(compare.brief({ better: "a", left: "b" }), "right");
});

const FOUR = task({ ties: true }, ["a", "b", "c", "d"]);
const THERE = ["a", "b", "c", "d"];

test("presses rank one after the other, and the last one takes the last place by itself", () => {
  let groups: rank.Groups = [];
  for (const id of ["c", "a", "b"]) groups = rank.pressed(FOUR, groups, id, THERE) ?? [];
  assert.deepEqual(rank.kept(groups, null), ["c", "a", "b", "d"]);
  assert.equal(rank.pressed(FOUR, groups, "d", THERE), groups, "who presses the last one too means just that");
  assert.deepEqual(
    rank.kept(rank.pressed(FOUR, groups, "a", THERE) ?? [], null),
    ["c", "b", "d"],
    "again: it is taken back",
  );
  assert.equal(rank.kept([], ["a"]), null);
});

test("how candidates stood goes with a ranking where it was drawn by chance, and is read back", () => {
  const chance = task({ of: THERE, shuffle: true });
  const stood = rank.shown(chance, THERE, null, "anna", "item0");
  const value = rank.kept([["c"], ["a", "b"], ["d"]], stood);
  assert.deepEqual(value, { ranking: ["c", ["a", "b"], "d"], shown: stood });
  assert.deepEqual(rank.groupsOf(value), [["c"], ["a", "b"], ["d"]]);
  assert.equal(rank.words(FOUR, value), "c > a = b > d");
  const others = ids.filter((id) => rank.shown(chance, THERE, null, "anna", id).join() !== stood.join());
  assert.ok(others.length > ids.length / 2);
  const before = { ranking: ["a", "b", "c", "d"], shown: ["d", "c", "b", "a"] };
  assert.deepEqual(
    rank.shown(chance, THERE, before, "ben", "item0"),
    before.shown,
    "as they stood for who ranked them",
  );
  assert.deepEqual(
    rank.shown(chance, THERE, ["a", "b", "c", "d"], "anna", "item0"),
    stood,
    "older values do not say it",
  );
  assert.deepEqual(rank.shown(chance, ["a", "b"], before, "ben", "item0").length, 2, "of other candidates");
  assert.deepEqual(rank.shown(FOUR, THERE, before, "ben", "item0"), THERE);
  assert.deepEqual(compare.stood({ better: "a" }, "b"), { better: "a", left: "b" });
  assert.deepEqual(compare.picks({ better: "a", left: "b", strength: 2 }), ["right:2"]);
  assert.deepEqual([compare.picks({ better: "tie", left: "b" }), compare.picks({ better: "a" })], [["tie"], []]);
});

test("two that are ranked stand as they do where they are compared", () => {
  const two = task({ of: ["x", "y"], shuffle: true });
  for (const id of ids.slice(0, 50)) {
    const [first] = rank.shown(two, ["x", "y"], null, "anna", id);
    assert.equal(first, compare.leftOf(null, "anna", id) === "a" ? "x" : "y");
  }
});

test("of a top few no more are taken", () => {
  const top = task({ top: 2 }, THERE);
  const groups = rank.pressed(top, rank.pressed(top, [], "d", THERE) ?? [], "a", THERE) ?? [];
  assert.deepEqual(rank.kept(groups, null), ["d", "a"]);
  assert.equal(rank.pressed(top, groups, "b", THERE), null);
  assert.equal(rank.problem(top, ["d"], 4), "rank one more");
  assert.equal(rank.problem(top, ["d", "a"], 4), null);
});

test("one moves by a place, out of a tie first, and no further than the ends", () => {
  const groups = [["a"], ["b", "c"], ["d"]];
  assert.deepEqual(rank.moved(groups, "a", -1), groups);
  assert.deepEqual(rank.moved(groups, "a", 1), [["b", "c"], ["a"], ["d"]]);
  assert.deepEqual(rank.moved(groups, "c", -1), [["a"], ["c"], ["b"], ["d"]]);
  assert.deepEqual(rank.moved(groups, "c", 1), [["a"], ["b"], ["c"], ["d"]]);
  assert.deepEqual(rank.moved(groups, "d", -1), [["a"], ["d"], ["b", "c"]]);
  assert.equal(rank.moved(groups, "x", 1), groups);
});

test("ties are made and undone, and count as one place", () => {
  const groups = rank.evened([["a"], ["b"], ["c"]], "c");
  assert.deepEqual(groups, [["a"], ["b", "c"]]);
  assert.deepEqual(
    [...rank.ranks([...groups, ["d"]])],
    [
      ["a", 1],
      ["b", 2],
      ["c", 2],
      ["d", 4],
    ],
  );
  assert.deepEqual(rank.evened(groups, "b"), [["a"], ["c"], ["b"]]);
  assert.deepEqual(rank.evened(groups, "a"), groups);
  assert.deepEqual(rank.kept(groups, null), ["a", ["b", "c"]]);
  assert.deepEqual(rank.groupsOf(["a", ["b", "c"]]), groups);
});

test("a drop goes below the rows that stand above it", () => {
  const groups = [["a"], ["b", "c"], ["d"]];
  assert.deepEqual(rank.placed(groups, "d", 0), [["d"], ["a"], ["b", "c"]]);
  assert.deepEqual(rank.placed(groups, "a", 3), [["b", "c"], ["d"], ["a"]]);
  assert.deepEqual(rank.placed(groups, "a", 1), [["a"], ["b", "c"], ["d"]], "a tie stays together");
  assert.deepEqual(rank.placed([], "a", 0), [["a"]]);
});

test("a ranking of columns tells nobody what they are called", () => {
  const columns = task({ of: ["gpt", "baseline"], shuffle: true });
  assert.equal(rank.words(columns, ["gpt", "baseline"]), "2 ranked");
  assert.deepEqual(
    rank.places(columns).map(({ name }) => name),
    ["candidate 1", "candidate 2"],
  );
  assert.equal(rank.words(FOUR, ["a", ["b", "c"], "d"]), "a > b = c > d");
});
