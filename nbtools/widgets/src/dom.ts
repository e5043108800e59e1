/** Making elements. Text is always set as text: there is no way here to hand over markup. */

type Attributes = Readonly<Record<string, string | number | boolean | null>>;

/** An element with attributes and children; `true` sets an empty attribute, `false` and `null` leave it out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : String(value));
  element.append(...children);
  return element;
}

/** A button that says what it does by `data-do`, with its keys beside the words. */
export function button(
  what: string,
  words: string,
  keys: readonly string[] = [],
  attributes: Attributes = {},
): HTMLButtonElement {
  const caps = keys.map((key) => h("kbd", {}, key));
  return h(
    "button",
    { type: "button", "data-do": what, ...attributes },
    ...caps,
    h("span", { class: "nbt-words" }, words),
  );
}

/** Set text only where it changed, so that nothing is laid out in vain. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Set an attribute only where it changed; `null` removes it. */
export function setAttribute(element: Element, name: string, value: string | null): void {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

/** Whether keys typed here are text. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches("input, textarea, select");
}
