/** What an editor can work on: the item as it is on the screen, with what is needed to draw over it or to play it. */

import type { Size } from "../zoom.ts";

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
    };
