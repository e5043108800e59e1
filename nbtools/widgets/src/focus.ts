/** Where the keys go: to a widget whose cell was just run, and back to the notebook with Esc. */

import { isTyping } from "./dom.ts";

/** What has the focus while nobody uses it. */
const NOBODY = "body, .jp-Notebook, .jp-Cell";

/** Take the focus if nobody is using it: never from a place where someone types, never from outside the notebook. */
export function focusAtStart(root: HTMLElement): void {
  // One frame later: the host puts the element into its page after it was rendered.
  requestAnimationFrame(() => {
    const active = document.activeElement;
    const idle = active === null || (active.matches(NOBODY) && !isTyping(active));
    const box = root.getBoundingClientRect();
    const visible = box.bottom > 0 && box.top < window.innerHeight && box.width > 0;
    if (idle && visible) root.focus({ preventScroll: true });
  });
}

/**
 * No key in a widget is a command of the notebook, such as `a` and `x`, which insert and cut cells. JupyterLab asks the element
 * that has the focus before those around it.
 */
export function ownKeys({ target }: FocusEvent): void {
  (target as Element).setAttribute("data-lm-suppress-shortcuts", "");
}

/** Give the focus back to the cell that holds this widget, or to the page. */
export function giveBack(root: HTMLElement): void {
  const active = (root.getRootNode() as Document | ShadowRoot).activeElement;
  if (active instanceof HTMLElement) active.blur();
  for (const selector of [".jp-Cell", ".jp-Notebook"]) {
    const host = root.closest<HTMLElement>(selector);
    host?.focus({ preventScroll: true });
    if (host !== null && document.activeElement === host) return;
  }
}
