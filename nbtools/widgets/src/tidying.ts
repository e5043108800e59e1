/** What becomes of kept acts while nobody takes them: moved to the larger store, delivered by another page, or set aside. */

import type { Outbox } from "./outbox.ts";
import type { Act } from "./protocol.ts";

/** What the bundle `later` exports for this. */
export interface LaterTidying {
  readonly move: typeof move;
  readonly setAside: typeof setAside;
  readonly deliveredElsewhere: typeof deliveredElsewhere;
}

/** Put acts that can never be saved aside: kept for the person to download, not sent again. */
export function setAside(outbox: Outbox, acts: readonly Act[]): void {
  for (const act of acts) {
    try {
      outbox.fast?.setItem(`nbt1-rejected:${act.act}`, JSON.stringify(act));
    } catch {
      continue; // a full store: it stays where it was, and is refused again next time
    }
    outbox.drop([act.act]);
  }
}

/** Move acts from localStorage to IndexedDB; each is in one of them, or in both, at any moment. */
export async function move(outbox: Outbox): Promise<void> {
  const { fast, slow } = outbox;
  if (slow === null) return;
  for (const [key, act] of outbox.fastActs()) {
    await slow.set(key, act);
    if (fast?.getItem(key) === null) await slow.del([key]);
    else fast?.removeItem(key);
  }
}

/** Which of `acts`, kept here before, are gone: another page of this browser delivered them. */
export async function deliveredElsewhere(outbox: Outbox, acts: readonly string[]): Promise<string[]> {
  if (outbox.fast === null && outbox.slow === null) return [];
  const there = new Set((await outbox.recover()).map((act) => act.act));
  return acts.filter((act) => !there.has(act) && !outbox.unkept.has(act));
}
