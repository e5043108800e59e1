/** The VersionBrowser's front end: one controller per model, any number of views of it. */

import type { AnyModel } from "@anywidget/types";
import base from "../base.css";
import later from "../later.css";
import bars from "./bars.css";
import { Controller } from "./controller.ts";
import detail from "./detail.css";
import listing from "./listing.css";
import panels from "./panels.css";
import timeline from "./timeline.css";
import versions from "./versions.css";
import { View } from "./view.ts";

const SHEET = [base, later, timeline, listing, bars, detail, panels, versions].join("");

export default () => {
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
      const view = new View(session(model), el, SHEET);
      return () => view.close();
    },
  };
};
