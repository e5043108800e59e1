/** Things of which a page is here and a million are not: kept by position, asked for in runs, let go of when far away. Pure. */

export class Store<T> {
  readonly #kept = new Map<number, T>();
  readonly #most: number;
  readonly #gone: (thing: T) => void;

  constructor(most: number, gone: (thing: T) => void = () => {}) {
    this.#most = most;
    this.#gone = gone;
  }

  get size(): number {
    return this.#kept.size;
  }

  get(position: number): T | undefined {
    return this.#kept.get(position);
  }

  put(start: number, things: readonly T[]): void {
    things.forEach((thing, at) => {
      const before = this.#kept.get(start + at);
      if (before !== undefined) this.#gone(before);
      this.#kept.set(start + at, thing);
    });
  }

  /** The first run of at most `run` positions in [from, to) that are not here; `null`: all are. */
  missing(from: number, to: number, run: number): { readonly start: number; readonly count: number } | null {
    for (let start = from; start < to; start++) {
      if (this.#kept.has(start)) continue;
      let end = start + 1;
      while (end < to && end - start < run && !this.#kept.has(end)) end++;
      return { start, count: end - start };
    }
    return null;
  }

  /** Let go of what is farthest from [from, to), until few enough are left. */
  trim(from: number, to: number): void {
    if (this.#kept.size <= this.#most) return;
    const middle = (from + to) / 2;
    const far = [...this.#kept.keys()].sort((a, b) => Math.abs(b - middle) - Math.abs(a - middle));
    for (const position of far.slice(0, this.#kept.size - this.#most)) this.#drop(position);
  }

  clear(): void {
    for (const position of [...this.#kept.keys()]) this.#drop(position);
  }

  #drop(position: number): void {
    const thing = this.#kept.get(position);
    this.#kept.delete(position);
    if (thing !== undefined) this.#gone(thing);
  }
}
