// A model and a kernel in the page, which answers what a VersionBrowser asks: in time, late, never, or that it can't.
// The page's query says what there is: ?n=500&versions=3&kind=image|text|mixed&readonly&empty&slow=rows&fail=view&hostile

import { content, prepareImages } from "/contents.js";

const query = new URLSearchParams(location.search);
const number = (name, otherwise) => Number(query.get(name) ?? otherwise);
const MARKUP = `<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>`;
const hostile = query.has("hostile");
const total = number("n", 500);
const PICTURES = 12;
const kind = query.get("kind") ?? "image";
const LABELS = ["jay", "rook", "magpie", hostile ? MARKUP : "crow"];
const SITES = ["north", "south"];

const kernel = { latency: number("latency", 5), silent: query.has("silent"), got: [], jobs: new Map(), hold: query.has("hold") };

const version = (n, more = {}) => ({
  name: `v${n}`, parent: n > 1 ? `v${n - 1}` : null, author: "anna", created: `2026-11-0${(n % 9) + 1}T10:00:00Z`,
  message: hostile ? MARKUP : ["first photos", "November walk", "labels of ben", "the feeder"][n % 4], items: total, bytes: total * 21_000,
  labeled: { species: total - 20 }, changed: n > 1 ? "+ 20 − 3 relabeled 31" : `+ ${total}`, labels_only: n === 3, same_as: null,
  splits: n < 3 ? [{ ...split(n), name: `v${n}.1` }] : [], ...more,
});
const split = (n) => ({ parent: `v${n}`, author: "ben", created: "2026-11-05T10:00:00Z", message: "by site", items: total, bytes: 0, labeled: {}, changed: "", labels_only: false, same_as: null, parts: { train: Math.round(total * 0.8), val: Math.round(total * 0.1), test: Math.round(total * 0.1) } });
let versions = query.has("empty") ? [] : Array.from({ length: number("versions", 3) }, (_, n) => version(n + 1));
const timeline = () => ({ mark: String(versions.length).padStart(16, "0"), versions, foreign: query.has("foreign") ? ["by-hand"] : [], damaged: query.has("damaged") ? { v9: "versions/v9/version.json cannot be understood" } : {} });

const labelOf = (i) => (i % 23 === 22 ? null : LABELS[(i * 7) % LABELS.length]);
const item = (i) => ({
  id: i.toString(16).padStart(32, "0"), source: hostile ? `raw/${MARKUP}/${i}.png` : `raw/${SITES[i % 2]}/IMG_${2000 + i}.png`, kind: kindOf(i).split("-")[0],
  path: `processed/${i}.png`, media_type: "image/png", bytes: 21_000 + i, width: 400, height: 300, duration: null,
  ...(kind === "image" ? {} : { text: kindOf(i) === "text" ? `${i}. The jay is a shy bird of the woods, heard more often than it is seen.` : null }),
  site: SITES[i % 2], species: labelOf(i),
});
const kindOf = (i) => (kind === "mixed" ? ["image", "text", "audio", "image"][i % 4] : kind === "broken" ? "image" : kind);
const COLUMNS = () => Object.keys(item(0)).filter((name) => !["path", "media_type"].includes(name)).map((name) => ({ name, holds: ["bytes", "width", "height", "duration"].includes(name) ? "number" : "text", own: !["site", "species"].includes(name) }));

const sizes = { added: 20, removed: 3, relabeled: 31, replaced: 0, moved: 0 };
/** The positions that a look comes to; those of a million items are not made one by one. */
const looks = new Map();
function found(look) {
  const key = JSON.stringify(look);
  if (looks.has(key)) return looks.get(key);
  const many = look.against !== null && look.part !== "all" ? sizes[look.part] : total;
  const plain = look.find === "" && look.filters.length === 0 && look.sort === null && look.cell === null;
  if (plain) return { length: many, at: (i) => i };
  let rows = Array.from({ length: many }, (_, i) => i);
  for (const [column, value] of look.filters) rows = rows.filter((i) => (item(i)[column] ?? null) === value);
  if (look.find) rows = rows.filter((i) => item(i).source.toLowerCase().includes(look.find.toLowerCase()));
  if (look.cell) rows = rows.filter((i) => labelOf(i) === look.cell[1]);
  if (look.sort) rows.sort((a, b) => (String(item(a)[look.sort]) < String(item(b)[look.sort]) ? -1 : 1) * (look.descending ? -1 : 1));
  const answer = { length: rows.length, at: (i) => rows[i] };
  looks.set(key, answer);
  return answer;
}

function facets(look) {
  const rows = found(look);
  const many = Math.min(rows.length, 2000);
  const tally = (name) => {
    const counts = new Map();
    for (let i = 0; i < many; i++) counts.set(item(rows.at(i))[name] ?? null, (counts.get(item(rows.at(i))[name] ?? null) ?? 0) + 1);
    return { column: name, values: [...counts].sort((a, b) => b[1] - a[1]), others: [0, 0] };
  };
  return ["kind", "site", "species"].map(tally);
}

const answers = {
  open: () => (query.has("failing") ? { type: "error", of: "open", why: "the folder of this dataset is gone: bring it back" } : { type: "opened", dataset: { id: "01DATASET", name: hostile ? MARKUP : "Birds" }, read_only: query.has("readonly"), person: query.has("nobody") ? null : "anna", place: null, timeline: timeline() }),
  ping: () => ({ type: "pong" }),
  timeline: ({ request, mark }) => ({ type: "timeline", request, timeline: mark === timeline().mark ? null : timeline() }),
  view({ request, look, facets: wanted }) {
    if (query.get("fail") === "view") return { type: "error", of: "view", request, why: "versions/v3/items.parquet cannot be read. Bring it back from a backup" };
    if (wanted) return { type: "facets", request, facets: facets(look), bytes: total * 21_000 };
    const line = `nb.Dataset('birds').version('${look.of}')${look.against ? `.diff('${look.against}')` : ""}`;
    return { type: "view", request, total: found(look).length, columns: COLUMNS(), line, where: look.filters.map(([name, value]) => `"${name}" = '${value}'`).join(" and ") || null, labeled: look.part === "relabeled" && (look.cell === null || look.cell[0] === null) ? 3 : 0, relabels: ["species"] };
  },
  async rows({ request, look, start, count, cards }, buffers) {
    const rows = found(look);
    const positions = Array.from({ length: Math.max(0, Math.min(count, rows.length - start)) }, (_, at) => rows.at(start + at));
    if (!cards) {
      const all = positions.map(item);
      const body = JSON.stringify({ columns: Object.keys(all[0] ?? {}), rows: all.map((one) => Object.values(one)) });
      buffers.push(new TextEncoder().encode(body).buffer);
      return { type: "rows", request, start };
    }
    const made = [];
    for (const i of positions.slice(0, 12)) made.push({ id: item(i).id, content: await shown(i, buffers) });
    return { type: "cards", request, start, cards: made };
  },
  async item({ request, look, position }, buffers) {
    const i = found(look).at(position);
    const { text, ...row } = item(i);
    const said = { task: "species", annotator: hostile ? MARKUP : "anna", value: labelOf(i) ?? "", status: "labeled", origin: "person", comment: hostile ? MARKUP : "seen twice", at: "2026-11-02T10:00:00Z" };
    const large = kindOf(i) === "image" ? await content(kind === "broken" ? "broken" : hostile ? "svg" : "image", i % PICTURES, buffers, query) : await content(kindOf(i), i, buffers, query);
    return { type: "item", request, position, item: { ...row, sources: [row.source] }, content: large, labels: [{ ...said, annotator: "p7" }], history: [{ ...said, value: "rook", origin: "import", comment: null }, said] };
  },
  async bytes({ request, item: id, start }, buffers) {
    const made = kernel.jobs.get(id);
    let whole = new TextEncoder().encode("<!doctype html><title>report</title>").buffer;
    if (made === undefined) {
      const held = [];
      await content(kindOf(parseInt(id, 16)), parseInt(id, 16), held, query, true);
      whole = held[0];
    }
    buffers.push(whole.slice(start));
    return { type: "bytes", request, item: id, start, total: whole.byteLength };
  },
  changes: ({ request }) => ({
    type: "changes", request, counts: { added: 20, removed: 3, replaced: 0, moved: 0 },
    relabeled: [query.has("labels") ? many(Number(query.get("labels"))) : { task: "species", total: 31, labeled: 3, labels: [...LABELS.slice(0, 3), null], cells: [[0, 1, 14], [1, 0, 9], [2, 1, 5], [3, 0, 3]], unshown: 0 }],
  }),
  start({ request, job, do: what, message, version: of, where, tasks, truth }) {
    if (!kernel.jobs.has(job)) kernel.jobs.set(job, { what, message, of, where, tasks, truth, looked: 0, cancelled: false });
    return told(request, job);
  },
  job({ request, job, cancel }) {
    const one = kernel.jobs.get(job);
    if (cancel) one.cancelled = true;
    one.looked += 1;
    return told(request, job);
  },
};

const many = (n) => ({
  task: "species", total: n * 3, unshown: 4,
  labels: Array.from({ length: n }, (_, at) => `label ${at}`),
  cells: Array.from({ length: n }, (_, at) => [at, (at * 7 + 1) % n, 11 * (n - at)]),
});

const RESULTS = {
  preview: ({ where, tasks, truth }) => (query.has("differ") && !where && !truth ? { tasks: ["species"], differ: ["species"], unsettled: 12 } : { tasks: query.has("tasks") ? ["species", "age"] : ["species"], differ: query.has("differ") && !where ? ["species"] : [], parent: versions.at(-1)?.name ?? null, same_as: null, changed: where ? "+ 3" : "+ 12 relabeled 4", items: total + 12, bytes: 1e7, labeled: Object.fromEntries((tasks ?? ["species"]).map((name) => [name, total])) }),
  freeze({ message }) {
    const made = version(versions.length + 1, { message, splits: [], labels_only: false });
    versions = [...versions, made];
    return { version: made.name, made: true };
  },
  verify: ({ of }) => (query.has("damage") ? { version: of, files: total + 2, count: 2, wrong: [{ problem: "missing", path: "processed/00.png" }, { problem: "changed", path: hostile ? MARKUP : "processed/01.png" }] } : { version: of, files: total + 2, count: 0, wrong: [] }),
  restore: () => ({ destination: "/data/out", written: total, unchanged: 0, left_out: 0, failed: [], count: 0 }),
  report: () => ({ bytes: 36, name: "birds-report.html" }),
};

function told(request, job) {
  const one = kernel.jobs.get(job);
  const running = !one.cancelled && (kernel.hold || one.looked < (one.what === "verify" ? 2 : 0));
  if (running) return { type: "job", request, job, state: "running", done: 100 * (one.looked + 1), total: total + 2, result: null, why: null };
  if (one.cancelled) return { type: "job", request, job, state: "cancelled", done: 0, total: null, result: null, why: null };
  if (one.what === "freeze" && one.message === "") return { type: "job", request, job, state: "failed", done: 0, total: null, result: null, why: "a version needs a message, what it is in words" };
  one.result ??= RESULTS[one.what](one);
  return { type: "job", request, job, state: "done", done: 0, total: null, result: one.result, why: null };
}

async function shown(i, buffers) {
  if (kind === "broken" && i % 2 === 1) return { error: hostile ? MARKUP : "the file is truncated: 120 of 4096 bytes" };
  const of = kindOf(i);
  if (of === "image") return content(kind === "broken" ? "broken" : hostile ? "svg" : "image", i % PICTURES, buffers, query);
  return of === "text" ? { text: hostile ? MARKUP : item(i).text } : {};
}

async function handle(message) {
  kernel.got.push(message);
  if (kernel.silent || query.get("slow") === message.type) return;
  const buffers = [];
  const answer = await answers[message.type](message, buffers);
  await new Promise((done) => setTimeout(done, kernel.latency));
  if (!kernel.silent) say(answer, buffers);
}

const handlers = new Set();
function say(message, buffers = []) {
  for (const handler of handlers) handler({ v: 1, ...message }, buffers.map((buffer) => new DataView(buffer)));
}

const model = {
  get: () => null, set() {}, save_changes() {},
  on: (_name, handler) => handlers.add(handler),
  off: (_name, handler) => handlers.delete(handler),
  send: (message) => void handle(structuredClone(message)),
};

await prepareImages("image", PICTURES, new URLSearchParams({ side: "240" }));
const { default: make } = await import("/versions.js");
const widget = make();
const stop = await widget.initialize({ model });
const view = widget.render({ model, el: document.querySelector("#here").appendChild(document.createElement("div")) });
/** A version that another process makes. */
const freezeElsewhere = () => {
  versions = [...versions, version(versions.length + 1, { message: "from elsewhere", splits: [] })];
};
window.mock = { kernel, say, freezeElsewhere, stop, view, handlers };
