/** HTML that a function of the user showed: without scripts, forms, and anything from another machine. */

import { h } from "../dom.ts";
import type { Prepared, Source } from "./prepared.ts";
import { scrolls } from "./text.ts";

/** What the bundle `html` exports. */
export interface HtmlModule {
  shown(html: string): HTMLElement | null;
}

const NOTHING_LEFT = "display_fn shows HTML that is made by scripts, which do not run here: let it show an image";

export function html(content: string, source: Source): Prepared {
  const element = h("div", { class: "nbt-scroll" });
  let player: HTMLMediaElement | null = null;
  const load = async (): Promise<void> => {
    const { shown } = (await source.module("html")) as HtmlModule;
    const body = shown(content);
    if (body === null) throw new Error(NOTHING_LEFT);
    body.classList.add("nbt-html");
    element.append(body);
    player = body.shadowRoot?.querySelector("audio, video") ?? null;
    await Promise.allSettled([...(body.shadowRoot?.querySelectorAll("img") ?? [])].map((image) => image.decode()));
  };
  return {
    element,
    tools: [],
    ready: load(),
    surface: null,
    blocked: null,
    weight: content.length * 2,
    act: (action) => plays(player, action) || scrolls(element, action),
    hidden() {
      player?.pause();
      element.scrollTo(0, 0);
    },
    dispose() {},
  };
}

function plays(player: HTMLMediaElement | null, action: string): boolean {
  if (player === null || action !== "play") return false;
  if (player.paused) player.play().catch(() => {});
  else player.pause();
  return true;
}
