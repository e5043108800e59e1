/** Whether guidelines stand open beside the item. Pure, but for what the browser remembers. */

import { remembered } from "./kept.ts";
import type { Opened } from "./protocol.ts";

/** Narrower than this they would take the item's room: they begin folded. */
export const WIDE_PX = 640;

export const guideKey = ({ dataset, task, annotator }: Opened): string =>
  `guide:${dataset.id}:${task.name}:${annotator?.name ?? ""}`;

/** What is remembered: that these words were folded away. Other words open once more. */
export const guided = ({ task }: Opened, open: boolean): string | null =>
  open ? null : (task.guidelines?.changed ?? "folded");

export const guideOpen = (opened: Opened, width: number): boolean =>
  opened.task.guidelines != null && width > WIDE_PX && remembered(guideKey(opened)) !== guided(opened, false);
