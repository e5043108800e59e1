/** Where a waveform comes from: sound decoded here, or the kernel, which has the file. */

import { peaksOf, type Samples } from "../rules/peaks.ts";
import type { Pieces } from "./pieces.ts";
import type { Sound } from "./wave.ts";

/** Longer sound is not decoded for its waveform: an hour of it would take a gigabyte. */
const LONGEST_DECODED_S = 900;
/** Longer decoded sound is not kept, but decoded once more when it is looked at closely. */
const MOST_KEPT = 6_000_000;
/** The longest stretch of a file in parts whose frequencies are shown at once. */
const LONGEST_SEEN_S = 60;
const RATE = 48_000;

/** The sound of a file that the page has whole. */
export async function decoded(
  blob: Blob,
  duration: number,
  rate: number | null,
): Promise<Sound & { readonly weight: number }> {
  const nothing = (why: string) => ({ duration, peaks: null, why, weight: 0, samples: () => Promise.resolve(null) });
  if (duration > LONGEST_DECODED_S)
    return nothing("no waveform: over 15 minutes, of WAV files alone (convert it at ingest to see one)");
  const buffer = await decode(blob, rate);
  if (buffer === null) return nothing("no sound");
  const channels = Array.from({ length: buffer.numberOfChannels }, (_, n) => buffer.getChannelData(n));
  const keep = buffer.length <= MOST_KEPT;
  let known: Samples | null = keep ? mixed(channels, buffer.sampleRate) : null;
  return {
    duration,
    peaks: peaksOf(channels, buffer.sampleRate),
    why: "",
    weight: keep ? buffer.length * 4 : 0,
    async samples() {
      if (known !== null) return known;
      const again = await decode(blob, rate);
      if (again === null) return null;
      known = mixed(
        Array.from({ length: again.numberOfChannels }, (_, n) => again.getChannelData(n)),
        again.sampleRate,
      );
      return known;
    },
  };
}

/** The sound of a WAV file of which the page has only parts; `fetch` gives the kernel's peaks. */
export async function inParts(pieces: Pieces, fetch: () => Promise<DataView>): Promise<Sound> {
  const { wav, duration } = pieces;
  const data = await fetch();
  return {
    duration,
    peaks: {
      pairs: new Int8Array(data.buffer, data.byteOffset, data.byteLength),
      step: wav.framesPerPeak / wav.rate,
    },
    why: "",
    samples: (from, to) => (to - from > LONGEST_SEEN_S ? Promise.resolve(null) : pieces.samples(from, to)),
  };
}

/** `null` where there is no sound that this browser can decode. */
async function decode(blob: Blob, rate: number | null): Promise<AudioBuffer | null> {
  const data = await blob.arrayBuffer();
  for (const each of [rate, RATE]) {
    if (each === null) continue;
    try {
      // A rate of its own keeps all that a recorder of ultrasound heard.
      return await new OfflineAudioContext(1, 1, each).decodeAudioData(data.slice(0));
    } catch {
      // Not a rate that this browser has, or no sound.
    }
  }
  return null;
}

function mixed(channels: readonly Float32Array[], rate: number): Samples {
  const [first, ...others] = channels;
  if (first === undefined || others.length === 0) return { values: first ?? new Float32Array(0), rate, from: 0 };
  const values = Float32Array.from(first, (value, n) => {
    let sum = value;
    for (const other of others) sum += other[n] ?? 0;
    return sum / channels.length;
  });
  return { values, rate, from: 0 };
}
