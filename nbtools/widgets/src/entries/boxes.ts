import { boxes } from "../editors/boxes.ts";
import { labeler } from "../labeler.ts";

export default labeler(boxes);
