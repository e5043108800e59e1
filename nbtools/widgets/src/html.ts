/** HTML that a function of the user showed, made harmless. A bundle of its own, which a page asks for when it meets the first. */

import DOMPurify, { type UponSanitizeAttributeHookEvent } from "dompurify";
import sheet from "./html.css";

/** What a style could ask another machine with, or hide that it does. */
const FETCHES = /url\s*\(|image-set|src\s*\(|@import|@font-face|@namespace|\\/i;
/** Attributes that load what they name. */
const LOADED = new Set(["src", "srcset", "poster", "background", "data"]);
const SEEN = "img, svg, audio, video, table, hr, canvas, meter, progress";

const purify = DOMPurify(window);
purify.addHook("uponSanitizeElement", (node) => {
  if (node instanceof Element && node.localName === "style" && FETCHES.test(node.textContent ?? "")) node.remove();
});
purify.addHook("uponSanitizeAttribute", (node, data) => {
  if (!harmless(node, data)) data.keepAttr = false;
});
purify.addHook("afterSanitizeAttributes", (node) => {
  if (node.localName !== "a") return;
  // In the notebook's own window a link would take the place of the notebook.
  node.setAttribute("target", "_blank");
  node.setAttribute("rel", "noopener noreferrer");
});

function harmless(node: Element, { attrName, attrValue }: UponSanitizeAttributeHookEvent): boolean {
  const value = attrValue.trim();
  if (attrName === "style" || node.namespaceURI !== "http://www.w3.org/1999/xhtml") {
    // In SVG any attribute may hold a style's value, and a name in the same drawing is no address.
    if (/href$/i.test(attrName))
      return node.localName === "a" || value.startsWith("#") || value.startsWith("data:image/");
    return !FETCHES.test(value.replaceAll(/url\(\s*['"]?#[\w-]+['"]?\s*\)/g, ""));
  }
  return !LOADED.has(attrName) || /^(data|blob):/i.test(value);
}

/** The HTML as an element with a tree of its own, so that its styles stay in it; `null` where nothing to be seen is left. */
export function shown(html: string): HTMLElement | null {
  const fragment = purify.sanitize(html, {
    RETURN_DOM_FRAGMENT: true,
    ADD_TAGS: ["style"],
    FORCE_BODY: true,
    FORBID_TAGS: ["form", "input", "button", "textarea", "select", "dialog", "link", "map", "template"],
    FORBID_ATTR: ["autoplay", "autofocus", "tabindex", "accesskey", "srcset"],
  });
  const said = [...fragment.childNodes].some(
    (node) => node instanceof Element && node.localName !== "style" && (node.matches(SEEN) || node.querySelector(SEEN)),
  );
  if (!said && !words(fragment)) return null;
  const element = document.createElement("div");
  const style = document.createElement("style");
  style.textContent = sheet;
  element.attachShadow({ mode: "open" }).append(style, fragment);
  return element;
}

function words(fragment: DocumentFragment): boolean {
  const copy = fragment.cloneNode(true) as DocumentFragment;
  for (const style of copy.querySelectorAll("style")) style.remove();
  return (copy.textContent ?? "").trim() !== "";
}
