// A model and a kernel of a SplitBuilder in the page. The query says what is there: ?splits=v2.1&concerns=1&read_only=1&versions=0

const query = new URLSearchParams(location.search);
const kernel = { got: [], silent: false, slow: false, saved: [] };
const handlers = new Map();
const splits = (query.get("splits") ?? "v2.1").split(",").filter(Boolean);
const CLASSES = { jay: 1204, rook: 902, "a magpie with <b>markup</b>": 10 };

function outlook({ version, wanted, look, against }) {
  const total = wanted.ratios.reduce((sum, { share }) => sum + share, 0);
  const line = `nbtools.Dataset("birds").version("${version}").split(${JSON.stringify(Object.fromEntries(wanted.ratios.map(({ name, share }) => [name, share / 1000])))})`;
  if (total !== 1000) return { refused: `the ratios add up to ${total / 1000}, not to 1`, of: "ratios", line };
  if (wanted.groups.includes("site") && wanted.missing === null)
    return {
      refused: '12 of 2,116 items have no value in the group column \'site\', the first is \'000000000007\' (raw of the camera at the edge of the wood/2026-05-07 morning walk/IMG_0007.JPG). Choose: missing="alone" (each is its own group) or "together" (all are one)',
      of: "missing",
      line,
    };
  const counts = (items) => wanted.ratios.map(({ share }) => Math.round((items * share) / 1000));
  const rows = Object.entries(CLASSES).map(([value, items]) => ({ value, counts: counts(items) }));
  rows[2].counts = wanted.ratios.map((_, at) => (at === 1 ? 8 : at === 0 ? 2 : 0));
  const worst = { value: rows[2].value, part: wanted.ratios[1].name, items: 8, of: 10, share: 0.8, target: wanted.ratios[1].share / 1000 };
  const near = look || wanted.near ? { pairs: 3, across: wanted.near ? 0 : 1, together: wanted.near, linked: wanted.linked.length, dismissed: wanted.dismissed.length, unlinked: 0 } : null;
  return {
    version, items: 2116, units: 1800, summary: "extends v2.1: 1,316 stay, 800 placed, 0 moved", line, leaks: [], near, quarantine: [],
    counts: { quarantined: 0 },
    parts: wanted.ratios.map(({ name, share }) => ({ name, items: Math.round(2.116 * share), share: share / 1000, target: share / 1000 })),
    balances: wanted.stratify.length === 0 ? [] : [{ column: "species", rows, more: 0, without: 0, worst, empty: 1, variation: 0.1 }],
    largest: { items: 190, share: 0.09, held_by: [] },
    confirm: query.has("concerns") && wanted.seed === "0" ? ["species is missing somewhere: magpie in test"] : [],
    ...(against === null ? {} : { compared: { with: against, stay: 1316, moved: 2, new: 798, gone: 0, moves: [{ from: "train", to: "test", count: 2 }] } }),
  };
}

const picture = async (color) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 120, height: 90 });
  const context = canvas.getContext("2d");
  context.fillStyle = color;
  context.fillRect(0, 0, 120, 90);
  return (await new Promise((done) => canvas.toBlob(done))).arrayBuffer();
};

let running = null;
const answers = {
  open: () => ({
    type: "opened", dataset: { id: "01DATASET", name: "Birds" }, read_only: query.has("read_only"),
    versions: query.get("versions") === "0" ? [] : [{ name: "v1", items: 1316, message: "first" }, { name: "v2", items: 2116, message: "November walk" }],
  }),
  ping: () => ({ type: "pong" }),
  version: ({ request, version }) => ({ type: "version", request, version, items: 2116, columns: ["site", "species", "taken", "kind"], times: [{ name: "taken", number: false }], linked: [], dismissed: [], splits }),
  preview(message) {
    running = message;
    if (!kernel.slow) setTimeout(() => say({ type: "preview", number: message.number, result: outlook(message) }), 5);
    return { type: "progress", request: message.request, number: message.number, state: "running", done: 300, total: 2000 };
  },
  progress: ({ request, number, cancel }) => ({ type: "progress", request, number, state: cancel || running?.number !== number ? "cancelled" : "running", done: 600, total: 2000 }),
  async pairs({ request, start }, buffers) {
    buffers.push(await picture("#0072b2"), await picture("#56b4e9"));
    const side = (name, part, more) => ({ id: name.padStart(32, "0"), name, part, ...more });
    const decided = (pair) => { const ids = pair.items.map(({ id }) => id).sort().join(); const { linked, dismissed } = running.wanted; const said = linked.some((one) => one.join() === ids) ? "linked" : dismissed.some((one) => one.join() === ids) ? "dismissed" : null; return { said, together: said === "linked", ...pair, items: said === "linked" ? pair.items.map((one) => ({ ...one, part: pair.items[0].part })) : pair.items }; };
    const pairs = [
      { kind: "near image", measure: 2, unit: "bits that differ", items: [side("a.png", "train", { media_type: "image/png", buffer: 0 }), side("b.png", "test", { media_type: "image/png", buffer: 1 })] },
      { kind: "near text", measure: 0.91, unit: "Jaccard", items: [side("a.txt", "train", { text: "a <b>jay</b>" }), side("b.txt", "train", { text: "a jay!" })] },
      { kind: "near image", measure: 0, unit: "bits that differ", items: [side("c.png", "val", { error: "the file is gone" }), side("d.png", "val", { text: "" })] },
    ];
    return { type: "pairs", request, start, total: 3, pairs: pairs.map(decided) };
  },
  save(message) {
    kernel.saved.push(message);
    return { type: "job", request: message.request, job: message.job, state: "done", result: { name: "v2.2", made: true, message: message.message } };
  },
  job: ({ request, job }) => ({ type: "job", request, job, state: "done", result: { name: "v2.2", made: true, message: "" } }),
};

function say(message, buffers = []) {
  for (const handler of handlers.get("msg:custom") ?? []) handler({ v: 1, ...message }, buffers.map((buffer) => new DataView(buffer)));
}

const model = {
  get: () => null,
  set() {},
  save_changes() {},
  on: (name, handler) => handlers.set(name, [...(handlers.get(name) ?? []), handler]),
  off: (name, handler) => handlers.set(name, (handlers.get(name) ?? []).filter((each) => each !== handler)),
  async send(message) {
    kernel.got.push(structuredClone(message));
    if (kernel.silent) return;
    const buffers = [];
    say(await answers[message.type](message, buffers), buffers);
  },
};

const { default: make } = await import("/splits.js");
const widget = make();
const stop = await widget.initialize({ model });
widget.render({ model, el: document.querySelector("#here").appendChild(document.createElement("div")) });
window.mock = { kernel, stop };
