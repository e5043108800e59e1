/** The keys that this person has changed. */

import { remembered } from "./kept.ts";
import type { Remap } from "./keys.ts";

export function remaps(): Remap {
  try {
    const kept: unknown = JSON.parse(remembered("keys") ?? "{}");
    return typeof kept === "object" && kept !== null ? (kept as Remap) : {};
  } catch {
    return {};
  }
}
