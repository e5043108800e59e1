import { choices } from "../editors/choices.ts";
import { labeler } from "../labeler.ts";

export default labeler(choices);
