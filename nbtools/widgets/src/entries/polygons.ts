import { polygons } from "../editors/polygons.ts";
import { labeler } from "../labeler.ts";

export default labeler(polygons);
