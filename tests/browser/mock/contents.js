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
const OUTSIDE = "http://tracker.invalid/x.png";
const PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
// What a function may show: a table as pandas writes it, sound as IPython does, and everything that must not work.
const HTML = [
  `<div><style scoped>.dataframe tbody tr th { vertical-align: top; }</style><table border="1" class="dataframe"><thead><tr><th></th><th>site</th></tr></thead><tbody><tr><th>0</th><td>north</td></tr></tbody></table></div>`,
  `<audio controls autoplay><source src="data:audio/wav;base64,${btoa(String.fromCharCode(...new Uint8Array(tone(220))))}" type="audio/wav"></audio>`,
  `<b id="bold">bold</b>${MARKUP}<a href="javascript:window.pwned=1">run</a><a href="https://example.invalid/">out</a><img src="${PIXEL}" alt="dot">
   <img src="${OUTSIDE}" srcset="${OUTSIDE} 2x"><div style="background: url(${OUTSIDE})">styled</div><style>b { color: red; background: url(${OUTSIDE}) }</style><style>@import "${OUTSIDE}";</style>
   <style>.nbt-labeler, body { display: none !important }</style><div style="position: fixed; inset: 0; z-index: 9999">over it all</div>
   <video poster="${OUTSIDE}"></video><input autofocus value="typed"><form action="${OUTSIDE}"><button>send</button></form><iframe src="${OUTSIDE}"></iframe>
   <object data="${OUTSIDE}"></object><link rel="stylesheet" href="${OUTSIDE}"><base href="${OUTSIDE}"><meta http-equiv="refresh" content="0;url=${OUTSIDE}">
   <svg width="20" height="20" fill="url(${OUTSIDE}#a)"><image href="${OUTSIDE}" width="9" height="9"/><rect width="9" height="9" fill="url(#b)" onclick="window.pwned=1"/><use href="${OUTSIDE}#x"/></svg>`,
  `<script>document.write("made by a script")</script><div></div>`,
];
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
    case "html":
      return { html: HTML[i % HTML.length] };
    case "parts": {
      const [buffer] = [buffers.push(await encoded(i, 400)) - 1];
      return { parts: [{ text: `${MARKUP} ${i}` }, { buffer, media_type: "image/png" }, { html: `<b>bold ${i}</b>` }] };
    }
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
      return { stream: wav.byteLength, media_type: "audio/wav", wav: eightBits(wav) };
    }
    case "record-pair":
    case "record-four": {
      const names = kind === "record-pair" ? ["answer_a", "answer_b"] : ["answer_a", "answer_b", "answer_c", "answer_d"];
      const texts = names.map((name, n) => ({ text: `${i}. ${name.at(-1).toUpperCase()}: ${"The jay is a shy bird of the woods. ".repeat((n + 1) * Number(query.get("repeat") ?? 1))}` }));
      return { candidates: names, parts: [{ record: { prompt: `What is a jay? (${i})` } }, ...texts] };
    }
    case "record-pictures": {
      const pictures = await Promise.all([2 * i, 2 * i + 1].map((n) => encoded(n, 400)));
      const parts = pictures.map((picture) => ({ buffer: buffers.push(picture) - 1, media_type: "image/png" }));
      return { candidates: ["image_a", "image_b"], parts: [{ record: {} }, ...parts] };
    }
    case "audio-long": {
      const wav = long(i);
      buffers.push(wav);
      return { stream: wav.byteLength, media_type: "audio/wav", wav: eightBits(wav) };
    }
    case "audio-huge":
      return { stream: 64_000_001, media_type: "audio/wav", wav: { ...eightBits(tone(440)), frames: 64_000_000 } };
    case "video":
      buffers.push(await video());
      return { stream: buffers[0].byteLength, media_type: "video/webm" };
    case "broken":
      return i % 2 === 1 ? { error: "the file is truncated: 120 of 4096 bytes" } : buffer(bytesOf("no png"), "image/png");
    default:
      return { text: query.get("words") ?? `${i}. ${WORDS}` };
  }
}

const eightBits = (wav) => ({ encoding: 1, channels: 1, rate: 8000, bits: 8, start: 44, frames: wav.byteLength - 44, frames_per_peak: 80 });

const LONG_S = 1200;
const longs = new Map();

/** Twenty minutes, each second as loud as its number in its minute. */
function long(i) {
  if (!longs.has(i)) {
    const wav = new Uint8Array(tone(440, LONG_S, true));
    for (let second = 0; second < LONG_S; second++)
      for (let n = 0; n < 8000; n++) wav[44 + second * 8000 + n] = 128 + (n % 16 < 8 ? 1 : -1) * (second % 60) * 2;
    longs.set(i, wav.buffer);
  }
  return longs.get(i);
}

/** What the kernel makes of it. */
export function peaks() {
  return Int8Array.from({ length: LONG_S * 200 }, (_, n) => (n % 2 ? 1 : -1) * (Math.floor(n / 200) % 60) * 2).buffer;
}

let recorded = null;

/** A second of video with sound, which the browser records itself: nothing of it lies in the repository. */
async function video() {
  recorded ??= record();
  return (await recorded).slice(0);
}

async function record() {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [160, 120];
  const context = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/webm;codecs=vp8" });
  const pieces = [];
  recorder.ondataavailable = ({ data }) => pieces.push(data);
  const stopped = new Promise((done) => {
    recorder.onstop = done;
  });
  recorder.start();
  for (let frame = 0; frame < 30; frame++) {
    context.fillStyle = colorOf(frame);
    context.fillRect(0, 0, 160, 120);
    await new Promise((done) => setTimeout(done, 40));
  }
  recorder.stop();
  await stopped;
  return new Blob(pieces).arrayBuffer();
}

function tone(hertz, seconds = 2, silent = false) {
  const rate = 8000;
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
  if (silent) return data.buffer;
  for (let n = 0; n < rate * seconds; n++) data.setUint8(44 + n, 128 + 100 * Math.sin((2 * Math.PI * hertz * n) / rate));
  return data.buffer;
}
