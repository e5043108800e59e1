/** What only this browser has, as a file that a person can keep or send by mail. */

import { h } from "./dom.ts";
import type { Act } from "./protocol.ts";
import type { State } from "./state.ts";

/** Acts as lines of JSON that say what they belong to. */
export function asLines(acts: readonly Act[], dataset: string, task: string, annotator: string): string {
  return acts.map((act) => `${JSON.stringify({ dataset, task, annotator, ...act })}\n`).join("");
}

/** Hand over every unsaved act, and those that the kernel refused. */
export function download({ opened, pending, rejected }: State): void {
  const task = opened?.task.name ?? "labels";
  const acts = [...pending.values(), ...[...rejected.values()].map(({ act }) => act)];
  const lines = asLines(acts, opened?.dataset.id ?? "", task, opened?.annotator?.name ?? "");
  const url = URL.createObjectURL(new Blob([lines]));
  h("a", { href: url, download: `unsaved-${task}.jsonl` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
