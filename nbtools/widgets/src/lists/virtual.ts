/** Which of very many rows are on the screen. A browser clamps the height of an element, so past that rows are scaled. Pure. */

/** Below what any browser clamps a height to. */
export const MOST_PX = 15_000_000;

export interface Frame {
  /** How many rows there are. */
  readonly rows: number;
  /** The height of one, and of what is seen of them. */
  readonly row: number;
  readonly seen: number;
}

/** The height of what is scrolled. */
export const height = ({ rows, row }: Frame): number => Math.min(rows * row, MOST_PX);

/** Whether a pixel of scrolling is more than a pixel of rows. */
export const scaled = ({ rows, row }: Frame): boolean => rows * row > MOST_PX;

/** How many rows fit. */
export const fitting = ({ row, seen }: Frame): number => Math.max(1, Math.floor(seen / row));

/** The last row that can be the first one seen. */
export const last = (frame: Frame): number => Math.max(0, frame.rows - fitting(frame));

/** The first row that is seen, and by how many pixels it is cut off. */
export function firstAt(frame: Frame, top: number): { readonly first: number; readonly cut: number } {
  if (!scaled(frame)) {
    const first = Math.min(Math.max(0, Math.floor(top / frame.row)), Math.max(0, frame.rows - 1));
    return { first, cut: Math.max(0, top) - first * frame.row };
  }
  const share = Math.min(1, Math.max(0, top / Math.max(1, height(frame) - frame.seen)));
  return { first: Math.round(share * last(frame)), cut: 0 };
}

/** Where to scroll to so that `first` is the first row seen. */
export function topOf(frame: Frame, first: number): number {
  const row = Math.min(Math.max(0, first), scaled(frame) ? last(frame) : frame.rows);
  if (!scaled(frame)) return Math.min(row * frame.row, Math.max(0, height(frame) - frame.seen));
  return last(frame) === 0 ? 0 : (row / last(frame)) * (height(frame) - frame.seen);
}

/** The row to be the first one seen so that `row` is seen; `first` where it is already. */
export function revealing(frame: Frame, first: number, row: number): number {
  if (row < first) return row;
  const most = fitting(frame);
  return row >= first + most ? row - most + 1 : first;
}
