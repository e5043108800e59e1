import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as rules from "../rules/fields.ts";
import { opened } from "./make.ts";

const CASES = JSON.parse(
  readFileSync(new URL("../../../../tests/labels/kinds/conditions.json", import.meta.url), "utf8"),
) as { why: string; when: rules.Field["when"]; said: rules.Said; asked: boolean }[];

const FIELDS = rules.fieldsOf({
  ...opened().task,
  settings: {
    fields: [
      {
        name: "species",
        kind: "choice",
        title: "Which bird?",
        options: [
          { id: "jay", name: "jay" },
          { id: "rook", name: "raven", key: "r", picture: "javascript:0" },
          { id: "old", name: "old", retired: true },
        ],
      },
      { name: "age", kind: "number", min: 0, when: { species: ["rook"] }, required: true },
      { name: "old_note", kind: "text", when: { age: [3, 4] }, required: false },
    ],
  },
});

for (const { why, when, said, asked } of CASES)
  test(`a condition: ${why}`, () => assert.equal(rules.asked({ when }, said), asked));

test("a field is a task of its own", () => {
  const [species, age, note] = FIELDS;
  assert.deepEqual(
    species?.task.options.map(({ id, name, key, picture }) => [id, name, key, picture]),
    [
      ["jay", "jay", null, null],
      ["rook", "raven", "r", null],
    ],
  );
  assert.deepEqual([age?.task.kind, age?.task.settings, age?.required], ["number", { min: 0 }, true]);
  assert.deepEqual(note && [rules.titleOf(note), note.required], ["old note", false]);
  assert.deepEqual(rules.fieldsOf({ ...opened().task, settings: { fields: "none" } }), []);
});

test("what is not asked any more is no part of the answer, and what hangs on it neither", () => {
  const value = { species: "rook", age: 3, old_note: "x" };
  assert.deepEqual(rules.visible(FIELDS, value), value);
  assert.deepEqual(rules.changed(FIELDS, value, "species", "jay"), { species: "jay" });
  assert.deepEqual(rules.changed(FIELDS, value, "age", 5), { species: "rook", age: 5 });
  assert.equal(rules.changed(FIELDS, value, "species", null), null);
  assert.deepEqual(
    rules.askedOf(FIELDS, { species: "rook" }).map(({ task }) => task.name),
    ["species", "age"],
  );
  assert.deepEqual(rules.visible(FIELDS, ["no form"]), {});
});
