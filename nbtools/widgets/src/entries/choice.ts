import { choice } from "../editors/choice.ts";
import { labeler } from "../labeler.ts";

export default labeler(choice);
