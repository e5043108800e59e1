import assert from "node:assert/strict";
import { test } from "node:test";
import { type Fast, Outbox, outboxPrefix, type Slow } from "../outbox.ts";
import type { Act } from "../protocol.ts";
import { deliveredElsewhere, move, setAside } from "../tidying.ts";
import { ulids } from "../ulid.ts";
import { asLines } from "../unsaved.ts";

const newId = ulids();

const act = (more: Partial<Act> = {}): Act => ({
  act: newId(),
  item: "a",
  kind: "label",
  schema: 1,
  status: "labeled",
  value: "jay",
  flagged: false,
  unsure: false,
  comment: null,
  supersedes: null,
  undoes: null,
  shown_at: "2026-01-01T00:00:00.000Z",
  sent_at: "2026-01-01T00:00:00.000Z",
  visible_ms: 1,
  active_ms: 1,
  suggestion: null,
  ...more,
});

class Storage implements Fast {
  readonly kept = new Map<string, string>();
  full = false;
  get length() {
    return this.kept.size;
  }
  key(index: number) {
    return [...this.kept.keys()][index] ?? null;
  }
  getItem(key: string) {
    return this.kept.get(key) ?? null;
  }
  setItem(key: string, value: string) {
    if (this.full) throw new DOMException("full", "QuotaExceededError");
    this.kept.set(key, value);
  }
  removeItem(key: string) {
    this.kept.delete(key);
  }
}

class Database implements Slow {
  readonly kept = new Map<string, Act>();
  full = false;
  async set(key: string, value: Act) {
    if (this.full) throw new DOMException("full", "QuotaExceededError");
    this.kept.set(key, value);
  }
  async del(keys: readonly string[]) {
    for (const key of keys) this.kept.delete(key);
  }
  async entries() {
    return [...this.kept];
  }
}

const prefix = outboxPrefix("D", "species", "anna");
const settle = () => new Promise((done) => setTimeout(done));

test("a small act is in localStorage when keep returns", () => {
  const [fast, slow] = [new Storage(), new Database()];
  const one = act();
  assert.equal(new Outbox(prefix, fast, slow).keep(one), "kept");
  assert.deepEqual(JSON.parse(fast.getItem(`nbt1:D:species:anna:${one.act}`) ?? ""), one);
});

test("a large act goes to IndexedDB, and is not yet kept until it is there", async () => {
  const [fast, slow] = [new Storage(), new Database()];
  const outbox = new Outbox(prefix, fast, slow);
  const large = act({ comment: "x".repeat(40_000) });
  let told: boolean | null = null;
  assert.equal(
    outbox.keep(large, (kept) => {
      told = kept;
    }),
    "later",
  );
  assert.equal(outbox.unkept.size, 1);
  assert.equal(fast.length, 0);
  await settle();
  assert.equal(outbox.unkept.size, 0);
  assert.equal(told, true);
  assert.deepEqual(await new Outbox(prefix, fast, slow).recover(), [large]);
});

test("a full store says so, and does not fall back in silence", () => {
  const fast = new Storage();
  fast.full = true;
  assert.equal(new Outbox(prefix, fast, new Database()).keep(act()), "full");
});

test("where there is no localStorage IndexedDB has to do, and where there is neither nothing is kept", async () => {
  const slow = new Database();
  const outbox = new Outbox(prefix, null, slow);
  assert.equal(outbox.keep(act()), "later");
  await settle();
  assert.equal(slow.kept.size, 1);
  assert.equal(new Outbox(prefix, null, null).keep(act()), "full");
});

test("an act that IndexedDB refused stays named as not kept", async () => {
  const slow = new Database();
  slow.full = true;
  const outbox = new Outbox(prefix, null, slow);
  let told: boolean | null = null;
  outbox.keep(act(), (kept) => {
    told = kept;
  });
  await settle();
  assert.equal(told, false);
  assert.equal(outbox.unkept.size, 1);
});

test("acts move to IndexedDB without ever being in neither store", async () => {
  const [fast, slow] = [new Storage(), new Database()];
  const outbox = new Outbox(prefix, fast, slow);
  const acts = [act(), act(), act()];
  for (const each of acts) outbox.keep(each);
  const seen: number[] = [];
  const remove = fast.removeItem.bind(fast);
  fast.removeItem = (key) => {
    seen.push(slow.kept.size);
    remove(key);
  };
  await move(outbox);
  assert.deepEqual(seen, [1, 2, 3]);
  assert.equal(fast.length, 0);
  assert.deepEqual(await outbox.recover(), acts);
});

test("an act that is acknowledged while it moves does not come back", async () => {
  const [fast, slow] = [new Storage(), new Database()];
  const outbox = new Outbox(prefix, fast, slow);
  const one = act();
  outbox.keep(one);
  const moving = move(outbox);
  outbox.drop([one.act]);
  await moving;
  await settle();
  assert.deepEqual(await outbox.recover(), []);
});

test("what is recovered is this person's, in the order in which it was said", async () => {
  const [fast, slow] = [new Storage(), new Database()];
  const anna = new Outbox(prefix, fast, slow);
  const ben = new Outbox(outboxPrefix("D", "species", "anna:ben"), fast, slow);
  const acts = [act(), act(), act()];
  for (const each of [...acts].reverse()) anna.keep(each);
  ben.keep(act());
  fast.setItem(`${prefix}${newId()}`, "no json");
  assert.deepEqual(await anna.recover(), acts);
});

test("what another page delivered is known by its absence", async () => {
  const [fast, slow] = [new Storage(), new Database()];
  const [mine, other] = [new Outbox(prefix, fast, slow), new Outbox(prefix, fast, slow)];
  const acts = [act(), act()];
  for (const each of acts) mine.keep(each);
  other.drop([acts[0]?.act ?? ""]);
  assert.deepEqual(
    await deliveredElsewhere(
      mine,
      acts.map((each) => each.act),
    ),
    [acts[0]?.act],
  );
});

test("an act that can never be saved is kept aside and not recovered", async () => {
  const fast = new Storage();
  const outbox = new Outbox(prefix, fast, new Database());
  const one = act();
  outbox.keep(one);
  setAside(outbox, [one]);
  assert.deepEqual(await outbox.recover(), []);
  assert.equal(fast.getItem(`nbt1-rejected:${one.act}`), JSON.stringify(one));
});

test("unsaved acts are lines that name whose they are", () => {
  const [line, rest] = asLines([act({ item: "i" })], "D", "species", "anna").split("\n");
  assert.deepEqual(
    { ...JSON.parse(line ?? ""), act: "" },
    { dataset: "D", task: "species", annotator: "anna", ...act({ item: "i" }), act: "" },
  );
  assert.equal(rest, "");
});
