/** Sound and video as `regions` shows them: played, with the waveform of all of it, long WAV files in parts. */

import { button, h, setText } from "../dom.ts";
import { size } from "../format.ts";
import { failure } from "../items/error.ts";
import { type Prepare, type Prepared, prepare, type Source } from "../items/prepared.ts";
import type { Surface } from "../items/surface.ts";
import { wholly } from "../parserare.ts";
import type { Item, Wav } from "../protocol.ts";
import { clock } from "../rules/timeline.ts";
import type { Painter, SpectrogramModule } from "../spectrogram.ts";
import { opened, Whole } from "./deck.ts";
import { decoded, inParts } from "./hearing.ts";
import { InPieces, Pieces } from "./pieces.ts";
import { Transport } from "./transport.ts";
import { type Sound, Wave } from "./wave.ts";

/** A WAV file from so many bytes on is played in parts. */
const PARTS_FROM = 8_000_000;
const SEEK_S = 5;
const FRAME_S = { audio: 0.01, video: 0.04 };
/** How it is played and seen stays from one item to the next, those included that are made ready already. */
const kept: { rate: number; loop: boolean; painter: Painter | null } = { rate: 1, loop: false, painter: null };
const tracks = new Set<Track>();

interface Recording {
  readonly mediaType: string;
  readonly total: number;
  readonly wav: Wav | null;
  readonly bytes: DataView | null;
}

export const track: Prepare = (item, source) => {
  const content = wholly(item.content);
  if (content.form === "stream") return new Track(item, { ...content, bytes: null }, source);
  if (content.form === "bytes" && /^(audio|video)\//.test(content.mediaType)) {
    const { bytes, mediaType } = content;
    return new Track(item, { mediaType, total: bytes.byteLength, wav: null, bytes }, source);
  }
  return content.form === "error" ? failure(content.why) : prepare(item, source);
};

class Track implements Prepared {
  readonly element: HTMLElement;
  readonly tools: readonly HTMLElement[];
  readonly ready: Promise<void>;
  readonly blocked = null;
  weight: number;
  readonly #item: Item;
  readonly #recording: Recording;
  readonly #source: Source;
  readonly #kind: "audio" | "video";
  readonly #player: HTMLMediaElement;
  readonly #time = h("span", { class: "nbt-time" });
  readonly #speed = h("span", { class: "nbt-speed" });
  readonly #end = new AbortController();
  #frame: number;
  #url: string | null = null;
  #transport: Transport | null = null;
  #wave: Wave | null = null;
  #surface: Surface | null = null;

  constructor(item: Item, recording: Recording, source: Source) {
    this.#item = item;
    this.#recording = recording;
    this.#source = source;
    this.#kind = recording.mediaType.startsWith("video/") ? "video" : "audio";
    this.#frame = FRAME_S[this.#kind];
    this.weight = Math.min(recording.total, PARTS_FROM);
    this.#player = h(this.#kind, { preload: "auto", class: `nbt-${this.#kind}`, "aria-label": item.name });
    this.element = h("div", { class: "nbt-track" }, ...(this.#kind === "video" ? [this.#player] : []));
    this.tools = [
      button("playing", "Play", ["Space"], { class: "nbt-play" }),
      this.#time,
      group(
        "speed",
        button("slower", "−", [], { "aria-label": "slower", "aria-keyshortcuts": "<" }),
        this.#speed,
        button("faster", "+", [], { "aria-label": "faster", "aria-keyshortcuts": ">" }),
      ),
      group(
        "zoom",
        button("zoomIn", "+", [], { "aria-label": "zoom in", "aria-keyshortcuts": "+" }),
        button("zoomOut", "−", [], { "aria-label": "zoom out", "aria-keyshortcuts": "-" }),
        button("zoomFit", "fit", [], { "aria-keyshortcuts": "0" }),
      ),
      button("spectrum", "spectrogram", ["H"], { class: "nbt-spectral", "aria-pressed": "false" }),
    ];
    this.ready = this.#load();
  }

  get surface(): Surface | null {
    const [wave, transport] = [this.#wave, this.#transport];
    if (wave === null || transport === null) return null;
    this.#surface ??= {
      form: "track",
      transport,
      layer: wave.layer,
      // What the kernel knows of its length is what it goes by.
      duration: this.#item.duration ?? transport.deck.duration,
      act: (action) => this.act(action),
      frame: () => this.#frame,
      seen: () => wave.seen,
      reveal: (from, to) => wave.reveal(from, to),
      watch: (changed, signal) => wave.watch(changed, signal),
    };
    return this.#surface;
  }

  act(action: string): boolean {
    const [wave, transport] = [this.#wave, this.#transport];
    if (wave === null || transport === null) return false;
    if (action === "playing" || action === "play") transport.toggle();
    else if (action === "slower" || action === "faster") transport.change(action === "slower" ? -1 : 1);
    else if (action === "seekBack") transport.seek(transport.time - SEEK_S);
    else if (action === "seekForward") transport.seek(transport.time + SEEK_S);
    else if (action === "zoomIn") wave.zoom(1);
    else if (action === "zoomOut") wave.zoom(-1);
    else if (action === "zoomFit") wave.zoom(0);
    else if (action === "spectrum") void this.#spectrum();
    else return false;
    return true;
  }

  hidden(): void {
    this.#transport?.pause();
    this.#wave?.reset();
  }

  /** Play and show as all are played and shown. */
  keep(): void {
    const [wave, transport] = [this.#wave, this.#transport];
    if (wave === null || transport === null) return;
    if (transport.rate !== kept.rate) transport.deck.rate = kept.rate;
    if (transport.loop !== kept.loop) transport.setLoop(kept.loop);
    if (wave.painter !== kept.painter) wave.paintWith(kept.painter);
    this.tools.at(-1)?.setAttribute("aria-pressed", String(kept.painter !== null));
  }

  dispose(): void {
    tracks.delete(this);
    this.#end.abort();
    this.#wave?.close();
    this.#transport?.close();
    if (this.#url !== null) URL.revokeObjectURL(this.#url);
  }

  async #load(): Promise<void> {
    const { wav, total } = this.#recording;
    const sound = wav !== null && total >= PARTS_FROM ? await this.#inParts(wav) : await this.#asWhole();
    const transport = this.#transport;
    if (transport === null) return;
    this.#wave = new Wave(sound, transport);
    this.element.append(this.#wave.element);
    tracks.add(this);
    this.keep();
    transport.watch(() => this.#tell(), this.#end.signal);
    this.#tell();
  }

  async #inParts(wav: Wav): Promise<Sound> {
    const pieces = new Pieces(wav, (start) => this.#source.part(start));
    const deck = new InPieces(pieces, (why) => this.#source.changed(`cannot be played: ${why}`));
    this.#transport = new Transport(deck);
    const sound = await inParts(pieces, () => this.#source.part(null));
    this.#source.signal.throwIfAborted();
    deck.ready();
    return sound;
  }

  async #asWhole(): Promise<Sound> {
    const { bytes, mediaType, wav } = this.#recording;
    const told = (done: number, total: number) => {
      if (done < total) this.#source.changed(`loading ${size(done)} of ${size(total)}`);
    };
    const data = bytes === null ? await this.#source.bytes(false, told) : [bytes];
    this.#source.signal.throwIfAborted();
    const blob = new Blob(data as BlobPart[], { type: mediaType });
    this.#url = URL.createObjectURL(blob);
    await opened(this.#player, this.#url, mediaType);
    this.#transport = new Transport(new Whole(this.#player));
    if (this.#player instanceof HTMLVideoElement) this.#measure(this.#player);
    const sound = await decoded(blob, this.#player.duration, wav?.rate ?? null);
    this.weight = blob.size + sound.weight;
    return sound;
  }

  /** How long a frame lasts, which no header says here: the shortest time between two that were played. */
  #measure(player: HTMLVideoElement): void {
    let last: number | null = null;
    let shortest = 1;
    const seen = (_: number, { mediaTime }: { mediaTime: number }): void => {
      const step = last === null ? 0 : mediaTime - last;
      if (step > 0.002 && step < shortest && !player.paused && !player.seeking) {
        shortest = step;
        if (step < 0.2) this.#frame = step;
      }
      last = mediaTime;
      if (!this.#end.signal.aborted) player.requestVideoFrameCallback(seen);
    };
    if ("requestVideoFrameCallback" in player) player.requestVideoFrameCallback(seen);
  }

  async #spectrum(): Promise<void> {
    const module = kept.painter === null ? ((await this.#source.module("spectrogram")) as SpectrogramModule) : null;
    kept.painter = module?.paint ?? null;
    for (const each of tracks) each.keep();
  }

  #tell(): void {
    const transport = this.#transport;
    if (transport === null) return;
    if (transport.rate !== kept.rate || transport.loop !== kept.loop) {
      [kept.rate, kept.loop] = [transport.rate, transport.loop];
      for (const each of tracks) each.keep();
    }
    const words = this.tools[0]?.querySelector(".nbt-words");
    if (words) setText(words, transport.playing ? "Pause" : "Play");
    setText(this.#time, `${clock(transport.time)} / ${clock(transport.deck.duration)}`);
    setText(this.#speed, `${transport.rate}×`);
  }
}

/** Buttons that stay together, with a word for both their + and −. */
const group = (name: string, ...elements: readonly HTMLElement[]): HTMLElement =>
  h(
    "span",
    { class: "nbt-tool-group", role: "group", "aria-label": name },
    h("span", { class: "nbt-tool-name" }, name),
    ...elements,
  );
