import { number } from "../editors/number.ts";
import { labeler } from "../labeler.ts";

export default labeler(number);
