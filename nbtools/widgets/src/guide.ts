/** Guidelines written as Markdown, as elements without anything harmful. A bundle of its own: most tasks have none. */

import DOMPurify from "dompurify";
import { micromark } from "micromark";

const TAGS = "h1 h2 h3 h4 h5 h6 p em strong code pre ul ol li blockquote hr br a img".split(" ");
const LINK = /^(https?|mailto):/i;
/** What is named without a scheme and does not begin at a root: a file of the dataset. */
const FILE = /^(metadata|raw)\/(?!.*(?:^|\/)\.\.(?:\/|$))/;

const purify = DOMPurify(window);
purify.addHook("uponSanitizeAttribute", (node, data) => {
  // An address is only ever asked of the kernel: an image is not loaded by the browser.
  if (node.localName === "img" && data.attrName === "src") {
    if (FILE.test(data.attrValue)) node.setAttribute("data-file", decoded(data.attrValue));
    data.keepAttr = false;
  }
  if (data.attrName === "href" && !LINK.test(data.attrValue.trim())) data.keepAttr = false;
});
purify.addHook("afterSanitizeAttributes", (node) => {
  if (node.localName !== "a") return;
  node.setAttribute("target", "_blank");
  node.setAttribute("rel", "noopener noreferrer");
});

/** Markdown as elements; `picture` gives the bytes of a file of the dataset. */
export function guide(markdown: string, picture: (path: string) => Promise<BlobPart>): DocumentFragment {
  const fragment = purify.sanitize(micromark(markdown), {
    RETURN_DOM_FRAGMENT: true,
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ["href", "src", "alt", "start", "data-file"],
    ALLOW_DATA_ATTR: false,
  });
  for (const image of fragment.querySelectorAll("img")) void fill(image, picture);
  return fragment;
}

async function fill(image: HTMLImageElement, picture: (path: string) => Promise<BlobPart>): Promise<void> {
  const path = image.dataset["file"];
  image.removeAttribute("data-file");
  try {
    if (path === undefined) throw new Error("an image of guidelines is a file below metadata/ or raw/");
    // Without a type the browser looks at the bytes, and takes no SVG.
    const url = URL.createObjectURL(new Blob([await picture(path)]));
    image.addEventListener("load", () => URL.revokeObjectURL(url), { once: true });
    image.src = url;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    image.replaceWith(Object.assign(document.createElement("em"), { textContent: `${image.alt || "image"}: ${why}` }));
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
