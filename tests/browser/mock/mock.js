// A model and a kernel in the page: what the real ones answer, in time, late, never, or by throwing.
// The page's query says what to show: ?kind=text|image|…&task=choice|text|…&settings={"lines":1}&n=50&name=anna&mode=review&options=jay,rook

import { content, peaks, prepareImages } from "/contents.js";

const query = new URLSearchParams(location.search);
const number = (name, otherwise) => Number(query.get(name) ?? otherwise);
const SAVED = "mock-saved";
const DOT = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

const kernel = {
  latency: number("latency", 5),
  silent: query.has("silent"),
  throws: query.has("throws"),
  full: false,
  got: [],
  saved: JSON.parse(localStorage.getItem(SAVED) ?? "[]"),
  annotator: query.get("name") === "" ? null : { name: query.get("name") ?? "anna", identity: "environment" },
};
const kind = query.get("kind") ?? "text";
const task = query.get("task") ?? "choice";
const total = number("n", 50);
const options = (query.get("options") ?? "jay,rook,magpie").split(",").map((each) => {
  const [name, key, group, picture] = each.split("|");
  return { id: name, name, key: key || null, color: null, description: null, group: group || null, picture: picture ? DOT : null };
});
const ids = Array.from({ length: total }, (_, i) => i.toString(16).padStart(32, "0"));
const handlers = new Map();
let grids = [];

function head(item) {
  const acts = kernel.saved.filter((act) => act.item === item);
  const last = acts.at(-1);
  if (!last) return null;
  const { act, status, value, flagged, unsure, comment } = last;
  return { act, status, value, flagged, unsure, comment, conflict: false };
}

function counts() {
  const heads = ids.map(head);
  const labeled = heads.filter((each) => each?.status === "labeled").length;
  const skipped = heads.filter((each) => each?.status === "skipped").length;
  return { total, labeled, skipped, left: total - labeled - skipped };
}

async function view(position, buffers) {
  const id = ids[position];
  const sent = await content(kind, position, buffers, query);
  const current = head(id);
  return {
    position, id, kind: kind.split("-")[0], media_type: sent.media_type ?? "text/plain",
    name: query.get("file") ?? `IMG_${2000 + position}.png`, bytes: 1000, duration: null, width: kind === "image" ? number("side", 400) : null, height: kind === "image" ? Math.round(number("side", 400) * 0.75) : null,
    attributes: query.has("show") ? { site: query.get("show") } : {}, text: null, given: JSON.parse(query.get("given") ?? "{}"), suggestion: JSON.parse(query.get("suggestion") ?? "null"), current, again: current?.status === "skipped", content: sent,
  };
}

function wanted(cursor) {
  const [phase, after] = cursor ?? [0, 0];
  const inPhase = (n) => (i) => {
    const status = head(ids[i])?.status ?? "cleared";
    if (query.get("mode") === "review") return status === "labeled";
    return n === 0 ? status === "cleared" : status === "skipped";
  };
  const places = ids.map((_, i) => i);
  const first = places.filter((i) => (phase > 0 || i >= after) && inPhase(phase)(i) && (phase === 0 || i >= after));
  if (first.length > 0 || phase === 1 || query.get("mode") === "review") return [phase, first];
  return [1, places.filter(inPhase(1))];
}

const answers = {
  open: () => ({
    type: "opened", dataset: { id: "01DATASET", name: query.get("dataset") ?? "Birds" },
    task: { name: "species", kind: task, schema: 1, title: query.get("title"), guidelines: query.has("guidelines") ? { text: query.get("guidelines"), changed: query.get("changed") } : null, options: query.get("options") === "" ? [] : options, settings: JSON.parse(query.get("settings") ?? "{}") },
    annotator: kernel.annotator, mode: query.get("mode") ?? "new", counts: counts(), show: [], chunk: 3500000,
    suggests: query.has("suggestion"), skips: !query.has("noskip"), saves: !query.has("unsaved"),
  }),
  introduce({ name }) {
    if (name === "taken") return { type: "error", of: "introduce", why: "this kernel already knows who labels: ben" };
    kernel.annotator = { name, identity: "self-declared" };
    return answers.open();
  },
  async fetch({ request, cursor, count }, buffers) {
    const [phase, places] = wanted(cursor);
    const page = places.slice(0, Math.min(count, 40));
    const items = await Promise.all(page.map((position) => view(position, buffers)));
    const next = [phase, (page.at(-1) ?? total) + 1];
    const exhausted = page.length === places.length && (phase === 1 || wanted([1, 0])[1].length === 0 || query.get("mode") === "review");
    const onward = phase === 0 && page.length === places.length && !exhausted ? [1, 0] : next;
    return { type: "items", request, items, cursor: onward, exhausted, counts: counts() };
  },
  async grid({ request, start, count, unlabeled, fresh }, buffers) {
    if (fresh) grids = ids.map((_, i) => i).filter((i) => !unlabeled || (head(ids[i])?.status ?? "cleared") === "cleared");
    const items = await Promise.all(grids.slice(start, start + Math.min(count, 40)).map((position) => view(position, buffers)));
    return { type: "items", request, items, total: grids.length, cursor: null, exhausted: false, counts: counts() };
  },
  async item({ request, id, position }, buffers) {
    const place = position ?? ids.indexOf(id);
    if (place < 0) return { type: "error", of: "item", request, why: `no item ${id}` };
    return { type: "items", request, items: [await view(place, buffers)], cursor: null, exhausted: false, counts: counts() };
  },
  async bytes({ request, item, start, full }, buffers) {
    const held = [];
    await content(kind, ids.indexOf(item), held, query, full);
    const whole = held[0];
    buffers.push(whole.slice(start, start + 300_000));
    return { type: "bytes", request, item, start, total: whole.byteLength };
  },
  async peaks({ request, item }, buffers) {
    buffers.push(peaks(ids.indexOf(item)));
    return { type: "bytes", request, start: 0, total: buffers[0].byteLength };
  },
  async module({ request, name }, buffers) {
    buffers.push(await (await fetch(`/${name}.js`)).arrayBuffer());
    return { type: "bytes", request, start: 0, total: buffers[0].byteLength };
  },
  picture({ request, path }, buffers) {
    if (path !== "metadata/jay bird.gif") return { type: "error", of: "picture", request, why: `${path} is no picture of these guidelines` };
    buffers.push(Uint8Array.from(atob(DOT.split(",")[1]), (letter) => letter.charCodeAt(0)).buffer);
    return { type: "bytes", request, start: 0, total: buffers[0].byteLength };
  },
  acts({ acts }) {
    return { type: "acks", acks: acts.map(save), counts: counts() };
  },
  ping: () => ({ type: "pong", counts: counts() }),
};

function save(act) {
  if (query.get("invalid") === act.value && act.value !== null) return { act: act.act, saved: false, final: true, why: "no such option" };
  if (kernel.full) return { act: act.act, saved: false, final: false, why: "the disk is full" };
  const known = kernel.saved.some((other) => other.act === act.act);
  if (!known) kernel.saved.push(act);
  localStorage.setItem(SAVED, JSON.stringify(kernel.saved));
  return { act: act.act, saved: true, duplicate: known, current: head(act.item) };
}

async function handle(message) {
  kernel.got.push(message);
  if (kernel.silent || (message.type === "module" && query.has("nolater"))) return;
  const buffers = [];
  const answer = await answers[message.type](message, buffers);
  await new Promise((done) => setTimeout(done, kernel.latency));
  if (!kernel.silent) say(answer, buffers);
}

function say(message, buffers = []) {
  for (const handler of handlers.get("msg:custom") ?? []) handler({ v: 1, ...message }, buffers.map((buffer) => new DataView(buffer)));
}

const model = {
  get: () => null,
  set() {},
  save_changes() {},
  on: (name, handler) => handlers.set(name, [...(handlers.get(name) ?? []), handler]),
  off: (name, handler) => handlers.set(name, (handlers.get(name) ?? []).filter((each) => each !== handler)),
  send(message) {
    if (kernel.throws) throw new Error("Cannot send");
    void handle(structuredClone(message));
  },
};

await prepareImages(kind, total, query);
const { default: make } = await import(`/labeler-${task}.js`);
const widget = make();
const stop = await widget.initialize({ model });
const views = [];
function render(parent = document.querySelector("#here")) {
  const el = parent.appendChild(document.createElement("div"));
  views.push(widget.render({ model, el }));
  return el;
}
for (let i = 0; i < number("views", 1); i++) render();

const root = () => document.querySelector(".nbt-labeler");
const item = () => root().querySelector(".nbt-item");

/** Two frames later, and once every item that is there by then counts as seen. */
const frame = () => new Promise((done) => requestAnimationFrame(done));
async function presented() {
  await frame();
  do await frame();
  while (document.querySelector(".nbt-item[data-item-id]:not([data-seen])"));
}
const strike = (key, more = {}) =>
  root().dispatchEvent(new KeyboardEvent("keydown", { key, code: `Digit${key}`, bubbles: true, cancelable: true, ...more }));

/** Press keys `gap` ms apart; returns what was on the screen at each, by a watch of its own. */
async function burst(count, gap, keys) {
  const seen = [];
  let produced = item().dataset.itemId;
  let running = true;
  const channel = new MessageChannel();
  channel.port1.onmessage = ({ data }) => {
    produced = data;
  };
  const watch = () => {
    channel.port2.postMessage(item().dataset.itemId);
    if (running) requestAnimationFrame(watch);
  };
  requestAnimationFrame(watch);
  for (let i = 0; i < count; i++) {
    await new Promise((done) => setTimeout(done, gap));
    seen.push(produced);
    strike(keys[i % keys.length]);
  }
  running = false;
  return seen;
}

/** What has changed when the handler of a press returns. */
function pressed(key) {
  const before = [item().dataset.itemId, item().firstElementChild];
  strike(key);
  const kept = Object.keys(localStorage).filter((name) => name.startsWith("nbt1:01DATASET:species:anna:"));
  const after = [item().dataset.itemId, item().firstElementChild];
  return { other: after[0] !== before[0] && after[1] !== before[1], width: item().querySelector("canvas")?.width, kept: kept.length };
}

/** Where everything is that must not move. */
const places = () =>
  [...document.querySelectorAll(".nbt-option, .nbt-skip, .nbt-stage, .nbt-note")].map((each) => {
    const { x, y, width, height } = each.getBoundingClientRect();
    return [x, y, width, height];
  });

window.mock = { kernel, ids, say, opened: answers.open, render, views, stop, handlers, presented, strike, burst, pressed, places };
