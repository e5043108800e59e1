/** Every form of content, those included that the first program of a page leaves to this one. */

import { isTurned, wholly } from "../parserare.ts";
import type { Content, Item } from "../protocol.ts";
import { array } from "./array.ts";
import { AS_ELEMENT, asElement } from "./element.ts";
import { failure } from "./error.ts";
import { html } from "./html.ts";
import { image } from "./image.ts";
import { media } from "./media.ts";
import { original } from "./original.ts";
import { parts } from "./parts.ts";
import type { Prepared, Source } from "./prepared.ts";
import { record } from "./record.ts";
import { text } from "./text.ts";
import { asUpright } from "./upright.ts";
import { zooming } from "./zooming.ts";

const closer = async () => ({ zooming, original });

/** What comes as a whole is held as a whole. */
const MOST_WHOLE = 64_000_000;
const TOO_LARGE = "over 64 MB of sound are played in parts, and only by a task of kind regions";

export function rare(item: Item, source: Source): Prepared {
  const content = wholly(item.content);
  switch (content.form) {
    case "bytes":
      return fromBytes(item, content, source);
    case "text":
      return text(content.text, content.full, source);
    case "record":
      return record(content.record);
    case "array":
      return array(item.name, content, source);
    case "stream":
      return content.total > MOST_WHOLE ? failure(TOO_LARGE) : media(item, content.mediaType, source);
    case "html":
      return html(content.html, source);
    case "parts":
      return parts(item, content.parts, source);
    case "error":
      return failure(content.why);
  }
}

function fromBytes(item: Item, content: Extract<Content, { readonly form: "bytes" }>, source: Source): Prepared {
  const type = content.mediaType;
  if (AS_ELEMENT.includes(type)) return image(item, content, source, asElement, closer);
  if (isTurned(item.content)) return image(item, content, source, asUpright, closer);
  if (type.startsWith("image/")) return image(item, content, source, undefined, closer);
  if (type.startsWith("audio/") || type.startsWith("video/")) {
    const whole = { ...source, bytes: () => Promise.resolve([content.bytes]) };
    return media(item, type, whole);
  }
  if (type.startsWith("text/") || type === "application/json")
    return text(new TextDecoder().decode(content.bytes), content.full, source);
  return failure(`there is no way here to show ${type || "bytes of an unknown type"}`);
}
