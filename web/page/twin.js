// The accessible twin: every field of the room as a real control, two-way bound through the page API, with the prediction as a table
// and a rate-limited live region. What a screen reader cannot see on a canvas stands here.
import { say } from './words.js';

const make = (tag, properties = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
};

export class Twin {
  #api; #panel; #live; #controls = new Map(); #shape = ''; #said = ''; #speaking = 0; #refreshing = 0; #rows;

  constructor({ api, panel, live }) {
    this.#api = api;
    this.#panel = panel;
    this.#live = live;
    api.on('change', () => this.changed());
    this.changed();
  }

  get open() { return !this.#panel.hidden; }
  set open(open) {
    this.#panel.hidden = !open;
    if (open) this.refresh();
  }

  // After a change: the panel at once when it is open; the live region when nothing has changed for a second.
  changed() {
    if (this.open && !this.#refreshing) this.#refreshing = requestAnimationFrame(() => { this.#refreshing = 0; this.refresh(); });
    clearTimeout(this.#speaking);
    this.#speaking = setTimeout(() => this.#speak(), 1000);
  }

  refresh() {
    const fields = this.#api.fields();
    const shape = JSON.stringify([this.#api.info().lang, fields.map(({ value, ...rest }) => rest)]);
    if (shape !== this.#shape) this.#build(fields);
    this.#shape = shape;
    for (const { name, value } of fields) this.#controls.get(name)?.(value);
    this.#tabulate();
  }

  #build(fields) {
    this.#controls.clear();
    const hint = make('p', { textContent: say('controls_hint') });
    const settings = make('div', {}, ...fields.filter(field => field.shown).map(field => this.#field(field)));
    this.#rows = make('tbody');
    const table = make('table', {}, make('thead', {}, make('tr', {}, ...['class', 'probability'].map(id => make('th', { scope: 'col', textContent: say(id) })))), this.#rows);
    const actions = make('div', { className: 'buttons' }, ...[['undo', () => this.#api.undo()], ['redo', () => this.#api.redo()],
      ['clear', () => this.#api.clear()], ['to_canvas', () => this.#api.focus()]].map(([id, press]) => {
      const button = make('button', { type: 'button', textContent: say(id) });
      button.addEventListener('click', press);
      return button;
    }));
    this.#panel.replaceChildren(make('h2', { textContent: say('controls') }), hint, make('h3', { textContent: say('actions') }), actions,
      make('h3', { textContent: say('result') }), table, make('h3', { textContent: say('settings') }), settings);
    this.#panel.setAttribute('aria-label', say('controls'));
  }

  #field(field) {
    const id = `field-${field.name}`;
    const output = make('output', { htmlFor: id });
    const control = this.#control(field, id, output);
    const label = make('label', { htmlFor: id, textContent: field.label });
    const help = field.help ? [make('small', { id: `${id}-help`, textContent: field.help })] : [];
    if (help.length) control.setAttribute('aria-describedby', `${id}-help`);
    const ranged = control.type === 'range';
    return make('div', { className: 'field' }, label, ...(ranged ? [output, control] : [control]), ...help);
  }

  #control(field, id, output) {
    const set = value => {
      try { this.#api.set(field.name, value); } catch (error) { this.#api.report(error.message); this.refresh(); }
    };
    let control, show;
    if (field.type === 'bool') {
      control = make('input', { type: 'checkbox', id });
      control.addEventListener('change', () => set(control.checked));
      show = value => { control.checked = value; };
    } else if (field.choices) {
      control = make('select', { id }, ...field.choices.map((name, at) => make('option', { value: name, textContent: field.choice_labels?.[at] ?? name })));
      control.addEventListener('change', () => set(control.value));
      show = value => { control.value = value; };
    } else if (field.type === 'int' || field.type === 'real') {
      // A logarithmic slider moves in decades; its spoken value is the number itself.
      const [to, from] = field.logarithmic ? [Math.log10, at => Math.min(field.max, Math.max(field.min, 10 ** at))] : [Number, Number];
      const step = field.logarithmic ? 0.01 : field.step || (field.type === 'int' ? 1 : 'any');
      control = make('input', { type: 'range', id, min: to(field.min), max: to(field.max), step });
      control.addEventListener('input', () => set(field.type === 'int' ? Math.round(from(Number(control.value))) : from(Number(control.value))));
      show = value => {
        if (document.activeElement !== control || Number(control.value) !== to(value)) control.value = to(value);
        output.value = Number(value.toPrecision(4));
        control.setAttribute('aria-valuetext', output.value);
      };
    } else {
      control = make('input', { type: 'text', id });
      control.addEventListener('change', () => set(control.value));
      show = value => { if (document.activeElement !== control) control.value = value; };
    }
    this.#controls.set(field.name, show);
    return control;
  }

  // The classes of the room by falling probability; null where the room has none.
  #classes() {
    const name = `${this.#api.info().room}.probabilities`;
    if (!this.#api.tensors().some(tensor => tensor.name === name)) return null;
    const { shape, data } = this.#api.tensor(name);
    const count = shape.at(-1);
    return Array.from(data.slice(data.length - count), (value, index) => ({ index, value })).sort((a, b) => b.value - a.value);
  }

  #name(index) { return this.#api.info().classes[index] ?? index; }

  #tabulate() {
    const percent = new Intl.NumberFormat(document.documentElement.lang, { style: 'percent', maximumFractionDigits: 1 });
    this.#rows.replaceChildren(...(this.#classes() ?? []).slice(0, 5).map(({ index, value }) =>
      make('tr', {}, make('td', { textContent: this.#name(index) }), make('td', { textContent: percent.format(value) }))));
  }

  #speak() {
    const best = this.#classes()?.[0];
    const sentence = best ? say('says', this.#name(best.index), (100 * best.value).toFixed(0)) : '';
    if (sentence === this.#said) return;
    this.#said = sentence;
    this.#live.textContent = sentence;
  }
}
