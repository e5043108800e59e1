/** A whole file of an item, which comes in pieces. */

import type { Requests } from "./requests.ts";

/** What the bundle `later` exports for this. */
export interface LaterBytes {
  bytesOf: typeof bytesOf;
}

export async function bytesOf(
  requests: Pick<Requests, "ask">,
  item: string,
  full: boolean,
  signal: AbortSignal,
  progress: (done: number, total: number) => void,
): Promise<DataView[]> {
  const pieces: DataView[] = [];
  let done = 0;
  for (let total = 1; done < total; ) {
    const start = done;
    const answer = await requests.ask((request) => ({ type: "bytes", request, item, start, full }), signal);
    signal.throwIfAborted();
    if (answer.type === "error") throw new Error(answer.why);
    if (answer.type !== "bytes" || (answer.bytes.byteLength === 0 && done < answer.total))
      throw new Error("the file ended early");
    pieces.push(answer.bytes);
    done += answer.bytes.byteLength;
    total = answer.total;
    progress(done, total);
  }
  return pieces;
}
