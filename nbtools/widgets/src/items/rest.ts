/** The rest of a text of which only the beginning was sent. */

import type { Source } from "./prepared.ts";
import { fill } from "./text.ts";

/** What the bundle `later` exports for texts. */
export interface LaterRest {
  readonly showRest: typeof showRest;
}

export async function showRest(
  body: HTMLElement,
  more: HTMLButtonElement,
  source: Source,
  came: (whole: string) => void,
): Promise<void> {
  try {
    const pieces = await source.bytes(true, () => {});
    const whole = new TextDecoder().decode(await new Blob(pieces as BlobPart[]).arrayBuffer());
    fill(body, whole);
    came(whole);
    more.hidden = true;
    source.changed(null);
  } catch (error) {
    more.disabled = false;
    source.changed(`the rest cannot be shown: ${error instanceof Error ? error.message : String(error)}`);
  }
}
