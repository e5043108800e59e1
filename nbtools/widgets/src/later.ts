/** What a page asks for when it is needed: items of the rarer forms, and the panels. */

import sheet from "./later.css";

export { finder } from "./editors/finder.ts";
export { rare } from "./items/rare.ts";
export { panelsOf } from "./panel.ts";
export { bytesOf } from "./pieces.ts";
export { sheet };
