// The shipped page: starts Trilens with a progress bar, says in sentences what cannot work, keeps the link in the address, takes
// pictures from button, drop and paste, and answers the page that embeds it.
import { isolate, mount, PictureError } from './trilens.js';
import { chosen_files, download, dropped_files, take_files, weight_endings } from './files.js';
import { choose, say, speak } from './words.js';
import { record_sound } from './microphone.js';
import { Twin } from './twin.js';
import { answer_parent } from './parent.js';

const by_id = id => document.getElementById(id);
const asked = new URLSearchParams(location.search);
const embedded = window.parent !== window;

const link_language = new URLSearchParams(location.hash.slice(1)).get('lang');
let language = choose([asked.get('lang') ?? link_language ?? [], navigator.languages].flat());

function dress() {
  speak(language);
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  document.querySelector('meta[name=description]').content = say('description');
  by_id('picture-button').textContent = say('open_picture');
  by_id('link-button').textContent = say('copy_link');
  by_id('twin-button').textContent = say('controls');
  by_id('drop').textContent = say('drop');
  document.querySelector('.trilens-canvas')?.setAttribute('aria-label', say('canvas'));
}

const dark_preferred = matchMedia('(prefers-color-scheme: dark)');
const theme_asked = ['light', 'dark'].includes(asked.get('theme')) ? asked.get('theme') : null;
if (theme_asked) document.documentElement.dataset.theme = theme_asked;
const theme = () => theme_asked ?? (dark_preferred.matches ? 'dark' : 'light');

const megabytes = bytes => (bytes / 1e6).toFixed(1);
function show_progress({ loaded, total }) {
  const bar = by_id('progress');
  if (total) bar.value = Math.min(1, loaded / total);
  else bar.removeAttribute('value');
  by_id('message').textContent = total && loaded >= total ? say('starting')
    : total ? say('bytes', megabytes(loaded), megabytes(total)) : say('bytes_only', megabytes(loaded));
}

// Instead of a blank box, or of a picture on which nothing works: what is wrong, what to do. `restart`: what the button says that loads the
// page again; the address holds the learner's work.
const curtain = by_id('curtain');
function show_failure(error, restart = 'again') {
  const code = error.code ?? 'no-start';
  if (!curtain.isConnected) by_id('stage').append(curtain);
  by_id('progress').hidden = by_id('bar').hidden = true;   // of the bar nothing would work either
  by_id('message').textContent = say(code);
  const again = Object.assign(document.createElement('button'), { type: 'button', className: 'main', textContent: say(restart) });
  again.addEventListener('click', () => location.reload());
  const remedies = [again];
  if (embedded) {
    const elsewhere = Object.assign(document.createElement('button'), { type: 'button', textContent: say('elsewhere') });
    elsewhere.addEventListener('click', () => window.open(location.href, '_blank', 'noopener'));
    remedies.push(elsewhere);
  }
  by_id('remedies').replaceChildren(...remedies);
  by_id('remedies').hidden = false;
  const details = document.createElement('details');
  details.append(Object.assign(document.createElement('summary'), { textContent: say('details') }), error.message);
  curtain.append(details);
}

let toast_timer = 0;
function toast(sentence) {
  const node = by_id('toast');
  node.textContent = sentence;
  node.hidden = false;
  clearTimeout(toast_timer);
  toast_timer = setTimeout(() => { node.hidden = true; }, 7000);
}

async function take(api, files) {
  try {
    await take_files(api, await files);
  } catch (error) {
    toast(error instanceof PictureError ? say(error.code, ...error.parts) : error.message);
  }
}

function connect_files(api) {
  const input = by_id('file'), folder = by_id('folder');
  input.accept = [input.accept, ...weight_endings(api)].join(',');
  by_id('picture-button').addEventListener('click', () => input.click());
  for (const field of [input, folder]) {
    field.addEventListener('change', () => {
      if (field.files.length) take(api, chosen_files(field));
      field.value = '';
    });
  }
  // Buttons on the canvas ask for files by events: only the page can open or save one.
  api.on('load', detail => (detail?.folder ? folder : input).click());
  api.on('save', async () => download(await api.save(), `trilens-${api.info().room}.safetensors`));
  api.on('record', async () => {
    try { api.signal(await record_sound()); } catch (error) { toast(error.message === 'no-microphone' ? say('no-microphone') : error.message); }
  });
  const has_file = event => [...event.dataTransfer?.items ?? []].some(item => item.kind === 'file');
  addEventListener('dragover', event => { if (has_file(event)) { event.preventDefault(); by_id('drop').hidden = false; } });
  addEventListener('dragleave', event => { if (!event.relatedTarget) by_id('drop').hidden = true; });
  addEventListener('drop', event => {
    event.preventDefault();
    by_id('drop').hidden = true;
    take(api, dropped_files(event.dataTransfer));
  });
  addEventListener('paste', event => {
    if (!event.clipboardData?.files.length) return;
    event.preventDefault();
    take(api, [{ file: event.clipboardData.files[0], folder: '' }]);
  });
}

// The address always holds what is on screen: a reload, a bookmark or going back restores it.
function connect_address(api) {
  let own = location.hash, timer = 0;
  const write = () => {
    if (api.info().stopped) return;
    own = new URL(api.url()).hash;
    try { history.replaceState(null, '', own); } catch { /* too often: the next change writes it */ }
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(write, 400); };
  api.on('change', soon);
  addEventListener('pagehide', () => { if (timer) write(); });
  addEventListener('hashchange', () => {
    if (location.hash === own) return;
    try { api.follow(location.hash); } catch (error) { toast(error.message); }
  });
  by_id('link-button').addEventListener('click', async () => {
    write();
    try {
      await navigator.clipboard.writeText(location.href);
      toast(say('copied'));
    } catch {
      toast(say('not_copied'));
    }
  });
}

function connect_panel(api) {
  const twin = new Twin({ api, panel: by_id('twin'), live: by_id('live') });
  const button = by_id('twin-button');
  const toggle = open => {
    twin.open = open;
    button.setAttribute('aria-expanded', String(open));
  };
  button.addEventListener('click', () => toggle(!twin.open));
  by_id('twin').addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    toggle(false);
    button.focus();
  });
  return twin;
}

function follow_language(api, twin) {
  api.on('change', () => {
    const now = api.info().lang;
    if (now === language) return;
    language = now;
    dress();
    if (twin.open) twin.refresh();
  });
}

// What the address asks for. A fragment that names a room is all of a state (api.url()): what the query says of the room was only its beginning.
function links() {
  if (!new URLSearchParams(location.hash.slice(1)).has('room')) return [location.search, location.hash];
  const of_the_page = [...asked].filter(([name]) => ['lang', 'theme', 'controls'].includes(name));
  return [new URLSearchParams(of_the_page).toString(), location.hash];
}

async function start() {
  dress();
  if (asked.get('isolate') !== 'no' && !await isolate(new URL('isolation.js', import.meta.url))) return;
  const parent = embedded ? answer_parent() : null;
  const api = await mount(by_id('stage'), {
    progress: show_progress, embedded, whole: !embedded, lang: language, theme: theme(), label: say('canvas'),
    software: asked.get('renderer') === 'software', leave: () => parent?.leave(),
  });
  // What makes no sense in a link is said and left alone: the demo starts as it would without.
  for (const link of links()) {
    try { if (link) api.follow(link); } catch (error) { api.report(error.message); }
  }
  dark_preferred.addEventListener('change', () => { if (!theme_asked) api.set_theme(theme()); });
  connect_files(api);
  connect_address(api);
  follow_language(api, connect_panel(api));
  api.on('error', ({ message }) => { by_id('live').textContent = message; });
  api.on('stopped', ({ message }) => show_failure({ code: 'halted', message }, 'restart'));
  // Esc leaves from wherever the learner is in the frame; on the canvas input.js has asked first whether it means something there.
  if (parent) addEventListener('keydown', event => { if (event.key === 'Escape' && !event.defaultPrevented) parent.leave(); });
  by_id('bar').hidden = false;
  curtain.remove();
  window.trilens = api;
  parent?.ready(api);
}

start().catch(error => {
  console.error(error);
  show_failure(error);
});
