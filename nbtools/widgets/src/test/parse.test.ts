import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "../parse.ts";
import { isTurned, wholly } from "../parserare.ts";

const bytes = (length: number) => new DataView(new ArrayBuffer(length));
const item = (more: object = {}) => ({
  id: "a",
  position: 0,
  kind: "image",
  media_type: "image/png",
  name: "a.png",
  bytes: 3,
  attributes: {},
  current: null,
  again: false,
  ...more,
});
const items = (content: unknown, buffers: DataView[] = []) => {
  const message = parse(
    { v: 1, type: "items", request: 1, items: [item({ content })], cursor: [0, 5], exhausted: false, counts: null },
    buffers,
  );
  const found = message?.type === "items" ? message.items[0]?.content : undefined;
  return found && wholly(found);
};

test("what is not of the protocol is nothing", () => {
  const others = [
    null,
    1,
    "open",
    [],
    {},
    { type: "pong" },
    { v: 2, type: "pong" },
    { v: 1, type: "run", code: "x" },
    { v: 1, type: "items" },
  ];
  for (const other of others) assert.equal(parse(other), null);
  assert.equal(parse({ v: 1, type: "opened", dataset: { id: "D" }, task: { name: "t", kind: 3 } }), null);
});

test("an opened message has its options, its person and its counts", () => {
  const task = {
    name: "t",
    kind: "choice",
    schema: 2,
    title: null,
    options: [{ id: "a", name: "A", key: "q" }, "no option", { name: "no id" }],
  };
  const opened = parse({
    v: 1,
    type: "opened",
    dataset: { id: "D", name: "Birds" },
    task,
    annotator: { name: "ben", identity: "verified" },
    mode: "review",
    counts: { total: 5, labeled: 1, skipped: 0, left: 4 },
  });
  assert.ok(opened?.type === "opened");
  assert.deepEqual(opened.task.options, [
    { id: "a", name: "A", key: "q", color: null, description: null, group: null, picture: null },
  ]);
  assert.deepEqual([opened.annotator?.name, opened.mode, opened.counts.left], ["ben", "review", 4]);
});

test("the content of an item comes in one of its forms", () => {
  const one = bytes(3);
  assert.deepEqual(items({ buffer: 0 }, [one]), { form: "bytes", bytes: one, mediaType: "image/png", full: false });
  assert.deepEqual(items({ buffer: 0, media_type: "image/webp", full: true }, [one]), {
    form: "bytes",
    bytes: one,
    mediaType: "image/webp",
    full: true,
  });
  assert.deepEqual(items({ text: "hi" }), { form: "text", text: "hi", full: false });
  assert.deepEqual(items({ record: { a: 1 } }), { form: "record", record: { a: 1 } });
  assert.deepEqual(items({ stream: 9, media_type: "audio/wav" }), {
    form: "stream",
    total: 9,
    mediaType: "audio/wav",
    wav: null,
  });
  assert.deepEqual(items({ error: "no" }), { form: "error", why: "no" });
});

test("content that cannot be is an error on the item, not an exception", () => {
  for (const wrong of [
    null,
    {},
    { buffer: 4 },
    { buffer: "0" },
    { array: { buffer: 0, dtype: "int64", shape: [1, 1] } },
  ])
    assert.equal(items(wrong, [])?.form, "error");
});

test("an array has as many numbers as its shape says", () => {
  const array = (shape: number[], dtype = "uint16") => items({ array: { buffer: 0, dtype, shape } }, [bytes(12)]);
  assert.equal(array([2, 3])?.form, "array");
  assert.equal(array([1, 2, 3])?.form, "array");
  assert.equal(array([2, 4])?.form, "error");
  assert.equal(array([6])?.form, "error");
});

test("a picture that is to be turned is left to what turns it, and is a picture", () => {
  const content = { turned: true, media_type: "image/jpeg", buffer: 0, full: true };
  const found = items(content, [bytes(4)]);
  assert.deepEqual(found, { form: "bytes", bytes: bytes(4), mediaType: "image/jpeg", full: true });
  const raw = { form: "raw", fields: content, buffers: [bytes(4)], mediaType: "image/jpeg" } as const;
  assert.equal(isTurned(raw), true);
  assert.equal(isTurned({ ...raw, fields: { turned: "yes" } }), false);
});

test("an array that was thinned out knows the size of the picture that it came from", () => {
  const original = (of?: unknown) => {
    const content = items({ array: { buffer: 0, dtype: "uint16", shape: [2, 3], of } }, [bytes(12)]);
    return content?.form === "array" ? content.original : undefined;
  };
  assert.deepEqual(original([6, 4]), { width: 6, height: 4 });
  for (const none of [undefined, null, [], [0, 4], ["x", 4], 7]) assert.equal(original(none), null);
});

test("a broken item does not spoil the others of its page", () => {
  const message = parse({
    v: 1,
    type: "items",
    request: 1,
    items: [null, { id: 5 }, item({ content: { text: "x" } })],
    cursor: null,
    exhausted: true,
  });
  assert.ok(message?.type === "items");
  assert.equal(message.items.length, 1);
});

test("acknowledgements, bytes, goto and errors", () => {
  const acks = parse({
    v: 1,
    type: "acks",
    acks: [{ act: "A", saved: true, current: { act: "A", status: "labeled", value: ["a", "b"] } }, { act: 5 }],
  });
  assert.ok(acks?.type === "acks");
  assert.deepEqual(
    acks.acks.map((ack) => ack.current?.value),
    [["a", "b"]],
  );
  assert.equal(parse({ v: 1, type: "bytes", request: 1, start: 0, total: 9 }), null, "without its buffer");
  assert.deepEqual(parse({ v: 1, type: "goto", id: "a", position: 3 }), { type: "goto", id: "a" });
  assert.deepEqual(parse({ v: 1, type: "error", of: "item", request: 3, why: "gone" }), {
    type: "error",
    of: "item",
    request: 3,
    why: "gone",
  });
});

test("an opened message has a line on the order, with the time as it is written here", () => {
  const of = (order: unknown) => {
    const found = parse({ v: 1, type: "opened", dataset: { id: "D" }, task: { name: "t", kind: "choice" }, order });
    return found?.type === "opened" ? found.order : null;
  };
  const at = "2026-11-24T14:03:00Z";
  const time = new Date(at).toLocaleTimeString();
  assert.deepEqual(of({ text: "ordered at {at}", at, failed: true }), { text: `ordered at ${time}`, failed: true });
  for (const none of [{ text: 1 }, null]) assert.deepEqual(of(none), { text: "", failed: false });
});
