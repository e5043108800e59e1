/** The SplitBuilder's front end: one controller per model, any number of views of it. */

import type { AnyModel } from "@anywidget/types";
import base from "../base.css";
import { Controller } from "./controller.ts";
import sheet from "./splits.css";
import { View } from "./view.ts";

export default () => {
  let controller: Controller | null = null;
  const of = (model: AnyModel): Controller => {
    controller ??= new Controller(model);
    return controller;
  };
  return {
    initialize({ model }: { model: AnyModel }) {
      const mine = of(model);
      return () => {
        mine.close();
        if (controller === mine) controller = null;
      };
    },
    render({ model, el }: { model: AnyModel; el: HTMLElement }) {
      const view = new View(of(model), el, base + sheet);
      return () => view.close();
    },
  };
};
