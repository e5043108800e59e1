/** A picture in full size, which comes when somebody zooms in. */

import type { Source } from "./prepared.ts";

export async function original(type: string, source: Source): Promise<Blob> {
  const told = (done: number, total: number) =>
    source.changed(`loading full size, ${Math.round((done / total) * 100)} %`);
  return new Blob((await source.bytes(true, told)) as BlobPart[], { type });
}
