import { points } from "../editors/points.ts";
import { labeler } from "../labeler.ts";

export default labeler(points);
