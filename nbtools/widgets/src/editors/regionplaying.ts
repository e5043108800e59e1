/** What of a recording is played, and where it goes by frames. */

import { heard, type Stretch } from "../rules/regions.ts";
import type { TrackSurface } from "./bands.ts";

export function replay({ transport, duration, reveal }: TrackSurface, stretch: Stretch): void {
  reveal(stretch.start, stretch.end);
  transport.playStretch(heard(stretch, duration));
}

/** A frame on or back; of sound a small step. */
export function stepFrame({ transport, frame, reveal }: TrackSurface, by: 1 | -1): void {
  transport.pause();
  transport.seek(transport.time + by * frame());
  reveal(transport.time, transport.time);
}
