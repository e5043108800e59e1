/** Copying text, also on a page that is no secure context and has no clipboard of its own. */

/** Copy `text`, which `element` shows; false where the browser does not let us: it is selected then. */
export async function copy(text: string, element: HTMLElement): Promise<boolean> {
  try {
    if (navigator.clipboard !== undefined) {
      await navigator.clipboard.writeText(text);
      return true;
    }
  } catch {
    // Not allowed; the older way may be.
  }
  window.getSelection()?.selectAllChildren(element);
  return document.execCommand("copy");
}
