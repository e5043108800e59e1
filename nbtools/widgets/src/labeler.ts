/** The Labeler's front end, for one kind of task. */

import base from "./base.css";
import { Controller } from "./controller.ts";
import type { Kind } from "./editors/kind.ts";
import sheet from "./labeler.css";
import { View } from "./view.ts";
import { widget } from "./widget.ts";

export const labeler = (kind: Kind) =>
  widget(
    (model) => new Controller(model),
    (session, el) => new View(session, kind, el, base + sheet + kind.sheet),
  );
