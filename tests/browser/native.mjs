// Native runs of the engine, to hold the page's numbers against.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { repository } from './site.mjs';

const program = process.env.TRILENS_FORWARD_DIGITS ?? join(repository, 'build', 'release', 'tests', 'browser', 'forward_digits');

// The stroke generator's drawings: [{digit, strokes}], `count` of each digit.
export function native_drawings(digits, seed, count) {
  const out = execFileSync(join(dirname(program), 'draw_digits'), [seed, count, ...digits].map(String), { maxBuffer: 1 << 26 });
  return out.toString('utf8').trim().split('\n').map(line => JSON.parse(line));
}

// {name: {shape, data}} of every named value, from the bytes of the weights and 784 input values.
export function native_forward(bytes_of_weights, input) {
  const weights = join(mkdtempSync(join(tmpdir(), 'trilens-weights-')), 'weights.safetensors');
  writeFileSync(weights, Buffer.from(bytes_of_weights));
  const bytes = Buffer.from(Float32Array.from(input).buffer);
  const out = execFileSync(program, [weights], { input: bytes, maxBuffer: 1 << 26 });
  const tensors = {};
  for (const line of out.toString('utf8').trim().split('\n')) {
    const { name, shape, bits } = JSON.parse(line);
    tensors[name] = { shape, data: Array.from(new Float32Array(Uint32Array.from(bits).buffer)) };
  }
  return tensors;
}
