/** What answers a press at once: a mark where it stood, a refusal in words, a hint. Each is over after a moment. */

const PRESSED_MS = 140;
const OUTLINE_MS = 400;
const REFUSED_MS = 1_600;
const HINT_MS = 4_000;

export class Feedback {
  refusal: string | null = null;
  refusals = 0;
  hint: string | null = null;
  readonly #changed: () => void;
  readonly #timers = new Map<unknown, ReturnType<typeof setTimeout>>();

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** The press was taken. */
  pressed(element: Element | null): void {
    this.refusal = null;
    this.#mark(element, "nbt-pressed", PRESSED_MS);
  }

  /** The press was not taken, and why; no words, no sign. */
  refuse(words: string, element: Element | null): void {
    if (words === "") return;
    this.refusal = words;
    this.refusals += 1;
    this.#mark(element, "nbt-refused", OUTLINE_MS);
    this.#after("refusal", REFUSED_MS, () => {
      this.refusal = null;
      this.#changed();
    });
    this.#changed();
  }

  tell(hint: string): void {
    this.hint = hint;
    this.#after("hint", HINT_MS, () => {
      this.hint = null;
      this.#changed();
    });
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #mark(element: Element | null, name: string, ms: number): void {
    if (element === null) return;
    element.classList.remove("nbt-pressed", "nbt-refused");
    element.classList.add(name);
    this.#after(element, ms, () => element.classList.remove(name));
  }

  #after(key: unknown, ms: number, run: () => void): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.set(key, setTimeout(run, ms));
  }
}
