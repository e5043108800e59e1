import { rank } from "../editors/rank.ts";
import { labeler } from "../labeler.ts";

export default labeler(rank);
