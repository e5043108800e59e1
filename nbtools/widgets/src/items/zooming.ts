/** Zooming a picture by keys, wheel, pinch and buttons, and dragging it where it is larger than its frame. */

import { FITTED, fit, moved, windowOf, zoomed } from "../zoom.ts";
import type { Hand, Picture } from "./canvas.ts";

interface Point {
  readonly x: number;
  readonly y: number;
}

const STEP = 1.5;
const MIDDLE: Point = { x: 0, y: 0 };
const FACTORS: Readonly<Record<string, number>> = { zoomIn: STEP, zoomOut: 1 / STEP, zoomFit: 0 };

/** What keys, buttons, wheel and pointers do to `picture`. */
export function zooming(picture: Picture): Hand {
  const { element } = picture;
  const pointers = new Map<number, Point>();

  const zoom = (factor: number, at: Point): void => {
    picture.place = factor === 0 ? FITTED : zoomed(picture.place, factor, at, picture.size, picture.frame);
  };
  const from = (clientX: number, clientY: number): Point => {
    const box = element.getBoundingClientRect();
    return { x: clientX - box.left - box.width / 2, y: clientY - box.top - box.height / 2 };
  };
  const drag = (id: number, now: Point): void => {
    const before = pointers.get(id);
    if (!before) return;
    const other = [...pointers].find(([pointer]) => pointer !== id)?.[1];
    if (other) {
      const spread = (point: Point) => Math.hypot(point.x - other.x, point.y - other.y);
      zoom(spread(now) / Math.max(1, spread(before)), from((now.x + other.x) / 2, (now.y + other.y) / 2));
    }
    const share = other ? 0.5 : 1;
    const [x, y] = [(now.x - before.x) * share, (now.y - before.y) * share];
    picture.place = moved(picture.place, x, y, picture.size, picture.frame);
    pointers.set(id, now);
  };
  const press = (id: number, at: Point): void => {
    pointers.set(id, at);
    if (picture.place.scale > 1 || pointers.size > 1) element.setPointerCapture(id);
  };
  const pointed = (event: PointerEvent): void => {
    const at = { x: event.clientX, y: event.clientY };
    if (event.type === "pointermove") drag(event.pointerId, at);
    else if (event.type !== "pointerdown") pointers.delete(event.pointerId);
    else press(event.pointerId, at);
  };
  /** As far as it takes, and a third of the frame further, so that there is something to see around the place. */
  const reveal: Hand["reveal"] = (x, y, size) => {
    const { frame, place } = picture;
    const seen = windowOf(place, size, frame);
    const beyond = (at: number, start: number, length: number) =>
      Math.max(0, at - start - length) + Math.min(0, at - start);
    const [dx, dy] = [beyond(x, seen.x, seen.width), beyond(y, seen.y, seen.height)];
    if (dx === 0 && dy === 0) return;
    const pixel = fit(size, frame) * place.scale;
    const further = (by: number, length: number) => -by * pixel - (Math.sign(by) * length) / 3;
    picture.place = moved(place, further(dx, frame.width), further(dy, frame.height), picture.size, frame);
  };
  return {
    reveal,
    grab: ({ pointerId, clientX, clientY }) => press(pointerId, { x: clientX, y: clientY }),
    act: (action) => zoom(FACTORS[action] ?? 1, MIDDLE),
    heard(event) {
      if (event instanceof WheelEvent) zoom(Math.exp(-event.deltaY / 300), from(event.clientX, event.clientY));
      else if (event.type === "dblclick")
        zoom(picture.place.scale > 1 ? 0 : 1 / fit(picture.size, picture.frame), MIDDLE);
      else if (event instanceof PointerEvent) pointed(event);
    },
  };
}
