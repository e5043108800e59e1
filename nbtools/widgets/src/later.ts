/** What a page asks for once its first item is on the screen: what comes after the first press, rarer items, the panels. */

import sheet from "./later.css";

export { Around } from "./around.ts";
export { finder } from "./editors/finder.ts";
export { original } from "./items/original.ts";
export { rare } from "./items/rare.ts";
export { showRest } from "./items/rest.ts";
export { zooming } from "./items/zooming.ts";
export { largeStore } from "./large.ts";
export { bytesOf } from "./pieces.ts";
export { deliveredElsewhere, move, setAside } from "./tidying.ts";
export { sheet };
