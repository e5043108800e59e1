/** The Labeler's front end: one session per model, any number of views of it. */

import type { AnyModel } from "@anywidget/types";
import base from "./base.css";
import { Controller } from "./controller.ts";
import type { Kind } from "./editors/kind.ts";
import sheet from "./labeler.css";
import { View } from "./view.ts";

/** The widget for one kind of task: a function, so that each model has a session of its own even where a host keeps the module. */
export const labeler = (kind: Kind) => () => {
  let controller: Controller | null = null;
  const session = (model: AnyModel): Controller => {
    controller ??= new Controller(model);
    return controller;
  };
  return {
    initialize({ model }: { model: AnyModel }) {
      const mine = session(model);
      return () => {
        mine.close();
        if (controller === mine) controller = null;
      };
    },
    render({ model, el }: { model: AnyModel; el: HTMLElement }) {
      const view = new View(session(model), kind, el, base + sheet + kind.sheet);
      return () => view.close();
    },
  };
};
