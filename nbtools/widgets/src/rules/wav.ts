/** Parts of a WAV file: each played on its own with a header of its own, or read as numbers. Pure. */

import type { Wav } from "../protocol.ts";
import type { Samples } from "./peaks.ts";

const HEADER = 44;
const FLOAT = 3;

export const frameBytes = ({ channels, bits }: Wav): number => (channels * bits) / 8;

/** How long the sound is. */
export const secondsOf = ({ frames, rate }: Wav): number => frames / rate;

/** The header that makes `length` bytes of the sound a WAV file. */
export function header({ encoding, channels, rate, bits }: Wav, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEADER);
  const view = new DataView(bytes.buffer);
  const block = (channels * bits) / 8;
  bytes.set(new TextEncoder().encode("RIFF"), 0);
  view.setUint32(4, HEADER - 8 + length, true);
  bytes.set(new TextEncoder().encode("WAVEfmt "), 8);
  view.setUint32(16, 16, true);
  view.setUint16(20, encoding, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * block, true);
  view.setUint16(32, block, true);
  view.setUint16(34, bits, true);
  bytes.set(new TextEncoder().encode("data"), 36);
  view.setUint32(40, length, true);
  return bytes;
}

/** The numbers of some of its sound, the channels' mean; `from`: the time of the first. */
export function samplesOf(wav: Wav, data: DataView, from: number): Samples {
  const { channels, rate, bits } = wav;
  const block = frameBytes(wav);
  const values = new Float32Array(Math.floor(data.byteLength / block));
  const read = reader(wav, data);
  for (let frame = 0; frame < values.length; frame++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += read(frame * block + (channel * bits) / 8);
    values[frame] = sum / channels;
  }
  return { values, rate, from };
}

function reader({ encoding, bits }: Wav, data: DataView): (at: number) => number {
  if (encoding === FLOAT) return (at) => data.getFloat32(at, true);
  if (bits === 8) return (at) => (data.getUint8(at) - 128) / 128;
  if (bits === 16) return (at) => data.getInt16(at, true) / 2 ** 15;
  if (bits === 24) return (at) => (data.getUint16(at, true) + data.getInt8(at + 2) * 2 ** 16) / 2 ** 23;
  return (at) => data.getInt32(at, true) / 2 ** 31;
}
