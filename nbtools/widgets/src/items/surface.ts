/** What an editor can work on: the item as it is on the screen, with what is needed to draw over it or to play it. */

import type { Seen } from "../rules/timeline.ts";
import type { Transport } from "../sound/transport.ts";
import type { Size } from "../zoom.ts";
import type { Hand } from "./canvas.ts";

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Surface =
  | {
      readonly form: "picture";
      /** Lies over the picture and fills its frame; what is put in has to ask for pointer events itself. */
      readonly layer: HTMLElement;
      /** Pixels of the upright original. */
      readonly size: Size;
      /** The part of the original that the frame shows, in its pixels; what lies beside the picture included. */
      window(): Rectangle;
      /** Call `changed` after each zoom, move and resize, until `signal` ends it. */
      watch(changed: () => void, signal: AbortSignal): void;
      /** Have what moves the picture do something, once it is here. */
      by(act: (hand: Hand) => void): void;
    }
  | {
      readonly form: "text";
      /** The element that shows the text; where the text is long, in blocks that leave out the line end between them. */
      readonly body: HTMLElement;
      /** Grows when the person asks for the rest of a long one. */
      readonly text: string;
      /** Whether all of it is here. */
      readonly whole: boolean;
      /** The element that scrolls. */
      readonly scroll: HTMLElement;
    }
  | {
      readonly form: "candidates";
      /** What is compared or ranked, by the name of its column; each stands in `row`, and can be put elsewhere in it. */
      readonly panes: ReadonlyMap<string, HTMLElement>;
      readonly row: HTMLElement;
    }
  | {
      readonly form: "media";
      readonly player: HTMLMediaElement;
      /** Lies below the player. */
      readonly layer: HTMLElement;
    }
  | {
      readonly form: "track";
      readonly transport: Transport;
      /** Lies over the waveform and fills its frame; what is put in has to ask for pointer events itself. */
      readonly layer: HTMLElement;
      /** Seconds, as the kernel counts them. */
      readonly duration: number;
      /** Do what `action` means for a recording; false where it means nothing. */
      act(action: string): boolean;
      /** Seconds of one frame of the picture, or of a small step. */
      frame(): number;
      /** The stretch that is on the screen. */
      seen(): Seen;
      /** Bring a stretch on the screen. */
      reveal(from: number, to: number): void;
      /** Call `changed` after each zoom, move and resize, until `signal` ends it. */
      watch(changed: () => void, signal: AbortSignal): void;
    };
