import assert from "node:assert/strict";
import { test } from "node:test";
import { type Host, Link } from "../link.ts";
import type { Outgoing } from "../protocol.ts";

/** A clock that runs when it is told to, and a kernel that hears and says nothing. */
class Clock implements Host {
  time = 0;
  sent: Outgoing[] = [];
  states: boolean[] = [];
  dead = false;
  there = true;
  #timers: { at: number; run: () => void }[] = [];

  now() {
    return this.time;
  }
  send(message: Outgoing) {
    if (this.dead) throw new Error("Cannot send");
    this.sent.push(message);
  }
  later(ms: number, run: () => void) {
    const timer = { at: this.time + ms, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }
  attended() {
    return this.there;
  }
  changed(connected: boolean) {
    this.states.push(connected);
  }
  run(ms: number) {
    const end = this.time + ms;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.time = next.at;
      next.run();
    }
    this.time = end;
  }
}

const open = () => ({ type: "open", client: "C" }) as const;

test("what is asked is sent at once, and again at growing intervals until it is answered", () => {
  const clock = new Clock();
  const link = new Link(clock);
  link.ask("open", open);
  assert.equal(clock.sent.length, 1);
  clock.run(30_000);
  assert.equal(clock.sent.length, 5, "at 0, 2, 6, 14 and 29 s");
  link.heard("open");
  clock.run(15_000);
  assert.equal(clock.sent.filter(({ type }) => type === "open").length, 5);
});

test("a question asked twice is one question", () => {
  const clock = new Clock();
  const link = new Link(clock);
  link.ask("open", open);
  link.ask("open", open);
  assert.equal(clock.sent.length, 1);
});

test("a send that throws is a lost connection, at once", () => {
  const clock = new Clock();
  clock.dead = true;
  const link = new Link(clock);
  link.ask("open", open);
  assert.equal(link.connected, false);
  clock.dead = false;
  clock.run(2_000);
  assert.equal(clock.sent.length, 1, "and it is tried again");
  link.heard("open");
  assert.deepEqual(clock.states, [false, true]);
});

test("silence is a lost connection, after four seconds and not before", () => {
  const clock = new Clock();
  const link = new Link(clock);
  link.ask("open", open);
  clock.run(3_900);
  assert.equal(link.connected, true);
  clock.run(200);
  assert.equal(link.connected, false);
});

test("whatever is heard after silence sends everything that waits", () => {
  const clock = new Clock();
  const link = new Link(clock);
  link.ask("acts", () => ({ type: "acts", acts: [] }));
  clock.run(60_000);
  const before = clock.sent.length;
  link.heard(null);
  assert.equal(clock.sent.length, before + 1);
  assert.equal(link.connected, true);
});

test("a question that nobody waits for any longer is not sent again", () => {
  const clock = new Clock();
  const link = new Link(clock);
  let wanted = true;
  link.ask("bytes", () => (wanted ? open() : null));
  wanted = false;
  clock.run(60_000);
  assert.equal(clock.sent.filter(({ type }) => type === "open").length, 1);
});

test("an idle page asks whether the kernel is there, while a person is", () => {
  const clock = new Clock();
  const link = new Link(clock);
  clock.run(21_000);
  assert.deepEqual(clock.sent, [{ type: "ping" }]);
  link.heard("ping");
  clock.there = false;
  clock.run(120_000);
  assert.equal(clock.sent.length, 1);
  assert.equal(link.connected, true);
});

test("a closed link sends nothing", () => {
  const clock = new Clock();
  const link = new Link(clock);
  link.ask("open", open);
  link.close();
  clock.run(60_000);
  assert.equal(clock.sent.length, 1);
});
