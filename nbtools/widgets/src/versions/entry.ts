/** The VersionBrowser's front end. */

import base from "../base.css";
import later from "../later.css";
import { widget } from "../widget.ts";
import bars from "./bars.css";
import { Controller } from "./controller.ts";
import detail from "./detail.css";
import listing from "./listing.css";
import panels from "./panels.css";
import timeline from "./timeline.css";
import versions from "./versions.css";
import { View } from "./view.ts";

const SHEET = [base, later, timeline, listing, bars, detail, panels, versions].join("");

export default widget(
  (model) => new Controller(model),
  (controller, el) => new View(controller, el, SHEET),
);
