// What the mock kernel shows: texts, images with their number in their pixels, sound, arrays, and things that are wrong.

const images = new Map();

/** Encode the images before anything is asked for, so that the mock answers as fast as a kernel does. */
export async function prepareImages(kind, total, query) {
  if (kind !== "image") return;
  const side = Number(query.get("side") ?? 400);
  for (let i = 0; i < total; i++) images.set(i, await encoded(i, side));
}

async function encoded(i, side) {
  const canvas = new OffscreenCanvas(side, Math.round(side * 0.75));
  const context = canvas.getContext("2d");
  // The color is the number: a test reads it from a screenshot.
  context.fillStyle = colorOf(i);
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = "#fff";
  context.font = `${side / 3}px sans-serif`;
  context.fillText(String(i), side / 4, side / 2);
  return (await canvas.convertToBlob({ type: "image/png" })).arrayBuffer();
}

export const colorOf = (i) => `rgb(${(i % 8) * 32}, ${(i >> 3) * 32}, 128)`;

const bytesOf = (text) => new TextEncoder().encode(text).buffer;
const MARKUP = `<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>`;
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100" onload="window.pwned=1"><script>window.pwned=1; parent.pwned=1</script><rect width="200" height="100" fill="teal"/></svg>`;
const WORDS = "The jay is a shy bird of the woods, heard more often than it is seen.";

/** The `content` of an item; buffers are pushed to `buffers`. With `full`, the original's. */
export async function content(kind, i, buffers, query, full = false) {
  const buffer = (data, media_type, more = {}) => ({ buffer: buffers.push(data) - 1, media_type, ...more });
  switch (kind) {
    case "image":
      return buffer((full ? await encoded(i, 1600) : images.get(i)).slice(0), "image/png", query.has("full") ? { full: true } : {});
    case "svg":
      return buffer(bytesOf(SVG), "image/svg+xml");
    case "markup":
      return { text: `${MARKUP} ${i}` };
    case "long":
      if (full) return buffer(bytesOf(`the whole text ${"line\n".repeat(5000)}`), "text/plain");
      return { text: Array.from({ length: 800 }, (_, n) => `${n + 1}. ${WORDS}`).join("\n"), full: true };
    case "record":
      return { record: { title: `Row ${i}`, note: MARKUP, age: 34, tags: ["a", "b"] } };
    case "array": {
      const values = Uint16Array.from({ length: 64 * 64 * 2 }, (_, n) => (n % 2 ? 40_000 : 1000) + ((n * 7) % 900));
      return { array: { buffer: buffers.push(values.buffer) - 1, dtype: "uint16", shape: [64, 64, 2] } };
    }
    case "audio": {
      const wav = tone(220 + 20 * i);
      buffers.push(wav);
      return { stream: wav.byteLength, media_type: "audio/wav" };
    }
    case "broken":
      return i % 2 === 1 ? { error: "the file is truncated: 120 of 4096 bytes" } : buffer(bytesOf("no png"), "image/png");
    default:
      return { text: `${i}. ${WORDS}` };
  }
}

function tone(hertz) {
  const [rate, seconds] = [8000, 2];
  const data = new DataView(new ArrayBuffer(44 + rate * seconds));
  const ascii = (at, text) => [...text].forEach((letter, n) => data.setUint8(at + n, letter.charCodeAt(0)));
  ascii(0, "RIFF");
  data.setUint32(4, 36 + rate * seconds, true);
  ascii(8, "WAVEfmt ");
  data.setUint32(16, 16, true);
  data.setUint16(20, 1, true);
  data.setUint16(22, 1, true);
  data.setUint32(24, rate, true);
  data.setUint32(28, rate, true);
  data.setUint16(32, 1, true);
  data.setUint16(34, 8, true);
  ascii(36, "data");
  data.setUint32(40, rate * seconds, true);
  for (let n = 0; n < rate * seconds; n++) data.setUint8(44 + n, 128 + 100 * Math.sin((2 * Math.PI * hertz * n) / rate));
  return data.buffer;
}
