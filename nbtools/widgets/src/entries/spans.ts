import { spans } from "../editors/spans.ts";
import { labeler } from "../labeler.ts";

export default labeler(spans);
