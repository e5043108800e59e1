import assert from "node:assert/strict";
import { test } from "node:test";
import { keymap } from "../keys.ts";
import type { Json, Task } from "../protocol.ts";
import * as choices from "../rules/choices.ts";
import { chosenLast, found } from "../rules/find.ts";
import * as number from "../rules/number.ts";
import { gone, grouped, keyed, MANY } from "../rules/options.ts";
import * as rating from "../rules/rating.ts";
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

test("an option that was retired or split since is said, and goes with the next press", () => {
  const options = ["jay", "rook"].map((id) => option(id));
  assert.equal(gone(options, ["jay", null]), null);
  assert.equal(gone(options, ["jay", "corvid"]), "“corvid” is not offered any more: choose another");
  assert.deepEqual(choices.toggled(["corvid", "jay"], "rook", options), ["jay", "rook"]);
  assert.equal(choices.toggled(["corvid", "jay"], "jay", options), null);
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

const share = number.rangeOf(task({ min: 0, max: 1, step: 0.1 }));
const count = number.rangeOf(task({ integer: true, unit: "eggs" }));

test("a number is typed with a point or a comma, and is text until it is one", () => {
  assert.deepEqual(["2.5", "2,5", " -3 ", "1e3", "", "-", "2 kg"].map(number.typed), [
    2.5,
    2.5,
    -3,
    1000,
    null,
    "-",
    "2 kg",
  ]);
  assert.equal(number.typed("1."), 1);
  assert.equal(number.shownIn(null), "");
});

test("a digit begins a number, and a sign only where it can be one's", () => {
  const begun = (range: number.Range) => ["0", "-", ".", ",", "a", "Enter"].filter((key) => number.begins(range, key));
  assert.deepEqual(begun(share), ["0", ".", ","]);
  assert.deepEqual(begun(count), ["0", "-"]);
});

test("a number out of its bounds, off its steps or not whole is told", () => {
  assert.deepEqual(
    [null, "-", -1, 2, 0.25, 0.3, 0.1 + 0.2].map((value) => number.problem(share, value)),
    ["give a number", "“-” is no number", "at least 0", "at most 1", "in steps of 0.1 from 0", null, null],
  );
  assert.equal(number.problem(count, 2.5), "a whole number");
  assert.equal(number.words(count, 3), "3 eggs");
});

test("steps lead to round numbers within the bounds, and begin at an end", () => {
  assert.equal(number.stepped(share, null, 1), 0);
  assert.equal(number.stepped(share, null, -1), 1);
  assert.deepEqual(
    [0.2, 0.7, 0.95].map((value) => number.stepped(share, value, 1)),
    [0.3, 0.8, 1],
  );
  assert.equal(number.stepped(share, 0.5, -10), 0);
  assert.deepEqual([number.stepped(count, null, 1), number.stepped(count, 0, -1)], [0, -1]);
  assert.equal(number.stepOf(number.rangeOf(task({ min: 0, max: 250 }))), 3);
});

test("levels are chosen by their digits, the tenth by 0", () => {
  const ten = rating.levels(task({ min: 1, max: 10 }));
  assert.deepEqual(
    ten.map(({ key }) => key),
    ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"],
  );
  const eleven = keymap(rating.levels(task({ min: 0, max: 10 })));
  assert.deepEqual([eleven.ofOption.get("0"), eleven.ofOption.get("10")], [["0"], ["a"]]);
  const five = keymap(rating.levels(task({ min: 1, max: 5 })));
  assert.deepEqual(five.ofOption.get("1"), ["1"], "and no level by a digit that is another's");
});

test("a level has its word, or the ends have theirs", () => {
  const ends = task({ min: 1, max: 5, words: ["bad", "good"] });
  assert.deepEqual(
    [1, 3, 5].map((level) => rating.words(ends, level)),
    ["1 of 5, bad", "3 of 5", "5 of 5, good"],
  );
  assert.equal(rating.words(task({ min: 0, max: 2, words: ["no", "so", "yes"] }), 1), "1 of 2, so");
});

const named = (name: string, group: string | null = null) => ({ ...option(name), group });
const birds = [named("Saatkrähe", "Raben"), named("Eichelhäher", "Raben"), named("Haubenmeise"), named("blue jay")];
const names = (query: string, recent: readonly string[] = []) => found(birds, query, recent).map(({ name }) => name);

test("an option is found by its beginning, a word's, a part, or its group, whatever the case and marks", () => {
  assert.deepEqual(names("hah"), ["Eichelhäher"]);
  assert.deepEqual(names("ha"), ["Haubenmeise", "Eichelhäher"]);
  assert.deepEqual(names("JAY "), ["blue jay"]);
  assert.deepEqual(names("rabe"), ["Saatkrähe", "Eichelhäher"]);
  assert.deepEqual(names("crow"), []);
});

test("what was chosen last comes first, among those that fit equally", () => {
  const recent = ["blue jay", "Eichelhäher"].reduce<readonly string[]>(chosenLast, []);
  assert.deepEqual(names("", recent), ["Eichelhäher", "blue jay", "Saatkrähe", "Haubenmeise"]);
  assert.deepEqual(names("rabe", recent), ["Eichelhäher", "Saatkrähe"]);
  assert.deepEqual(chosenLast(recent, "blue jay"), ["blue jay", "Eichelhäher"]);
});

test("options stand in their groups, and keys follow what is seen", () => {
  const mixed = [named("a", "x"), named("b"), named("c", "x")];
  assert.deepEqual(
    grouped(mixed, ({ group }) => group).map(([name, inner]) => [name, inner.map(({ id }) => id)]),
    [
      ["x", ["a", "c"]],
      [null, ["b"]],
    ],
  );
  assert.deepEqual(
    keyed(mixed).map(({ id }) => id),
    ["a", "c", "b"],
  );
  const many = Array.from({ length: MANY + 1 }, (_, i) => option(`o${i}`, i === 4 ? "q" : null));
  assert.deepEqual(
    keyed(many).map(({ id }) => id),
    ["o4"],
  );
});
