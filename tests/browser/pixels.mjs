// Counts the colours of a screenshot, so that a test can fail on a flat one: suites have gone green on nothing.
import { inflateSync } from 'node:zlib';

// Different pixels (to 5 bits a channel) of a PNG of 8-bit RGB or RGBA, as browsers write them.
export function colours_on_screen(png) {
  const bytes = Buffer.from(png);
  const width = bytes.readUInt32BE(16), height = bytes.readUInt32BE(20), channels = bytes[25] === 6 ? 4 : 3;
  const parts = [];
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const pixels = unfilter(inflateSync(Buffer.concat(parts)), width, height, channels);
  const seen = new Set();
  for (let at = 0; at < pixels.length; at += channels)
    seen.add((pixels[at] >> 3) << 10 | (pixels[at + 1] >> 3) << 5 | pixels[at + 2] >> 3);
  return seen.size;
}

// PNG specification, section 9: each row names how it was predicted from its left (a), upper (b) and upper left (c) neighbours.
function unfilter(data, width, height, channels) {
  const row = width * channels, out = Buffer.alloc(row * height);
  for (let y = 0; y < height; ++y) {
    const filter = data[y * (row + 1)];
    for (let x = 0; x < row; ++x) {
      const a = x >= channels ? out[y * row + x - channels] : 0, b = y ? out[(y - 1) * row + x] : 0;
      const c = x >= channels && y ? out[(y - 1) * row + x - channels] : 0;
      const predictions = [0, a, b, (a + b) >> 1, paeth(a, b, c)];
      out[y * row + x] = data[y * (row + 1) + 1 + x] + predictions[filter];
    }
  }
  return out;
}

function paeth(a, b, c) {
  const estimate = a + b - c;
  const [to_a, to_b, to_c] = [a, b, c].map(value => Math.abs(estimate - value));
  return to_a <= to_b && to_a <= to_c ? a : to_b <= to_c ? b : c;
}
