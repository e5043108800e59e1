/** Where time lies on the screen: the stretch that is seen, zoomed and moved, and what stands on its axis. Seconds. Pure. */

/** The part of a recording that is seen. */
export interface Seen {
  readonly from: number;
  readonly to: number;
}

export interface Tick {
  readonly at: number;
  readonly words: string;
}

/** The shortest stretch that is worth seeing. */
export const SHORTEST_S = 0.02;
const TICK_PX = 90;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];

export const whole = (duration: number): Seen => ({ from: 0, to: duration });
export const span = ({ from, to }: Seen): number => to - from;

/** How far from the left a time lies, as a share of the width; 0 to 1 where it is seen. */
export const shareOf = (view: Seen, time: number): number => (time - view.from) / span(view);
export const timeAt = (view: Seen, share: number): number => view.from + share * span(view);

/** The view with `factor` times the detail, the time `about` where it is; 0: all of the recording. */
export function zoomed(view: Seen, factor: number, about: number, duration: number): Seen {
  if (factor === 0) return whole(duration);
  const length = Math.min(duration, Math.max(SHORTEST_S, span(view) / factor));
  return placed(about - shareOf(view, about) * length, length, duration);
}

export const moved = (view: Seen, by: number, duration: number): Seen => placed(view.from + by, span(view), duration);

/** The view with a stretch in it: as it is where it is seen already, else with some of what is around it. */
export function holding(view: Seen, from: number, to: number, duration: number): Seen {
  if (from >= view.from && to <= view.to) return view;
  const length = Math.min(duration, Math.max(span(view), (to - from) * 1.2));
  if (to - from > span(view) * 0.8) return placed((from + to - length) / 2, length, duration);
  // What comes next in time is seen more of than what was.
  return placed(from < view.from ? from - length * 0.1 : from - length * 0.2, length, duration);
}

function placed(from: number, length: number, duration: number): Seen {
  const start = Math.min(Math.max(0, from), Math.max(0, duration - length));
  return { from: start, to: start + length };
}

/** Times that stand on the axis, as far apart as their words need. */
export function ticks(view: Seen, width: number): readonly Tick[] {
  const step = stepOf((span(view) * TICK_PX) / Math.max(1, width));
  const digits = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  const found: Tick[] = [];
  for (let n = Math.ceil(view.from / step - 1e-9); n * step <= view.to + 1e-9; n++)
    found.push({ at: n * step, words: clock(n * step, digits) });
  return found;
}

function stepOf(least: number): number {
  if (least > 1) return STEPS.find((step) => step >= least) ?? Math.ceil(least / 3600) * 3600;
  const decade = 10 ** Math.floor(Math.log10(least));
  return decade * ([1, 2, 5, 10].find((step) => step * decade >= least * (1 - 1e-9)) ?? 10);
}

/** `3725.5` → `1:02:05.50` with two digits; minutes are always said. */
export function clock(seconds: number, digits = 2): string {
  const unit = 10 ** digits;
  const all = Math.round(seconds * unit);
  const [hours, minutes] = [Math.floor(all / unit / 3600), Math.floor(all / unit / 60) % 60];
  const rest = ((all / unit) % 60).toFixed(digits).padStart(digits === 0 ? 2 : digits + 3, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}
