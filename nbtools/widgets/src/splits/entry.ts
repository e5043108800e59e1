/** The SplitBuilder's front end. */

import base from "../base.css";
import { widget } from "../widget.ts";
import { Controller } from "./controller.ts";
import sheet from "./splits.css";
import { View } from "./view.ts";

export default widget(
  (model) => new Controller(model),
  (controller, el) => new View(controller, el, base + sheet),
);
