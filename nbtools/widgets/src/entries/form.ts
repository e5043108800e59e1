import { form } from "../editors/form.ts";
import { labeler } from "../labeler.ts";

export default labeler(form);
