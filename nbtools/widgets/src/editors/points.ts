import { point } from "../rules/pointform.ts";
import { shapeKind } from "./shapekind.ts";

export const points = shapeKind(point);
