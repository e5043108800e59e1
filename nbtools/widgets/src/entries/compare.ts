import { compare } from "../editors/compare.ts";
import { labeler } from "../labeler.ts";

export default labeler(compare);
