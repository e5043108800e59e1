/** The grid in which many items get one label. A bundle of its own. */

import sheet from "./bulk/bulk.css";

export { Grid } from "./bulk/grid.ts";
export { sheet };
