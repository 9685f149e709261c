// One way for pictures of every kind (file button, drop, paste) into the room: decoded by the browser, turned as EXIF says, laid
// over white in sRGB. Browsers differ in how they scale, so the engine does that. What is broken or too large throws PictureError.

export class PictureError extends Error {
  // `parts`: what the sentence about it names (words.js).
  constructor(code, ...parts) {
    super(code);
    this.name = 'PictureError';
    this.code = code;
    this.parts = parts;
  }
}

const most_bytes = 64e6;

// How many pixels the engine takes of a picture: the program says so when it starts. The engine refuses more; known here, they need not be decoded first.
let most_pixels = Infinity;
export function limit_pictures(pixels) { most_pixels = pixels; }
const too_large = () => new PictureError('too-large', most_pixels / 1e6);

// The size that a PNG, JPEG, WebP, GIF or BMP says it has, without decoding it; null if it does not say.
export function stated_size(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const is = (at, text) => bytes.length >= at + text.length && [...text].every((letter, i) => bytes[at + i] === letter.charCodeAt(0));
  try {
    if (is(1, 'PNG')) return [view.getUint32(16), view.getUint32(20)];
    if (is(0, 'GIF8')) return [view.getUint16(6, true), view.getUint16(8, true)];
    if (is(0, 'BM')) return [view.getInt32(18, true), Math.abs(view.getInt32(22, true))];
    if (is(0, 'RIFF') && is(8, 'WEBP')) return webp_size(view, is);
    if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpeg_size(view);
  } catch { /* cut off: the decoder says so */ }
  return null;
}

function webp_size(view, is) {
  const uint24 = at => view.getUint16(at, true) | view.getUint8(at + 2) << 16;
  if (is(12, 'VP8X')) return [uint24(24) + 1, uint24(27) + 1];
  if (is(12, 'VP8L')) { const bits = view.getUint32(21, true); return [(bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1]; }
  return [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff];
}

// ITU T.81: the first frame header (SOF0 to SOF15 without DHT, JPG and DAC) holds height and width.
function jpeg_size(view) {
  for (let at = 2; ;) {
    const marker = view.getUint8(at + 1);
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) return [view.getUint16(at + 7), view.getUint16(at + 5)];
    at += 2 + view.getUint16(at + 2);
  }
}

// ImageData of a File or Blob, as large as the picture, or as large as this device's canvases can be.
export async function read_picture(blob) {
  if (blob.size > most_bytes) throw too_large();
  const size = stated_size(new Uint8Array(await blob.slice(0, 1 << 20).arrayBuffer()));
  if (size && size[0] * size[1] > most_pixels) throw too_large();
  const bitmap = await decode(blob);
  try {
    if (bitmap.width * bitmap.height > most_pixels) throw too_large();
    for (const scale of [1, 0.5, 0.25]) {
      try { return pixels(bitmap, scale); } catch { /* phones have smaller canvases: half of it */ }
    }
    throw too_large();
  } finally {
    bitmap.close();
  }
}

function pixels(bitmap, scale) {
  const width = Math.max(1, Math.round(bitmap.width * scale)), height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d', { willReadFrequently: true, colorSpace: 'srgb' });
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0, width, height);
  return context.getImageData(0, 0, width, height, { colorSpace: 'srgb' });
}

async function decode(blob) {
  try {
    return await createImageBitmap(blob, { imageOrientation: 'from-image', premultiplyAlpha: 'none' });
  } catch (error) {
    if (error instanceof TypeError) return createImageBitmap(blob).catch(() => { throw new PictureError('broken'); });   // an older browser
    throw new PictureError('broken');
  }
}
