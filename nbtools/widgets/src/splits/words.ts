/** What a preview says, in words. */

import { count, plural } from "../format.ts";
import type { Balance, Compared, Outlook } from "./protocol.ts";

/** `0.8012` → `80.1`; a whole number of percent keeps its zero, so that columns align. */
export const percents = (share: number): string => (share * 100).toFixed(1);

/** The worst cell of a column, such as `worst: magpie in val, 8 of 10 (80.0 %, asked 10.0 %)`. */
export function worst({ worst: cell }: Balance): string {
  if (cell === null) return "";
  const where = `${cell.value} in ${cell.part}, ${count(cell.items)} of ${count(cell.of)}`;
  return `worst: ${where} (${percents(cell.share)} %, asked ${percents(cell.target)} %)`;
}

/** The facts below the bars, one line each. */
export function facts(seen: Outlook): readonly string[] {
  const { items, share, held_by } = seen.largest;
  const held = held_by.length === 0 ? "" : `, held together by ${held_by.join("; ")}`;
  const leaks = seen.leaks.map((leak) => `${count(leak.count)} ${leak.what} of ${leak.kind}`);
  return [
    items > 1
      ? `largest unit: ${plural(items, "item")}, ${percents(share)} % of all${held}`
      : "no items belong together",
    `leaks across parts: ${leaks.join(", ") || "none"}`,
    ...(seen.ranked ?? []),
    ...seen.balances
      .filter((one) => one.without > 0)
      .map((one) => `${one.column}: ${plural(one.without, "item")} without a value`),
  ];
}

/** Items that are nearly alike, and what was decided of them by hand. */
export function near(seen: Outlook): string {
  if (seen.near === null) return "near-duplicates: nobody has looked yet";
  const { linked, dismissed, unlinked } = seen.near;
  const more = [
    ...(linked > 0 ? [`${count(linked)} kept together by hand`] : []),
    ...(dismissed > 0 ? [`${count(dismissed)} dismissed`] : []),
    ...(unlinked > 0 ? [`${plural(unlinked, "text")} too short to be compared`] : []),
  ];
  return [pairs(seen.near), ...more].join(" · ");
}

function pairs({ pairs: found, across, together, dismissed }: NonNullable<Outlook["near"]>): string {
  if (found === 0) return "near-duplicate pairs: none";
  if (together) return `near-duplicate pairs: ${count(found - dismissed)} kept together`;
  return `near-duplicate pairs: ${count(found)}, of which ${count(across)} ${across === 1 ? "is" : "are"} in two parts`;
}

/** Who would be elsewhere than in a split that there is. */
export function compared(found: Compared): string {
  const moves = found.moves.map((move) => `${count(move.count)} from ${move.from} to ${move.to}`);
  const gone = found.gone > 0 ? ` · ${count(found.gone)} not in this version` : "";
  return `${count(found.stay)} stay · ${count(found.moved)} moved${moves.length > 0 ? ` (${moves.join(", ")})` : ""} · ${count(found.new)} new${gone}`;
}

/** The line that plans the split, with what keeps it. */
export function saving(line: string, message: string, confirm: boolean): string {
  const given = [...(message === "" ? [] : [JSON.stringify(message)]), ...(confirm ? ["confirm=True"] : [])];
  return `${line}.save(${given.join(", ")})`;
}
