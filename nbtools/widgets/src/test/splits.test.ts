import assert from "node:assert/strict";
import { test } from "node:test";
import { decided, MOST, saidOf } from "../splits/decisions.ts";
import { changed, INITIAL } from "../splits/initial.ts";
import { parse } from "../splits/protocol.ts";
import { dealt, moved, named, percent, read, WHOLE } from "../splits/ratios.ts";
import { compared, facts, near, saving, worst } from "../splits/words.ts";

const PARTS = [
  { name: "train", share: 800 },
  { name: "val", share: 100 },
  { name: "test", share: 100 },
];
const shares = (parts: readonly { readonly share: number }[]): number[] => parts.map((part) => part.share);
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

test("one share moves the others in proportion", () => {
  assert.deepEqual(shares(moved(PARTS, 0, 700)), [700, 150, 150]);
  assert.deepEqual(shares(moved(PARTS, 2, 190)), [720, 90, 190]);
  assert.deepEqual(shares(moved(PARTS, 0, 5000)), [998, 1, 1], "a part keeps a tenth of a percent");
  assert.deepEqual(shares(moved(PARTS, 1, -3)), [888, 1, 111]);
  assert.equal(moved(PARTS, 1, Number.NaN), PARTS);
  assert.equal(moved(PARTS.slice(0, 1), 0, 3).length, 1);
});

test("whatever is moved, the shares are whole tenths above nothing and add up to one", () => {
  let seed = 7;
  const random = (most: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % most;
  };
  let parts = named([], "a b c d e f g");
  for (let step = 0; step < 3000; step++) {
    const [at, share] = [random(7), random(1400) - 200];
    parts = moved(parts, at, share);
    assert.equal(sum(shares(parts)), WHOLE);
    assert.ok(shares(parts).every((one) => Number.isInteger(one) && one >= 1));
    assert.equal(parts[at]?.share, Math.min(Math.max(share, 1), WHOLE - 6));
  }
});

test("what is left of rounding goes to the largest remainder", () => {
  assert.deepEqual(dealt([1, 1, 1], 1000), [334, 333, 333]);
  assert.deepEqual(dealt([0, 0], 10), [5, 5]);
  assert.deepEqual(dealt([998, 1, 1], 4), [2, 1, 1]);
});

test("parts are named by a text; known ones keep their proportion", () => {
  assert.deepEqual(named(PARTS, "train, test"), [
    { name: "train", share: 889 },
    { name: "test", share: 111 },
  ]);
  assert.deepEqual(
    named(PARTS, "train val  train;holdout").map((part) => part.name),
    ["train", "val", "holdout"],
  );
  assert.deepEqual(named(PARTS, " , "), []);
});

test("percent are written and read as people do", () => {
  assert.deepEqual([800, 333, 1].map(percent), ["80", "33.3", "0.1"]);
  assert.deepEqual([" 80 ", "12,5", "33.3 %", "0.1"].map(read), [800, 125, 333, 1]);
  for (const text of ["", "a", "100", "0", "-3", "1e2", "80 of 100"]) assert.equal(read(text), null, text);
});

const SEEN = {
  version: "v1",
  items: 1200,
  units: 900,
  summary: "",
  parts: [],
  balances: [],
  largest: { items: 108, share: 0.09, held_by: ["site: north (108 items)"] },
  leaks: [],
  near: null,
  quarantine: [],
  counts: { quarantined: 0 },
  confirm: [],
  line: "",
} as const;

test("facts are said in words", () => {
  assert.deepEqual(facts(SEEN), [
    "largest unit: 108 items, 9.0 % of all, held together by site: north (108 items)",
    "leaks across parts: none",
  ]);
  const leaks = [{ kind: "near image", what: "pairs", count: 2 }];
  assert.ok(facts({ ...SEEN, leaks }).includes("leaks across parts: 2 pairs of near image"));
  assert.equal(near(SEEN), "near-duplicates: nobody has looked yet");
  const found = { pairs: 14, across: 1, together: false, linked: 0, dismissed: 0, unlinked: 0 };
  assert.equal(near({ ...SEEN, near: found }), "near-duplicate pairs: 14, of which 1 is in two parts");
  assert.equal(near({ ...SEEN, near: { ...found, together: true } }), "near-duplicate pairs: 14 kept together");
  const decided = { ...found, together: true, linked: 1, dismissed: 2, unlinked: 3 };
  assert.equal(
    near({ ...SEEN, near: decided }),
    "near-duplicate pairs: 12 kept together · 1 kept together by hand · 2 dismissed · 3 texts too short to be compared",
  );
  const cell = { value: "magpie", part: "val", items: 8, of: 10, share: 0.8, target: 0.1 };
  const balance = { column: "species", rows: [], more: 0, without: 0, worst: cell, empty: 0 };
  assert.equal(worst(balance), "worst: magpie in val, 8 of 10 (80.0 %, asked 10.0 %)");
  const moves = [{ from: "train", to: "test", count: 3 }];
  assert.equal(
    compared({ with: "v1.1", stay: 2988, moved: 3, new: 800, gone: 0, moves }),
    "2\u202f988 stay · 3 moved (3 from train to test) · 800 new",
  );
});

test("the line of Python ends with what keeps the split", () => {
  assert.equal(saving("v.split({})", "", false), "v.split({}).save()");
  assert.equal(saving("v.split({})", 'by "site"', true), 'v.split({}).save("by \\"site\\"", confirm=True)');
});

test("only messages of our kernel are taken", () => {
  assert.equal(parse(null, []), null);
  assert.equal(parse({ v: 2, type: "pong" }, []), null);
  assert.equal(parse({ v: 1, type: "strange" }, []), null);
  assert.equal(parse({ v: 1, type: "preview", number: 1, result: null }, []), null);
  assert.equal(parse({ v: 1, type: "constructor" }, []), null);
  assert.equal(parse({ v: 1, type: "pong" }, [])?.type, "pong");
});

test("a pair is kept together, dismissed or neither, whichever way it is told", () => {
  const none = { linked: [], dismissed: [] };
  const linked = decided(none, ["a", "b"], "linked");
  assert.deepEqual(linked, { linked: [["a", "b"]], dismissed: [] });
  assert.equal(saidOf(linked ?? none, ["a", "b"]), "linked");
  const dismissed = decided(linked ?? none, ["a", "b"], "dismissed");
  assert.deepEqual(dismissed, { linked: [], dismissed: [["a", "b"]] });
  assert.deepEqual(decided(dismissed ?? none, ["a", "b"], null), none);
  const full = { linked: Array.from({ length: MOST }, (_, at) => [String(at), "x"]), dismissed: [] };
  assert.equal(decided(full, ["a", "b"], "linked"), null);
  assert.notEqual(decided(full, ["0", "x"], "dismissed"), null);
});

test("parts that begin at times follow the names of parts, and keep their times", () => {
  const at = (name: string, from: string | null) => ({ name, from });
  const before = { ...INITIAL, cutoffs: [at("train", null), at("val", "2026-05"), at("test", "2026-06")] };
  const ratios = ["train", "test", "later"].map((name) => ({ name, share: 333 }));
  assert.deepEqual(changed(before, { ratios }).cutoffs, [at("train", null), at("test", "2026-06"), at("later", null)]);
  assert.equal(changed(before, { cutoffs: null }).cutoffs, null);
});
