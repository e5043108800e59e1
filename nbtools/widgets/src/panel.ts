/** What the panels in the item's place do: which stands there, and what their own buttons and keys mean. Asked for with the first. */

import { commandsFor } from "./editors/kind.ts";
import { remember, remembered } from "./kept.ts";
import { type Commands, nameOf, type Remap } from "./keys.ts";
import type { PanelHost, Panels } from "./overlay.ts";
import * as panels from "./panels.ts";
import { remaps } from "./remaps.ts";

const SUGGESTING: Commands = {
  accept: { keys: [], words: "take what is suggested" },
  reject: { keys: [], words: "reject what is suggested" },
};
const MODIFIERS = ["Shift", "Control", "Alt", "Meta", "Tab"];

export function panelsOf(host: PanelHost): Panels {
  let editing: string | null = null;
  let drawn = "";

  const keep = (remap: Remap): void => {
    remember("keys", JSON.stringify(remap));
    host.redraw();
  };

  function which(): [string, () => HTMLElement[]] {
    const { state, nameless, trouble } = host.controller;
    const { opened, failed } = state;
    if (failed !== null && state.current === null) return [`failed ${failed}`, () => panels.failed(failed)];
    if (nameless) {
      const why = trouble?.of === "name" ? trouble.why : null;
      return [`name ${why}`, () => panels.nameForm(why, (name) => host.controller.introduce(name))];
    }
    if (host.asked() === "person") return ["person", () => panels.otherPerson(opened?.annotator?.name ?? "")];
    if (host.asked() === null)
      return [`done ${JSON.stringify(state.counts)} ${state.pending.size}`, () => panels.done(state)];
    const options = opened ? host.kind.options(opened.task) : [];
    const own = opened ? commandsFor(host.kind, opened.task) : host.kind.commands;
    const commands = { ...own, ...(opened?.suggests ? SUGGESTING : {}) };
    const make = () => panels.help(options, commands, host.keys(), editing);
    return [`help ${editing} ${remembered("keys")}`, make];
  }

  return {
    draw() {
      const [key, make] = which();
      if (key === drawn) return;
      drawn = key;
      host.panel.replaceChildren(...make());
      if (key.startsWith("name")) host.panel.querySelector("input")?.focus({ preventScroll: true });
      if (host.asked() !== null) host.panel.querySelector<HTMLElement>(".nbt-primary")?.focus({ preventScroll: true });
    },
    left() {
      // Who has given a name goes on by keys.
      const root = host.panel.closest<HTMLElement>(".nbt-labeler");
      if (drawn.startsWith("name") && host.panel.querySelector(":focus") !== null) root?.focus({ preventScroll: true });
      drawn = "";
      editing = null;
    },
    click(target) {
      const { remap, do: what } = target.dataset;
      if (remap !== undefined) {
        editing = remap;
        host.redraw();
      } else if (what === "closePanel") host.close();
      else if (what === "resetKeys") keep({});
      else if (what === "forgetName") {
        remember("name", null);
        window.location.reload();
      } else return false;
      return true;
    },
    keyed(event) {
      if (editing === null || MODIFIERS.includes(event.key)) return false;
      const name = nameOf(event);
      const action = editing;
      editing = null;
      if (event.key !== "Escape" && name !== null) keep({ ...remaps(), [action]: name });
      host.redraw();
      return true;
    },
  };
}
