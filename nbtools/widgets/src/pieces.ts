/** A whole file of an item, which comes in pieces. */

/** Asks for one piece; the same of every widget that shows files. */
export interface BytesQuestion {
  readonly type: "bytes";
  readonly request: number;
  readonly item: string;
  readonly start: number;
  readonly full: boolean;
}

/** Whoever asks, and is told a piece, what is wrong, or something else. */
interface Asks {
  ask(make: (request: number) => BytesQuestion, signal?: AbortSignal): Promise<{ readonly type: string }>;
}

type Answer =
  | { readonly type: "bytes"; readonly total: number; readonly bytes: DataView }
  | { readonly type: "error"; readonly why: string };

/** What the bundle `later` exports for this. */
export interface LaterBytes {
  bytesOf: typeof bytesOf;
}

export async function bytesOf(
  requests: Asks,
  item: string,
  full: boolean,
  signal: AbortSignal,
  progress: (done: number, total: number) => void,
): Promise<DataView[]> {
  const pieces: DataView[] = [];
  let done = 0;
  for (let total = 1; done < total; ) {
    const start = done;
    const answer = (await requests.ask((request) => ({ type: "bytes", request, item, start, full }), signal)) as Answer;
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
