/** Where in the widget the keys are. What they are on may go with its item; they go on from the root then, and are not the notebook's. */

export class Standing {
  readonly #root: HTMLElement;
  #item: string | null;
  #on: Element | null;

  constructor(root: HTMLElement, item: string | null) {
    this.#root = root;
    this.#item = item;
    const active = this.#active;
    this.#on = root.contains(active) ? active : null;
    root.addEventListener("focusin", () => {
      this.#on = this.#active;
    });
  }

  /** After everything was drawn: `item` is on the screen, or none. */
  draw(item: string | null): void {
    if (item === this.#item) return;
    this.#item = item;
    const [on, active] = [this.#on, this.#active];
    // The usual case, in the frame of a press: styles are not computed for it.
    if (on === this.#root) return;
    const left = active !== on && active !== null && active !== document.body;
    if (on !== null && !left && !takesKeys(on)) this.#root.focus({ preventScroll: true });
  }

  get #active(): Element | null {
    return (this.#root.getRootNode() as Document | ShadowRoot).activeElement;
  }
}

function takesKeys(element: Element): boolean {
  return element.isConnected && !element.matches(":disabled") && getComputedStyle(element).visibility === "visible";
}
