/** Where a zoomed picture lies in its frame. Pure. */

/** The picture is drawn `scale` times its fitted size, moved by (`x`, `y`) CSS pixels from the middle. */
export interface Place {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const FITTED: Place = { scale: 1, x: 0, y: 0 };
const PIXEL_LIMIT = 16;

/** How many CSS pixels one picture pixel takes when the picture is fitted into the frame. */
export const fit = (picture: Size, frame: Size): number =>
  Math.min(frame.width / Math.max(1, picture.width), frame.height / Math.max(1, picture.height));

/** `place` zoomed by `factor` around a point, given from the frame's middle; what is under the point stays there. */
export function zoomed(
  place: Place,
  factor: number,
  at: { readonly x: number; readonly y: number },
  picture: Size,
  frame: Size,
): Place {
  const most = Math.max(4, PIXEL_LIMIT / fit(picture, frame));
  const scale = Math.min(most, Math.max(1, place.scale * factor));
  const ratio = scale / place.scale;
  return bounded({ scale, x: at.x - (at.x - place.x) * ratio, y: at.y - (at.y - place.y) * ratio }, picture, frame);
}

/** `place` moved by a drag. */
export const moved = (place: Place, dx: number, dy: number, picture: Size, frame: Size): Place =>
  bounded({ ...place, x: place.x + dx, y: place.y + dy }, picture, frame);

/** The part of a picture that its frame shows, in the picture's own pixels; it reaches beyond where the frame does. */
export function windowOf(
  place: Place,
  picture: Size,
  frame: Size,
): { readonly x: number; readonly y: number; readonly width: number; readonly height: number } {
  const pixel = Math.max(1e-9, fit(picture, frame) * place.scale);
  const [width, height] = [frame.width / pixel, frame.height / pixel];
  return {
    x: picture.width / 2 - place.x / pixel - width / 2,
    y: picture.height / 2 - place.y / pixel - height / 2,
    width,
    height,
  };
}

/** No further than the picture's edge at the frame's edge. */
function bounded(place: Place, picture: Size, frame: Size): Place {
  const fitted = fit(picture, frame) * place.scale;
  const mostX = Math.max(0, (picture.width * fitted - frame.width) / 2);
  const mostY = Math.max(0, (picture.height * fitted - frame.height) / 2);
  const clamp = (value: number, most: number) => Math.min(most, Math.max(-most, value)) + 0;
  return { scale: place.scale, x: clamp(place.x, mostX), y: clamp(place.y, mostY) };
}
