/** What stands over the list while something is done: freeze, verify, restore, report, the keys. */

import { h } from "../dom.ts";
import { count, plural, size } from "../format.ts";
import type { Job, Opened, Split, Text } from "./protocol.ts";
import { howFar } from "./words.ts";

export type PanelName = "freeze" | "verify" | "restore" | "report" | "help";

const TRUTHS = [
  ["", "choose …"],
  ["latest", "the latest answer holds"],
  ["majority", "what most say holds"],
  ["adjudicated", "only adjudicated ones hold"],
] as const;
const LEVELS = [
  ["full", "read every file to its end"],
  ["sample", "read a thousand files, drawn anew"],
  ["presence", "only see whether files are there and of their size"],
] as const;
const LAYOUTS = [
  ["source", "under the names they came with"],
  ["id", "under their ids"],
  ["imagefolder", "in a folder for each label"],
] as const;

const KEYS = [
  ["← →  ↑ ↓", "through the versions and their splits, or through the items"],
  ["Enter", "pick a version; open an item"],
  ["Shift+Enter", "compare with this version"],
  ["/", "find"],
  ["v", "grid or table"],
  ["p", "play or pause the sound or video of an item"],
  ["Esc", "back; then out of the widget"],
  ["?", "these keys"],
] as const;

const close = (words = "Close"): HTMLElement => h("button", { type: "button", "data-do": "closePanel" }, words);
const primary = (what: string, words: string): HTMLButtonElement =>
  h("button", { type: "button", "data-do": what, class: "nbt-primary" }, words);
const row = (...children: HTMLElement[]): HTMLElement => h("p", { class: "nbt-row" }, ...children);
const field = (words: string, input: HTMLElement): HTMLElement =>
  h("label", { class: "nbt-field" }, h("span", {}, words), input);

function choice(name: string, options: readonly (readonly [string, string])[]): HTMLSelectElement {
  return h("select", { name }, ...options.map(([value, words]) => h("option", { value }, words)));
}

function text(name: string, placeholder: string, maxlength = 2000, value = ""): HTMLInputElement {
  return h("input", { name, placeholder, maxlength, value, autocomplete: "off" });
}

/** A field without which there is nothing to send; the browser says so in the person's own language. */
function needed<Field extends HTMLInputElement | HTMLSelectElement>(input: Field): Field {
  input.required = true;
  return input;
}

/** How a job stands: nothing, a bar with a way out, what went wrong. */
export function progress(job: Job | null, what: string): HTMLElement[] {
  if (job === null) return [];
  if (job.state === "running") {
    const bar = h("progress", { max: job.total ?? 1, "aria-label": what });
    if (job.total !== null) bar.value = job.done;
    return [
      h("p", { role: "status" }, `${what} ${howFar(job.done, job.total)}`),
      bar,
      row(h("button", { type: "button", "data-do": "cancelJob" }, "Cancel")),
    ];
  }
  if (job.state === "cancelled") return [h("p", { role: "status" }, "Cancelled.")];
  return job.state === "failed" ? [h("p", { class: "nbt-why nbt-wrong", role: "alert" }, job.why ?? "it failed")] : [];
}

/** What there is to choose. */
export interface Asked {
  /** What finds the items that are listed now. */
  readonly where: Text;
  /** The tasks there are, and those whose answers differ. */
  readonly tasks: readonly string[];
  readonly differ: readonly string[];
}

export function freeze(opened: Opened, preview: Job | null, job: Job | null, asked: Asked): HTMLElement[] {
  const done = job?.state === "done" ? job.result : null;
  if (done !== null) {
    const words =
      done["made"] === true ? `${done["version"]} is made.` : `${done["version"]} holds exactly this already.`;
    const look = primary("lookAt", `Look at ${done["version"]}`);
    return [h("h3", {}, "Freeze"), h("p", { role: "status" }, words), row(look, close())];
  }
  const author = opened.person === null ? [field("by", needed(text("author", "your name", 64)))] : [];
  const form = [
    field("what it is", needed(text("message", "first 500 photos"))),
    ...author,
    field("only items for which", text("where", "site = 'north'")),
    ...(asked.where === null ? [] : [asListed(asked.where)]),
    ...chosenTasks(asked.tasks),
    ...(asked.differ.length === 0 ? [] : [field("where answers differ", needed(choice("truth", TRUTHS)))]),
  ];
  return [
    h("h3", {}, "Freeze items and labels as they are now"),
    h("div", { class: "nbt-preview" }, ...wouldBe(preview)),
    h("div", { class: "nbt-form" }, ...form),
    ...progress(job, "freezing"),
    row(primary("doFreeze", "Freeze"), close("Not now")),
  ];
}

/** What narrows the list is not taken unasked: a version that lacks items should surprise nobody. */
const asListed = (where: string): HTMLElement =>
  h(
    "div",
    { class: "nbt-field" },
    h("span", {}),
    h("button", { type: "button", "data-do": "asListed", class: "nbt-edged", dir: "auto" }, `as listed: ${where}`),
  );

/** Whose labels go in, where there are several tasks. */
function chosenTasks(tasks: readonly string[]): HTMLElement[] {
  if (tasks.length < 2) return [];
  const boxes = tasks.map((name) =>
    h(
      "label",
      { class: "nbt-check" },
      h("input", { type: "checkbox", name: `task:${name}`, checked: true }),
      h("span", { dir: "auto" }, name),
    ),
  );
  const group = h("div", { class: "nbt-checks", role: "group", "aria-label": "labels of" }, ...boxes);
  return [h("div", { class: "nbt-field" }, h("span", {}, "labels of"), group)];
}

function wouldBe(preview: Job | null): HTMLElement[] {
  if (preview === null || preview.state === "running")
    return [h("p", { class: "nbt-quiet", role: "status" }, "seeing what would change …")];
  if (preview.state === "failed") return [h("p", { class: "nbt-why nbt-wrong", role: "status" }, preview.why ?? "")];
  const { changed, items, bytes, parent, same_as: same, labeled, differ, unsettled } = preview.result;
  const number = (value: unknown): number => (typeof value === "number" ? value : 0);
  if (typeof unsettled === "number") {
    const words = `Answers to ${String(differ)} differ on ${plural(unsettled, "item")}`;
    const why = "A version holds one answer for each item: say which.";
    return [h("p", { role: "status" }, h("strong", {}, words)), h("p", { class: "nbt-quiet" }, why)];
  }
  const said =
    typeof same === "string"
      ? `${same} holds exactly this already`
      : `${typeof changed === "string" && changed !== "" ? changed : "no change"}`;
  const tasks = Object.entries(typeof labeled === "object" && labeled !== null ? labeled : {}).map(
    ([task, many]) => `${task}: ${count(number(many))} labeled`,
  );
  const head = typeof parent === "string" ? `since ${parent}: ${said}` : said;
  return [
    h("p", { role: "status" }, h("strong", {}, head)),
    h("p", { class: "nbt-quiet" }, [plural(number(items), "item"), size(number(bytes)), ...tasks].join(" · ")),
  ];
}

export function verify(picked: Split, job: Job | null): HTMLElement[] {
  const title = h("h3", {}, `Verify ${picked.name}`);
  if (job?.state === "done") return [title, ...verified(job), row(primary("again", "Verify again"), close())];
  const start =
    job?.state === "running"
      ? []
      : [field("how", choice("level", LEVELS)), row(primary("doVerify", "Verify"), close("Not now"))];
  return [
    title,
    h("p", {}, "Are all files still what they were when the version was made?"),
    ...progress(job, "verifying"),
    ...start,
  ];
}

function verified({ result }: Job): HTMLElement[] {
  const many = Number(result["count"] ?? 0);
  const files = count(Number(result["files"] ?? 0));
  if (many === 0) return [h("p", { role: "status" }, `${files} files: all as they were.`)];
  const wrong = Array.isArray(result["wrong"]) ? (result["wrong"] as Record<string, unknown>[]) : [];
  const lines = wrong.map((one) => h("li", {}, h("strong", {}, String(one["problem"])), ` ${String(one["path"])}`));
  return [
    h("p", { role: "status", class: "nbt-wrong" }, `${count(many)} of ${files} files are not as they were.`),
    h("ul", { class: "nbt-says" }, ...lines),
    ...(many > wrong.length ? [h("p", { class: "nbt-quiet" }, `and ${count(many - wrong.length)} more`)] : []),
  ];
}

export function restore(picked: Split, opened: Opened, job: Job | null): HTMLElement[] {
  const title = h("h3", {}, `Restore the files of ${picked.name}`);
  if (job?.state === "done") {
    const { written, unchanged, left_out: left, count: failed, destination } = job.result;
    const words = [`${count(Number(written))} files written to ${String(destination)}`];
    if (Number(unchanged) > 0) words.push(`${count(Number(unchanged))} were there already`);
    if (Number(left) > 0) words.push(`${plural(Number(left), "item")} left out: no label, or no file`);
    if (Number(failed) > 0) words.push(`${count(Number(failed))} could not be restored`);
    return [
      title,
      h("p", { role: "status", class: Number(failed) > 0 ? "nbt-wrong" : "" }, words.join(" · ")),
      row(close()),
    ];
  }
  const tasks = [["", "–"], ...Object.keys(picked.labeled).map((task) => [task, task])] as [string, string][];
  const where = opened.place === null ? "a folder" : `a folder in ${opened.place}`;
  const form = [
    field(where, needed(text("destination", "", 2000, `${picked.name}-files`))),
    field("files", choice("layout", LAYOUTS)),
    field("label of the folders", choice("target", tasks)),
  ];
  const start = job?.state === "running" ? [] : [row(primary("doRestore", "Restore"), close("Not now"))];
  return [
    title,
    h("p", {}, "Files that are there with other bytes are never replaced."),
    h("div", { class: "nbt-form" }, ...form),
    ...progress(job, "restoring"),
    ...start,
  ];
}

export function report(job: Job | null): HTMLElement[] {
  const title = h("h3", {}, "Report");
  if (job?.state === "done")
    return [
      title,
      h(
        "p",
        { role: "status" },
        `${String(job.result["name"])}, ${size(Number(job.result["bytes"] ?? 0))}, lies with your downloads.`,
      ),
      row(close()),
    ];
  return [
    title,
    h(
      "p",
      {},
      "One page that shows the versions, what they hold and how they differ. It needs no server and no network.",
    ),
    ...progress(job, "writing"),
    ...(job?.state === "running" ? [] : [row(close())]),
  ];
}

export function help(): HTMLElement[] {
  const rows = KEYS.flatMap(([keys, words]) => [
    h("dt", {}, ...keys.split("  ").map((key) => h("kbd", {}, key))),
    h("dd", {}, words),
  ]);
  return [h("h3", {}, "Keys"), row(primary("closePanel", "Close")), h("dl", { class: "nbt-keys" }, ...rows)];
}

/** There is no version yet, or nothing at all can be shown. */
export function empty(readOnly: boolean): HTMLElement[] {
  const how = readOnly
    ? [h("p", {}, "They are made with ", h("code", {}, 'ds.freeze("what it is")'), ".")]
    : [
        row(primary("freeze", "Freeze…")),
        h("p", { class: "nbt-quiet" }, "or ", h("code", {}, 'ds.freeze("what it is")')),
      ];
  return [
    h("h3", {}, "No version yet"),
    h("p", {}, "A version keeps the items and their labels as they are now."),
    ...how,
  ];
}

export function failed(why: string): HTMLElement[] {
  return [
    h("h3", {}, "The versions cannot be shown"),
    h("p", { class: "nbt-why" }, why),
    h("p", {}, "Mend it, then run the cell again."),
  ];
}

export const skeleton = (): HTMLElement[] => [
  h("div", { class: "nbt-skeleton", "aria-hidden": "true" }),
  h("p", { class: "nbt-quiet", role: "status" }, "loading"),
];
