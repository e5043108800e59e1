import { rating } from "../editors/rating.ts";
import { labeler } from "../labeler.ts";

export default labeler(rating);
