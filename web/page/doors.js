// What a call of the page API may be given, measured before anything is copied into the program: a sentence instead of a page that hangs or
// has no memory left. The program checks what comes through once more (demos/api.cpp).
const longest = { bytes: 256 * 2 ** 20, samples: 10_000_000, text: 2 ** 20, json: 16 * 2 ** 20 };

function at_most(what, given, most) {
  if (!(given <= most)) throw new RangeError(`${what}: ${given}, at most ${most}`);
}

export function bytes_of(given) {
  if (!(given instanceof ArrayBuffer) && !ArrayBuffer.isView(given)) {
    throw new TypeError(`a file is an ArrayBuffer or a typed array, not ${String(given).slice(0, 80)}`);
  }
  at_most('bytes of a file', given.byteLength, longest.bytes);
  return ArrayBuffer.isView(given) ? new Uint8Array(given.buffer, given.byteOffset, given.byteLength) : new Uint8Array(given);
}

export function samples_of(given) {
  if (typeof given !== 'object' || given === null || !Number.isInteger(given.length)) {
    throw new TypeError(`a recording is an array of numbers, not ${String(given).slice(0, 80)}`);
  }
  at_most('samples of a recording', given.length, longest.samples);
  return Float32Array.from(given);
}

export function text_of(given) {
  const text = String(given);
  at_most('characters of a text', text.length, longest.text);
  return text;
}

export function json_of(given) {
  const json = JSON.stringify(given) ?? 'null';
  at_most('characters of JSON', json.length, longest.json);
  return json;
}
