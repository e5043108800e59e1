/** Sound and video: the whole file in a blob, so that the browser can seek in it. */

import { button, h } from "../dom.ts";
import { size } from "../format.ts";
import type { Item } from "../protocol.ts";
import type { Prepared, Source } from "./prepared.ts";

const SEEK_S = 5;

export function media(item: Item, mediaType: string, source: Source): Prepared {
  const kind = mediaType.startsWith("video/") ? "video" : "audio";
  const player = h(kind, { controls: true, preload: "auto", class: `nbt-${kind}`, "aria-label": item.name });
  const layer = h("div", { class: "nbt-layer" });
  const play = button("play", "play or pause", ["P"]);
  let url: string | null = null;
  const load = async (): Promise<void> => {
    const pieces = await source.bytes(false, (done, total) => {
      if (done < total) source.changed(`loading ${size(done)} of ${size(total)}`);
    });
    url = URL.createObjectURL(new Blob(pieces as BlobPart[], { type: mediaType }));
    await playable(player, url, mediaType);
  };
  return {
    element: h("div", { class: "nbt-media" }, player, layer),
    tools: [play],
    ready: load(),
    surface: { form: "media", player, layer },
    blocked: null,
    weight: item.bytes,
    act: (action) => control(player, action),
    hidden: () => player.pause(),
    dispose() {
      player.removeAttribute("src");
      if (url !== null) URL.revokeObjectURL(url);
    },
  };
}

function playable(player: HTMLMediaElement, url: string, mediaType: string): Promise<void> {
  return new Promise((resolve, reject) => {
    player.addEventListener("loadeddata", () => resolve(), { once: true });
    player.addEventListener("error", () => reject(new Error(`this browser cannot play ${mediaType}`)), { once: true });
    player.src = url;
  });
}

function toggle(player: HTMLMediaElement): void {
  if (player.paused) player.play().catch(() => {});
  else player.pause();
}

function control(player: HTMLMediaElement, action: string): boolean {
  if (action === "play") toggle(player);
  else if (action === "seekBack") player.currentTime = Math.max(0, player.currentTime - SEEK_S);
  else if (action === "seekForward") player.currentTime = Math.min(player.duration || 0, player.currentTime + SEEK_S);
  else return false;
  return true;
}
