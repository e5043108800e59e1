/** Which panel is open, what its buttons do, and the jobs behind them. */

import { setAttribute } from "../dom.ts";
import type { Controller } from "./controller.ts";
import type { PanelName } from "./panels.ts";
import * as panels from "./panels.ts";
import { texts } from "./parse.ts";
import type { Do, Job, Order, Split, Text } from "./protocol.ts";
import type { Skin } from "./skin.ts";

const NAMES: readonly PanelName[] = ["freeze", "verify", "restore", "report", "help"];
const TASK = "task:";
const PRIMARY = "button.nbt-primary";

export class Dialogs {
  readonly #controller: Controller;
  readonly #skin: Skin;
  readonly #picked: () => Split | null;
  readonly #where: () => Text;
  readonly #pick: (name: string) => void;
  readonly #redraw: () => void;
  #panel: PanelName | null = null;
  #key = "";
  #asked: Omit<panels.Asked, "where"> = { tasks: [], differ: [] };

  constructor(
    controller: Controller,
    skin: Skin,
    picked: () => Split | null,
    where: () => Text,
    pick: (name: string) => void,
    redraw: () => void,
  ) {
    this.#controller = controller;
    this.#skin = skin;
    this.#picked = picked;
    this.#where = where;
    this.#pick = pick;
    this.#redraw = redraw;
    skin.panel.addEventListener("change", (event) => this.#changed(event.target));
  }

  get open(): boolean {
    return this.#panel !== null;
  }

  toggle(name: PanelName): void {
    if (this.#panel === name) this.close();
    else this.#show(name);
  }

  close(): void {
    this.#panel = null;
    this.#redraw();
  }

  /** Press the panel's button; true where it has one. */
  submit(): boolean {
    const button = this.#skin.panel.querySelector<HTMLButtonElement>(PRIMARY);
    button?.click();
    return button !== null;
  }

  /** A button; true where it was one of these. */
  does(what: string): boolean {
    const name = NAMES.find((one) => one === what);
    if (name !== undefined) this.toggle(name);
    else if (what === "closePanel") this.close();
    else if (what === "cancelJob") this.#cancel();
    else if (what === "again") this.#show("verify");
    else if (what === "asListed") this.#asListed();
    else if (what === "doFreeze") void this.#freeze();
    else if (what === "lookAt") this.#lookAt();
    else if (what === "doVerify") this.#run({ do: "verify", version: this.#name, level: this.#field("level") });
    else if (what === "doRestore") this.#restore();
    else return false;
    return true;
  }

  draw(failed: string | null, nothing: boolean): void {
    const { panel, root, actions } = this.#skin;
    const { opened, link } = this.#controller;
    const readOnly = opened?.readOnly ?? false;
    root.dataset["readOnly"] = String(readOnly);
    for (const button of actions.querySelectorAll<HTMLButtonElement>("button[data-do]")) {
      const what = button.dataset["do"];
      button.hidden = readOnly && (what === "freeze" || what === "restore");
      const idle = what === "help" || (what === "freeze" ? opened !== null : !nothing && opened !== null);
      button.disabled = !idle;
      setAttribute(button, "aria-expanded", what === "report" ? null : String(this.#panel === what));
    }
    const [key, make] = this.#which(failed, nothing, link.connected);
    panel.hidden = key === "";
    if (key === this.#key) return;
    const same = key.split(" ")[0] === this.#key.split(" ")[0];
    const kept = same ? this.#fields() : new Map<string, string>();
    const { activeElement } = root.getRootNode() as Document | ShadowRoot;
    const focused =
      same && activeElement instanceof HTMLElement && panel.contains(activeElement)
        ? (activeElement.getAttribute("name") ?? activeElement.dataset["do"] ?? null)
        : null;
    this.#key = key;
    panel.replaceChildren(...make());
    for (const [name, value] of kept) {
      const field = this.#input(name);
      if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = value !== "";
      else if (field !== null) field.value = value;
    }
    this.#focus(focused);
  }

  #which(failed: string | null, nothing: boolean, connected: boolean): [string, () => HTMLElement[]] {
    const { opened, jobs } = this.#controller;
    if (failed !== null) return [`failed ${failed}`, () => panels.failed(failed)];
    if (opened === null) return connected ? ["loading", panels.skeleton] : ["", () => []];
    const said = (what: Do) => JSON.stringify(jobs.get(what));
    const picked = this.#picked();
    if (this.#panel === "help") return ["help", panels.help];
    if (this.#panel === "freeze") {
      const [preview, freeze, where] = [jobs.get("preview"), jobs.get("freeze"), this.#where()];
      return [
        `freeze ${said("preview")} ${said("freeze")} ${where}`,
        () => panels.freeze(opened, preview, freeze, { ...this.#known(preview), where }),
      ];
    }
    if (picked !== null && this.#panel === "verify")
      return [`verify ${picked.name} ${said("verify")}`, () => panels.verify(picked, jobs.get("verify"))];
    if (picked !== null && this.#panel === "restore")
      return [`restore ${picked.name} ${said("restore")}`, () => panels.restore(picked, opened, jobs.get("restore"))];
    if (this.#panel === "report") return [`report ${said("report")}`, () => panels.report(jobs.get("report"))];
    return nothing ? ["empty", () => panels.empty(opened.readOnly)] : ["", () => []];
  }

  #focus(name: string | null): void {
    if (this.#panel === null) return;
    const { panel } = this.#skin;
    const again = name === null ? null : panel.querySelector<HTMLElement>(`[name="${name}"], [data-do="${name}"]`);
    const first = panel.querySelector<HTMLElement>("input, select") ?? panel.querySelector<HTMLElement>("button");
    (again ?? first)?.focus({ preventScroll: true });
  }

  #show(name: PanelName): void {
    this.#panel = name;
    for (const what of [name, "preview"] as const)
      if (what !== "help" && this.#controller.jobs.get(what)?.state !== "running") this.#controller.jobs.forget(what);
    this.#key = "";
    if (name === "freeze") void this.#controller.jobs.run({ do: "preview" });
    if (name === "report") void this.#report();
    this.#redraw();
  }

  /** What goes in, and how answers that differ are settled, decides what would change. */
  #changed(target: EventTarget | null): void {
    const field = target instanceof HTMLInputElement || target instanceof HTMLSelectElement ? target.name : "";
    if (this.#panel !== "freeze" || !(field === "truth" || field === "where" || field.startsWith(TASK))) return;
    // A field changes before the focus goes on to the next one, which a panel drawn now would no longer have.
    setTimeout(() => void this.#controller.jobs.run({ do: "preview", ...this.#chosen() }));
  }

  #asListed(): void {
    const field = this.#input("where");
    if (field === null) return;
    field.value = this.#where() ?? "";
    this.#changed(field);
  }

  /** What the last preview said; it stays while the next one is made. */
  #known(preview: Job | null): Omit<panels.Asked, "where"> {
    if (preview?.state === "done") {
      const { tasks, differ } = preview.result;
      this.#asked = { tasks: texts(tasks), differ: texts(differ) };
    }
    return this.#asked;
  }

  #chosen(): Pick<Order, "truth" | "where" | "tasks"> {
    const [truth, where] = [this.#field("truth"), this.#field("where")];
    const boxes = [...this.#skin.panel.querySelectorAll<HTMLInputElement>(`[name^="${TASK}"]`)];
    const tasks = boxes.filter(({ checked }) => checked).map(({ name }) => name.slice(TASK.length));
    return {
      ...(truth === "" ? {} : { truth }),
      ...(where === "" ? {} : { where }),
      ...(tasks.length === boxes.length ? {} : { tasks }),
    };
  }

  async #freeze(): Promise<void> {
    if (!this.#complete("message", "author", "truth")) return;
    const author = this.#field("author");
    const order: Order = { do: "freeze", message: this.#field("message"), ...this.#chosen() };
    const done = await this.#controller.jobs.run(author === "" ? order : { ...order, author });
    if (done.state === "done") this.#controller.refresh();
  }

  #lookAt(): void {
    const made = String(this.#controller.jobs.get("freeze")?.result["version"]);
    this.close();
    this.#pick(made);
  }

  #restore(): void {
    if (!this.#complete("destination")) return;
    const target = this.#field("target");
    const order: Order = {
      do: "restore",
      version: this.#name,
      destination: this.#field("destination"),
      layout: this.#field("layout"),
    };
    this.#run(target === "" ? order : { ...order, target });
  }

  async #report(): Promise<void> {
    const { jobs } = this.#controller;
    const done = await jobs.run({ do: "report" });
    if (done.state !== "done") return;
    const url = URL.createObjectURL(await jobs.file(done));
    const link = document.createElement("a");
    link.href = url;
    link.download = String(done.result["name"] ?? "report.html");
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  }

  #run(order: Order): void {
    void this.#controller.jobs.run(order);
  }

  #cancel(): void {
    const running = this.#panel;
    if (running !== null && running !== "help") this.#controller.jobs.cancel(running);
  }

  get #name(): string {
    return this.#picked()?.name ?? "";
  }

  #input(name: string): HTMLInputElement | HTMLSelectElement | null {
    return this.#skin.panel.querySelector<HTMLInputElement | HTMLSelectElement>(`[name="${name}"]`);
  }

  /** Whether all that is needed is there; else the browser says so at the first field that lacks it. */
  #complete(...names: readonly string[]): boolean {
    return names.every((name) => this.#input(name)?.reportValidity() ?? true);
  }

  #field(name: string): string {
    return this.#input(name)?.value.trim() ?? "";
  }

  #fields(): Map<string, string> {
    const fields = this.#skin.panel.querySelectorAll<HTMLInputElement | HTMLSelectElement>("[name]");
    const off = (field: Element) => field instanceof HTMLInputElement && field.type === "checkbox" && !field.checked;
    return new Map([...fields].map((field) => [field.name, off(field) ? "" : field.value]));
  }
}
