// Files that the learner hands over, by button, drop or paste: a picture for the room, weights, idx data (gzipped or not), or folders of
// pictures, one folder a class. What cannot be used throws a PictureError or the engine's own error; the rest is taken all the same.
import { PictureError, read_picture } from './picture.js';

const most_examples = 400;

// [{file, folder}] of a drop: folders are walked, `folder` is the name of the one that holds the file ('' at the top).
export async function dropped_files(transfer) {
  const entries = [...transfer.items].map(item => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some(entry => entry.isDirectory)) return [...transfer.files].map(file => ({ file, folder: '' }));
  const found = [];
  for (const entry of entries) await walk(entry, '', found);
  return found;
}

async function walk(entry, folder, found) {
  if (entry.isFile) {
    found.push({ file: await new Promise((resolve, reject) => entry.file(resolve, reject)), folder });
    return;
  }
  const reader = entry.createReader();
  for (;;) {   // a reader hands out a hundred at a time
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return;
    for (const each of some) await walk(each, entry.name, found);
  }
}

// The same of a file input; with `webkitdirectory` the paths say the folders.
export function chosen_files(input) {
  return [...input.files].map(file => ({ file, folder: file.webkitRelativePath?.split('/').at(-2) ?? '' }));
}

// Of the names of files of weights, as the program knows them: '.safetensors'.
export const weight_endings = api => api.info().weight_files.map(ending => `.${ending}`);

const is_picture = file => file.type.startsWith('image/');

async function bytes_of(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// One file alone is for the room; pictures in folders are examples of the class that the folder is called after.
export async function take_files(api, files) {
  const pictures = files.filter(({ file }) => is_picture(file)), others = files.filter(({ file }) => !is_picture(file) && !file.name.startsWith('.'));
  for (const { file } of others) {
    const bytes = await bytes_of(file);
    const endings = weight_endings(api);
    const known = endings.some(ending => file.name.toLowerCase().endsWith(ending)) || (bytes.length > 4 && bytes[0] === 0 && bytes[1] === 0);
    if (!known) throw new PictureError('not-a-picture', endings.join(', '));
    await api.load(bytes, file.name);
  }
  const examples = pictures.filter(({ folder }) => folder);
  if (examples.length > most_examples) throw new PictureError('too-many');
  for (const { file, folder } of examples) api.example(folder, await read_picture(file));
  const alone = pictures.filter(({ folder }) => !folder);
  if (alone.length) api.picture(await read_picture(alone[0].file));
}

// Hands bytes to the learner as a file.
export function download(bytes, name) {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
