import { regions } from "../editors/regions.ts";
import { labeler } from "../labeler.ts";

export default labeler(regions);
