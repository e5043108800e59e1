import { text } from "../editors/text.ts";
import { labeler } from "../labeler.ts";

export default labeler(text);
