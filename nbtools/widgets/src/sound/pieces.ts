/** A long WAV file, piece by piece: fetched when it is played or looked at, each playable on its own. */

import { h } from "../dom.ts";
import type { Wav } from "../protocol.ts";
import type { Samples } from "../rules/peaks.ts";
import { frameBytes, header, samplesOf, secondsOf } from "../rules/wav.ts";
import type { Deck } from "./deck.ts";

const PIECE_BYTES = 3_400_000;
const LEAST_S = 10;
const KEPT = 8;
const NEARLY_S = 1e-3;

/** Bytes of a file from one on, as many as fit an answer. */
export type Fetch = (start: number) => Promise<DataView>;

interface Piece {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly url: string;
}

export class Pieces {
  readonly wav: Wav;
  readonly duration: number;
  readonly #fetch: Fetch;
  readonly #frames: number;
  readonly #known = new Map<number, Promise<Piece>>();

  constructor(wav: Wav, fetch: Fetch) {
    this.wav = wav;
    this.duration = secondsOf(wav);
    this.#fetch = fetch;
    this.#frames = Math.max(Math.floor(PIECE_BYTES / frameBytes(wav)), LEAST_S * wav.rate);
  }

  /** Seconds of each but the last. */
  get seconds(): number {
    return this.#frames / this.wav.rate;
  }

  at(time: number): number {
    return Math.min(Math.max(0, Math.floor(time / this.seconds + NEARLY_S / this.seconds)), this.last);
  }

  get last(): number {
    return Math.ceil(this.wav.frames / this.#frames) - 1;
  }

  get(number: number): Promise<Piece> {
    const known = this.#known.get(number) ?? this.#load(number);
    // The last that was asked for goes last.
    this.#known.delete(number);
    this.#known.set(number, known);
    known.catch(() => this.#known.delete(number));
    for (const old of [...this.#known.keys()].slice(0, -KEPT)) this.#drop(old);
    return known;
  }

  async samples(from: number, to: number): Promise<Samples> {
    const numbers = [];
    for (let number = this.at(from); number <= this.at(to); number++) numbers.push(number);
    const parts = await Promise.all(numbers.map((number) => this.get(number)));
    const { rate } = this.wav;
    const found = parts.map(({ bytes }) => samplesOf(this.wav, new DataView(bytes.buffer), 0).values);
    const values = new Float32Array(found.reduce((sum, { length }) => sum + length, 0));
    let place = 0;
    for (const each of found) {
      values.set(each, place);
      place += each.length;
    }
    return { values, rate, from: this.at(from) * this.seconds };
  }

  close(): void {
    for (const number of [...this.#known.keys()]) this.#drop(number);
  }

  #drop(number: number): void {
    const known = this.#known.get(number);
    this.#known.delete(number);
    known?.then(
      ({ url }) => URL.revokeObjectURL(url),
      () => {},
    );
  }

  async #load(number: number): Promise<Piece> {
    const first = number * this.#frames;
    const frames = Math.min(this.#frames, this.wav.frames - first);
    const bytes = new Uint8Array(frames * frameBytes(this.wav));
    for (let done = 0; done < bytes.length; ) {
      const got = await this.#fetch(this.wav.start + first * frameBytes(this.wav) + done);
      if (got.byteLength === 0) throw new Error("the file ended early");
      const part = new Uint8Array(got.buffer, got.byteOffset, Math.min(got.byteLength, bytes.length - done));
      bytes.set(part as Uint8Array<ArrayBuffer>, done);
      done += part.length;
    }
    const blob = new Blob([header(this.wav, bytes.length), bytes], { type: "audio/wav" });
    return { bytes, url: URL.createObjectURL(blob) };
  }
}

/** Plays pieces one after the other; the next is ready before it is needed. */
export class InPieces implements Deck {
  ended = (): void => {};
  readonly #pieces: Pieces;
  readonly #failed: (why: string) => void;
  readonly #end = new AbortController();
  #player = this.#element();
  #next = this.#element();
  #number = -1;
  #nextNumber = -1;
  /** Where it is about to be, while a piece is on its way. */
  #wanted: number | null = 0;
  #turn = 0;
  #rate = 1;
  #playing = false;

  constructor(pieces: Pieces, failed: (why: string) => void) {
    this.#pieces = pieces;
    this.#failed = failed;
  }

  get duration(): number {
    return this.#pieces.duration;
  }

  get time(): number {
    return this.#wanted ?? Math.min(this.duration, this.#number * this.#pieces.seconds + this.#player.currentTime);
  }

  get playing(): boolean {
    return this.#playing;
  }

  get rate(): number {
    return this.#rate;
  }

  set rate(rate: number) {
    this.#rate = rate;
    for (const player of [this.#player, this.#next]) player.playbackRate = player.defaultPlaybackRate = rate;
  }

  play(): void {
    this.#playing = true;
    if (this.#wanted === null) this.#start();
    else this.seek(this.#wanted);
  }

  pause(): void {
    this.#playing = false;
    this.#player.pause();
  }

  seek(time: number): void {
    const number = this.#pieces.at(time);
    this.#turn += 1;
    if (number === this.#number) this.#place(time);
    else {
      this.#player.pause();
      this.#wanted = time;
      void this.#bring(number, this.#turn);
    }
  }

  /** Have a piece fetched that will be wanted. */
  ready(): void {
    this.#pieces.get(this.#pieces.at(this.time)).catch(() => {});
  }

  close(): void {
    this.#end.abort();
    this.pause();
    for (const player of [this.#player, this.#next]) player.removeAttribute("src");
    this.#pieces.close();
  }

  #element(): HTMLAudioElement {
    const player = h("audio", { preload: "auto" });
    player.addEventListener("ended", () => player === this.#player && this.#over(), { signal: this.#end.signal });
    return player;
  }

  #place(time: number): void {
    this.#wanted = null;
    this.#player.currentTime = Math.max(0, time - this.#number * this.#pieces.seconds);
    if (this.#playing) this.#start();
  }

  #start(): void {
    this.#player.play().catch(() => {});
  }

  async #bring(number: number, turn: number): Promise<void> {
    try {
      const { url } = await this.#pieces.get(number);
      if (turn !== this.#turn || this.#end.signal.aborted) return;
      this.#player.src = url;
      this.#number = number;
      this.#place(this.#wanted ?? 0);
      this.#prepare(number + 1);
    } catch (error) {
      if (this.#end.signal.aborted || turn !== this.#turn) return;
      this.#playing = false;
      this.#failed(error instanceof Error ? error.message : String(error));
    }
  }

  #prepare(number: number): void {
    if (number > this.#pieces.last) return;
    this.#pieces.get(number).then(
      ({ url }) => {
        if (number !== this.#number + 1 || this.#end.signal.aborted) return;
        this.#next.src = url;
        this.#nextNumber = number;
      },
      () => {},
    );
  }

  #over(): void {
    const number = this.#number + 1;
    if (!this.#playing || number > this.#pieces.last) {
      this.#playing = false;
      this.ended();
    } else if (this.#nextNumber === number) {
      [this.#player, this.#next] = [this.#next, this.#player];
      this.#number = number;
      this.#start();
      this.#prepare(number + 1);
    } else this.seek(number * this.#pieces.seconds);
  }
}
