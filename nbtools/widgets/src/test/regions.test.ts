import assert from "node:assert/strict";
import { test } from "node:test";
import { COMMANDS, MOVES } from "../editors/regioncommands.ts";
import { keymap, meaning } from "../keys.ts";
import { wholly } from "../parserare.ts";
import type { Json, Task, Wav } from "../protocol.ts";
import { columns, fineColumns, outline, peaksOf } from "../rules/peaks.ts";
import * as rules from "../rules/regions.ts";
import { columns as loudness } from "../rules/spectrum.ts";
import { clock, holding, moved, shareOf, ticks, timeAt, whole, zoomed } from "../rules/timeline.ts";
import { header, samplesOf, secondsOf } from "../rules/wav.ts";
import { option } from "./make.ts";

const task = (settings: { readonly [name: string]: Json } = {}, options = ["jay", "rook"]): Task => ({
  name: "calls",
  kind: "regions",
  schema: 1,
  title: null,
  options: options.map((id) => option(id)),
  settings: { overlap: true, points: false, ...settings },
});
const cut = (...regions: readonly (readonly [number, number, string | null])[]): rules.Cutting =>
  regions.reduce((all, [start, end, label]) => rules.added(all, { start, end, label }), rules.cuttingOf(null));

test("a value is read back as it was kept, in the order of time, and ids stay", () => {
  const cutting = { ...cut([3, 4, "jay"], [1, 2, "rook"], [1, 5, "jay"]), duration: 9 };
  assert.deepEqual(
    cutting.regions.map(({ id }) => id),
    ["s1", "s2", "s3"],
  );
  const kept = rules.kept(cutting);
  assert.deepEqual(rules.kept(rules.cuttingOf(kept)), kept);
  assert.deepEqual(
    rules.cuttingOf(kept).regions.map(({ id }) => id),
    ["s3", "s2", "s1"],
  );
  const other = rules.changed(cutting, "s2", { start: 0.5 });
  assert.equal(other.regions[1]?.id, "s2");
  assert.deepEqual(rules.added(rules.removed(other, "s2") ?? other, { start: 0, end: 1, label: null }).regions.at(-1), {
    id: "s4",
    start: 0,
    end: 1,
    label: null,
    attributes: {},
  });
  assert.equal(rules.removed(cut([1, 2, "jay"]), "s1"), null, "without the last one nothing is said");
  assert.deepEqual(rules.cuttingOf("odd"), { duration: null, regions: [] });
});

test("what is said of a region beside its label is kept with it, and left out where nothing is", () => {
  const said = rules.changed(cut([1, 2, "jay"], [3, 4, "rook"]), "s2", { attributes: { loud: true } });
  const kept = rules.kept(said);
  assert.deepEqual(kept, {
    duration: null,
    regions: [
      { id: "s1", label: "jay", start: 1, end: 2 },
      { id: "s2", label: "rook", start: 3, end: 4, attributes: { loud: true } },
    ],
  });
  assert.deepEqual(rules.cuttingOf(kept), said);
  assert.deepEqual(
    rules.cuttingOf({ regions: [{ start: 0, end: 1, attributes: ["odd"] }] }).regions[0]?.attributes,
    {},
  );
});

test("what Python would refuse is refused here, in fewer words", () => {
  const there = cut([1, 3, "jay"]);
  const refused = (start: number, end: number, label: string | null, settings = {}, self: string | null = null) =>
    rules.refusal(task(settings), there, { start, end, label }, self);
  assert.match(refused(2, 2, "jay") ?? "", /ends after it starts/);
  assert.equal(refused(2, 2, "jay", { points: true }), null);
  assert.match(refused(3, 2, "jay", { points: true }) ?? "", /ends after/);
  assert.match(refused(1, 3, "jay") ?? "", /there already/);
  assert.equal(refused(1, 3, "rook"), null);
  assert.match(refused(2, 5, "rook", { overlap: false }) ?? "", /do not overlap/);
  assert.equal(refused(3, 5, "rook", { overlap: false }), null, "regions that touch do not overlap");
  assert.equal(refused(2, 5, "jay", { overlap: false }, "s1"), null, "none overlaps itself");
});

test("ends are moved inside the recording and never past each other", () => {
  const region = { start: 1, end: 2 };
  assert.deepEqual(rules.shifted(region, "start", 5, 10, false), { start: 1.9999, end: 2 });
  assert.deepEqual(rules.shifted(region, "start", 5, 10, true), { start: 2, end: 2 });
  assert.deepEqual(rules.shifted(region, "start", -5, 10, false), { start: 0, end: 2 });
  assert.deepEqual(rules.shifted(region, "end", 50, 10.00001, false), { start: 1, end: 10.00001 });
  assert.deepEqual(rules.shifted(region, "end", -5, 10, false), { start: 1, end: 1.0001 });
  assert.deepEqual(rules.shifted(region, "both", -5, 10, false), { start: 0, end: 1 });
  assert.deepEqual(rules.shifted(region, "both", 50, 10, false), { start: 9, end: 10 });
  assert.deepEqual(rules.between(4.00004, -3, 10), { start: 0, end: 4 });
  assert.deepEqual(rules.between(4, 13, 10.5), { start: 4, end: 10.5 });
});

test("the shortest region at a time comes first; a moment is found beside it", () => {
  const cutting = cut([1, 9, "jay"], [2, 3, "rook"], [5, 5, "jay"]);
  const at = (time: number) => rules.regionsAt(cutting, time, 0.1).map(({ id }) => id);
  assert.deepEqual([at(2.5), at(5.05), at(5.2), at(0.5)], [["s2", "s1"], ["s3", "s1"], ["s1"], []]);
});

test("regions that overlap go in lanes of their own, deep ones in the last", () => {
  const at = (...regions: readonly (readonly [number, number, string])[]) => rules.lanes(cut(...regions));
  assert.deepEqual(at([0, 2, "jay"], [1, 3, "jay"], [2, 4, "jay"], [5, 6, "jay"]), [0, 1, 0, 0]);
  const deep = Array.from({ length: 6 }, (_, n) => [n, 10, "jay"] as const);
  assert.deepEqual(at(...deep), [0, 1, 2, 3, 3, 3]);
});

test("a value is said in words", () => {
  assert.equal(rules.words(task(), rules.kept(cut([1, 2, "jay"], [3, 4, "jay"], [3, 5, "rook"]))), "2 jay, 1 rook");
  assert.equal(rules.words(task({}, []), rules.kept(cut([1, 2, null], [2, 3, null]))), "2 regions");
  assert.equal(rules.words(task(), rules.kept(cut())), "no regions");
  assert.match(rules.problem(null) ?? "", /mark a region/);
  assert.equal(rules.problem(rules.kept(cut())), null);
});

test("times are typed as people write them", () => {
  const typed = ["12.5", "1:02,5", "1:00:00", " 3 ", "", "-1", "1:2:3:4", "soon"].map(rules.typedTime);
  assert.deepEqual(typed, [12.5, 62.5, 3600, 3, null, null, null, null]);
});

test("Space plays, p does too, skipping has a letter, and what no region takes is an item's", () => {
  const keys = keymap(task().options, COMMANDS);
  const stroke = (key: string, more = {}) => ({
    key,
    code: "",
    ctrlKey: false,
    altKey: false,
    metaKey: false,
    shiftKey: false,
    ...more,
  });
  assert.deepEqual(meaning(keys, stroke(" ")), { action: "playing" });
  assert.deepEqual(meaning(keys, stroke("s")), { action: "skip" });
  assert.deepEqual(keys.ofAction.get("skip"), ["s"]);
  assert.deepEqual(meaning(keys, stroke("ArrowLeft", { shiftKey: true })), { action: "endBack", under: "seekBack" });
  assert.deepEqual(keymap(task().options, COMMANDS, { skip: "q" }).ofAction.get("skip"), ["q"]);
  assert.ok(Object.keys(MOVES).every((name) => name in COMMANDS));
  assert.deepEqual(keymap([], {}).ofAction.get("skip"), ["Space"]);
});

test("a view zooms about a time, and stays inside the recording", () => {
  const all = whole(100);
  const near = zoomed(all, 4, 50, 100);
  assert.deepEqual(near, { from: 37.5, to: 62.5 });
  assert.equal(shareOf(near, 50), 0.5);
  assert.equal(timeAt(near, 0.5), 50);
  assert.deepEqual(zoomed(all, 4, 0, 100), { from: 0, to: 25 });
  assert.deepEqual(zoomed(near, 0.1, 50, 100), all);
  assert.deepEqual(zoomed(near, 0, 0, 100), all);
  assert.ok(Math.abs(zoomed(all, 1e9, 50, 100).to - 50.01) < 1e-9, "no nearer than there is something to see");
  assert.deepEqual(moved(near, 1000, 100), { from: 75, to: 100 });
  assert.deepEqual(moved(near, -1000, 100), { from: 0, to: 25 });
});

test("what is to be seen comes into view with some of what is around it, and what is seen does not move", () => {
  const seen = { from: 20, to: 30 };
  assert.equal(holding(seen, 22, 28, 100), seen);
  const on = holding(seen, 31, 32, 100);
  assert.ok(on.from < 31 && on.to > 32 && on.to - on.from === 10);
  const back = holding(seen, 5, 5, 100);
  assert.ok(back.from < 5 && back.to > 5);
  const long = holding(seen, 40, 60, 100);
  assert.ok(long.from < 40 && long.to > 60);
});

test("the axis has as many times as their words need, and says no digit too many", () => {
  const said = (from: number, to: number, width: number) => ticks({ from, to }, width).map(({ words }) => words);
  assert.deepEqual(said(0, 2, 400), ["0:00.0", "0:00.5", "0:01.0", "0:01.5", "0:02.0"]);
  assert.deepEqual(said(0, 3600, 400), ["0:00", "15:00", "30:00", "45:00", "1:00:00"]);
  assert.deepEqual(said(1.001, 1.003, 200), ["0:01.001", "0:01.002", "0:01.003"]);
  assert.deepEqual(
    [clock(59.999), clock(59.994), clock(59.999, 1), clock(3725.5)],
    ["1:00.00", "0:59.99", "1:00.0", "1:02:05.50"],
  );
});

test("peaks hold what sound reaches, and columns what their stretch of them does", () => {
  const sound = Float32Array.from({ length: 1000 }, (_, n) => (n === 500 ? 1 : n === 503 ? -0.5 : 0));
  const peaks = peaksOf([sound, new Float32Array(1000)], 1000);
  assert.equal(peaks.step, 0.005);
  assert.equal(peaks.pairs.length, 400);
  assert.deepEqual([...peaks.pairs.slice(200, 204)], [-63, 127, 0, 0]);
  const found = columns(peaks, { from: 0, to: 1 }, 10);
  assert.equal(found[11], 1);
  assert.equal(found[9], 0);
  assert.deepEqual([...columns(peaks, { from: 2, to: 3 }, 2)], [0, 0, 0, 0], "after the end is silence");
  const fine = fineColumns({ values: sound, rate: 1000, from: 0 }, { from: 0.498, to: 0.508 }, 5);
  assert.equal(Math.max(...fine), 1);
  assert.equal(Math.min(...fine), -0.5);
  assert.match(outline(found), /^M0 0\.994L.*Z$/);
  assert.equal(outline(new Float32Array(0)), "");
});

const WAV: Wav = { encoding: 1, channels: 2, rate: 100, bits: 16, start: 44, frames: 400, framesPerPeak: 1 };

test("a part of a WAV file is one with its own header, and reads as numbers", () => {
  const head = new DataView(header(WAV, 8).buffer);
  const text = (at: number) => String.fromCharCode(...new Uint8Array(head.buffer, at, 4));
  assert.deepEqual([text(0), text(8), text(12), text(36)], ["RIFF", "WAVE", "fmt ", "data"]);
  assert.deepEqual([head.getUint32(4, true), head.getUint32(40, true)], [44, 8]);
  assert.deepEqual([head.getUint32(28, true), head.getUint16(32, true)], [400, 4]);
  assert.equal(secondsOf(WAV), 4);
  const read = (wav: Partial<Wav>, bytes: readonly number[]) => [
    ...samplesOf({ ...WAV, channels: 1, ...wav }, new DataView(Uint8Array.from(bytes).buffer), 0).values,
  ];
  assert.deepEqual(read({ channels: 2 }, [0, 64, 0, 192, 0, 64, 0, 0]), [0, 0.25]);
  assert.deepEqual(read({ bits: 8 }, [128, 0, 192]), [0, -1, 0.5]);
  assert.deepEqual(read({ bits: 24 }, [0, 0, 64, 0, 0, 192]), [0.5, -0.5]);
  assert.deepEqual(read({ bits: 32 }, [0, 0, 0, 192]), [-0.5]);
  assert.deepEqual(read({ bits: 32, encoding: 3 }, [0, 0, 0, 63]), [0.5]);
});

test("the loudest frequency is black, and what is far below it lets the ground through", () => {
  const size = 64;
  const transform = (part: Float32Array) =>
    Float32Array.from({ length: size / 2 }, (_, row) => (row === 3 ? (part[32] ?? 0) : 0));
  const samples = { values: new Float32Array(1000).fill(1), rate: 1000, from: 2 };
  const found = loudness(samples, { from: 2, to: 3 }, 4, size, transform);
  assert.deepEqual([...found.slice(0, 5)], [0, 0, 0, 255, 0]);
  assert.equal(found.length, 4 * 32);
  const outside = loudness(samples, { from: 8, to: 9 }, 1, size, transform);
  assert.equal(outside[3], 0, "beside the sound is silence");
});

test("where the sound of a WAV file lies is believed only in whole numbers", () => {
  const of = (wav: unknown) => {
    const found = wholly({ form: "raw", fields: { stream: 9, wav }, buffers: [], mediaType: "audio/wav" });
    return found.form === "stream" ? found.wav : found;
  };
  const { framesPerPeak, ...rest } = WAV;
  assert.deepEqual(of({ ...rest, frames_per_peak: framesPerPeak }), WAV);
  for (const odd of [null, 1, {}, { ...rest, frames_per_peak: 0 }, { ...rest, rate: "x", frames_per_peak: 1 }])
    assert.equal(of(odd), null);
});
