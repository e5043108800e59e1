/** What `boxes`, `polygons` and `points` are to the page: one editor, and a form each. */

import type { Form } from "../rules/form.ts";
import { gone, keyed } from "../rules/options.ts";
import * as rules from "../rules/shapes.ts";
import attributes from "./attributes.css";
import { colorOf } from "./buttons.ts";
import { Drawer } from "./drawer.ts";
import type { Kind } from "./kind.ts";
import { COMMANDS } from "./shapecommands.ts";
import sheet from "./shapes.css";

export const shapeKind = (form: Form): Kind => ({
  options: (task) => keyed(task.options),
  commands: COMMANDS,
  atOnce: false,
  initial: () => null,
  problem: (task, value) =>
    rules.problem(form, task, value) ??
    gone(
      task.options,
      rules.drawingOf(form, value).shapes.map(({ option }) => option),
    ),
  words: (task, value) => rules.words(form, task, value),
  brief: (_, value) => String(rules.drawingOf(form, value).shapes.length || "none"),
  color({ options }, value) {
    const [only, ...others] = new Set(rules.drawingOf(form, value).shapes.map(({ option }) => option));
    return only == null || others.length > 0 ? "transparent" : colorOf(options, only);
  },
  sheet: attributes + sheet,
  build: (place) => new Drawer(place, form),
});
