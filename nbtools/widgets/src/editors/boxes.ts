import { box } from "../rules/boxform.ts";
import { shapeKind } from "./shapekind.ts";

export const boxes = shapeKind(box);
