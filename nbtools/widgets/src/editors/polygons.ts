import { polygon } from "../rules/polygonform.ts";
import { shapeKind } from "./shapekind.ts";

export const polygons = shapeKind(polygon);
