// Trilens on a page: `mount(element, options)` resolves to the page API (trilens.d.ts). This file holds the clock: a frame is drawn
// when there is input or running work and the canvas can be seen, and else none.
import { bytes_of, json_of, samples_of, text_of } from './doors.js';
import { check_browser, load_program, load_weights } from './loader.js';
import { Input } from './input.js';
import { guard, StoppedError } from './program.js';
import { limit_pictures } from './picture.js';

export { LoadError, isolate } from './loader.js';
export { PictureError, read_picture } from './picture.js';
export { StoppedError } from './program.js';

const error_types = { ValueError: RangeError };

// The value of a {"value"} answer; throws what an {"error"} answer says.
function value_of(text) {
  const answer = JSON.parse(text);
  if (!answer.error) return answer.value;
  const { type, message } = answer.error;
  const error = new (error_types[type] ?? Error)(message);
  if (!error_types[type]) error.name = type;
  throw error;
}

export async function mount(element, options = {}) {
  check_browser();
  const { canvas, agent } = make_elements(element, options.label);
  try {
    const base = options.base ?? new URL('.', import.meta.url);
    const [{ module, build }, weights] = await Promise.all([load_program({ base, canvas, progress: options.progress }), load_weights(base)]);
    for (const { name, bytes } of weights) module.giveWeights(name, bytes);
    return new Trilens({ module, build, element, canvas, agent, options });
  } catch (error) {
    canvas.remove();
    agent.remove();
    throw error;
  }
}

function make_elements(element, label = 'Trilens') {
  const canvas = Object.assign(document.createElement('canvas'), { className: 'trilens-canvas', tabIndex: 0 });
  canvas.setAttribute('role', 'application');
  canvas.setAttribute('aria-label', label);
  const agent = Object.assign(document.createElement('textarea'), { className: 'trilens-agent', tabIndex: -1, rows: 1, spellcheck: false });
  agent.setAttribute('aria-hidden', 'true');
  for (const [name, value] of [['autocapitalize', 'off'], ['autocomplete', 'off'], ['autocorrect', 'off']]) agent.setAttribute(name, value);
  element.append(canvas, agent);
  return { canvas, agent };
}

export class Trilens {
  #module; #guard; #release; #element; #canvas; #agent; #input; #listeners = new Map(); #last_info = {};
  #timer = 0; #seen = true; #lost = false; #closed = false; #resizer; #watcher; #ends = new AbortController();

  constructor({ module, build, element, canvas, agent, options }) {
    this.#guard = guard(module, error => this.#emit('stopped', { message: error.message }));
    this.#module = this.#guard.program;
    this.#release = () => {
      module.PThread?.terminateAllThreads();
      module.JSEvents?.removeAllEventListeners();
    };
    this.#element = element;
    this.#canvas = canvas;
    this.#agent = agent;
    const isolated = globalThis.crossOriginIsolated === true && build === 'threads';
    const threads = isolated ? Math.max(1, Math.min(4, navigator.hardwareConcurrency || 1)) : 1;
    const title = document.title;
    value_of(this.#module.start(JSON.stringify({
      threads, isolated, build, software: options.software === true, embedded: options.embedded === true,
      mac: /Mac|iP(hone|ad)/.test(navigator.platform), reducedMotion: matchMedia('(prefers-reduced-motion: reduce)').matches,
    })));
    limit_pictures(this.info().most_pixels);
    document.title = title;   // SDL names the document after its window
    this.#input = new Input({ program: this.#module, canvas, agent, whole: options.whole === true, leave: options.leave,
      wake: now => this.#wake(now) });
    this.#watch();
    this.#measure();
    for (const link of [options.link].flat()) if (link) this.follow(link);
    if (options.lang) this.set_language(options.lang);
    if (options.theme) this.set_theme(options.theme);
    this.#draw(performance.now());
  }

  // --- the page API -------------------------------------------------------------------------------------------------------

  info() {
    const stopped = this.#guard.stopped();
    if (!stopped || this.#closed) this.#last_info = value_of(this.#module.info());
    return { ...this.#last_info, stopped: stopped?.message ?? null };
  }
  open(room) { this.#do('open', room); }
  fields() { return value_of(this.#module.fields()); }
  get(name) { return value_of(this.#module.get(String(name))); }
  set(name, value) { this.#do('set', text_of(name), json_of(value)); }
  state() { return value_of(this.#module.state()); }
  restore(state) { this.#do('restore', json_of(state)); }
  url() {
    const url = new URL(location.href);
    url.hash = value_of(this.#module.link());
    return url.href;
  }
  follow(link) { this.#do('follow', text_of(link)); }
  picture(image) { this.#do('picture', image.data, image.width, image.height); }
  example(label, image = null) { this.#do('example', text_of(label), image?.data ?? null, image?.width ?? 0, image?.height ?? 0); }
  signal(samples) { this.#do('signal', samples_of(samples)); }
  stroke(points) { this.#do('stroke', json_of(points)); }
  clear() { this.#do('clear'); }
  text(sentence) { this.#do('text', text_of(sentence)); }
  step(steps = 1) { this.#do('step', steps); }
  train(how = true) {
    const done = new Promise((resolve, reject) => {
      const ends = [this.on('done', metrics => end(resolve, metrics)), this.on('error', ({ message }) => end(reject, new Error(message))),
        this.on('stopped', ({ message }) => end(reject, new StoppedError(message)))];
      const end = (settle, what) => { for (const off of ends) off(); settle(what); };
    });
    done.catch(() => {});   // a caller who only starts or stops it need not listen
    this.#do('train', JSON.stringify(how));
    return done;
  }
  tensors() { return value_of(this.#module.tensors()); }
  tensor(name) {
    const { answer, data } = this.#module.tensor(String(name));
    return { ...value_of(answer), data };
  }
  explain(name, index) { return value_of(this.#module.explain(String(name), JSON.stringify(index))); }
  inspect(name, index = 0) { this.#do('inspect', String(name), JSON.stringify(index)); }
  inspected() {
    this.#draw(performance.now(), true);
    return value_of(this.#module.inspected());
  }
  async load(bytes, filename = '') { this.#do('load', bytes_of(bytes), text_of(filename)); }
  async save() {
    const { answer, data } = this.#module.save();
    value_of(answer);
    return data;
  }
  checksum() { return value_of(this.#module.checksum()); }
  signature() { return value_of(this.#module.signature()); }
  rects() {
    this.#draw(performance.now(), true);
    return value_of(this.#module.rects());
  }
  undo() { this.#do('undo'); }
  redo() { this.#do('redo'); }
  set_language(code) { this.#do('setLanguage', String(code)); }
  set_theme(name) { this.#do('setTheme', String(name)); }
  report(message) { this.#do('report', String(message)); }
  focus() { this.#canvas.focus(); }

  // Returns the function that ends it.
  on(event, listener) {
    if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
    this.#listeners.get(event).add(listener);
    return () => this.#listeners.get(event).delete(listener);
  }

  screenshot() {
    this.#module.wake();
    this.#draw(performance.now(), true);   // toBlob must follow the drawing at once: the buffer is not preserved
    return new Promise((resolve, reject) => {
      this.#canvas.toBlob(blob => blob ? resolve(blob) : reject(new Error('the picture of the screen could not be made')), 'image/png');
    });
  }

  // All of it goes: threads, context, listeners, elements, and with the last reference to the module its memory.
  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#emit('stopped', { message: this.#guard.close().message });   // who waits for the end of a training need not wait for ever
    this.#ends.abort();
    for (const timer of [this.#due, this.#blinking]) clearTimeout(timer);
    cancelAnimationFrame(this.#timer);
    this.#listeners.clear();
    this.#release();
    this.#canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext();
    this.#input.close();
    this.#resizer.disconnect();
    this.#watcher.disconnect();
    this.#canvas.remove();
    this.#agent.remove();
    this.#release = this.#input = null;
  }

  // --- the clock ----------------------------------------------------------------------------------------------------------

  // A command: what it changed is drawn in the next frame.
  #do(name, ...values) {
    value_of(this.#module[name](...values));
    this.#schedule();
  }

  #wake(now = false) {
    if (this.#guard.stopped()) return;
    this.#module.wake();
    if (now) this.#draw(performance.now());
    else this.#schedule();
  }

  #schedule() {
    if (this.#timer || this.#closed || !this.#can_draw()) return;
    this.#timer = requestAnimationFrame(now => {
      this.#timer = 0;
      this.#draw(now);
    });
  }

  #can_draw() { return this.#seen && !this.#lost && document.visibilityState === 'visible'; }

  #draw(now, even_unseen = false) {
    if (this.#closed || this.#guard.stopped() || this.#lost || !(even_unseen || this.#can_draw())) return;
    let next;
    try {
      next = this.#module.frame(now);
    } catch (error) {
      if (error instanceof StoppedError) return;   // told by its event
      throw error;
    }
    this.#input.follow(next);
    if (next.caret) this.#blink();
    this.#tell();
    clearTimeout(this.#due);
    if (next.more) this.#schedule();
    else if (Number.isFinite(next.sleep)) this.#due = setTimeout(() => this.#wake(), next.sleep);
  }

  // Something that plays in steps is due again.
  #due = 0;

  // A text field is being edited: its caret blinks twice a second.
  #blinking = 0;
  #blink() {
    clearTimeout(this.#blinking);
    this.#blinking = setTimeout(() => this.#wake(), 400);
  }

  #tell() {
    for (const { event, detail } of value_of(this.#module.takeEvents())) this.#emit(event, detail);
  }

  #emit(event, detail) {
    for (const listener of [...this.#listeners.get(event) ?? []]) {
      try { listener(detail); } catch (error) { reportError(error); }
    }
  }

  #watch() {
    const canvas = this.#canvas;
    this.#resizer = new ResizeObserver(entries => {
      const exact = entries.at(-1).devicePixelContentBoxSize?.[0];
      this.#measure(exact && [exact.inlineSize, exact.blockSize]);
      this.#draw(performance.now());
    });
    try { this.#resizer.observe(canvas, { box: 'device-pixel-content-box' }); } catch { this.#resizer.observe(canvas); }
    this.#watcher = new IntersectionObserver(entries => {
      this.#seen = entries.at(-1).isIntersecting;
      this.#schedule();
    });
    this.#watcher.observe(canvas);
    const { signal } = this.#ends;
    document.addEventListener('visibilitychange', () => this.#schedule(), { signal });
    canvas.addEventListener('webglcontextlost', event => {
      event.preventDefault();
      this.#lost = true;
    }, { signal });
    canvas.addEventListener('webglcontextrestored', () => {
      this.#lost = false;
      this.#module.renew();
      this.#draw(performance.now());
    }, { signal });
  }

  // Sets the size of the backing store: exact device pixels where the browser tells, else CSS pixels times the ratio.
  #measure(exact) {
    const { clientWidth, clientHeight } = this.#canvas;
    if (!clientWidth || !clientHeight) return;
    const rounded = [clientWidth, clientHeight].map(side => Math.round(side * devicePixelRatio));
    // Device emulation reports the exact size in CSS pixels: what is far from the ratio is not believed.
    const believed = exact?.every((side, at) => Math.abs(side - rounded[at]) <= 2);
    const [width, height] = believed ? exact : rounded;
    this.#module.resize(clientWidth, clientHeight, Math.max(1, width), Math.max(1, height));
  }
}
