// The page API of Trilens. On the shipped page the object is `window.trilens`; elsewhere:
//     import { mount } from './trilens.js';
//     const trilens = await mount(document.querySelector('#place'), { whole: true });
// Functions throw RangeError for a name, value or index that is not allowed (the message names it and what is allowed), and Error,
// with `name` saying which (FormatError, ShapeError, ...), for the rest.

export interface Info {
  version: string;
  threads: number;
  isolated: boolean;
  simd: boolean;
  renderer: 'WebGL2' | 'software';
  build: 'threads' | 'single';
  lang: 'en' | 'zh';
  theme: 'light' | 'dark';
  room: string;
  rooms: string[];
  /** Frames drawn since the start: the same five seconds apart when nothing happens. */
  frames: number;
  frame_ms: number;
  engine_ms: number;
  can_undo: boolean;
  can_redo: boolean;
  /** What the elements of '<room>.probabilities' stand for. */
  classes: string[];
  /** Of a picture: larger ones are refused. */
  most_pixels: number;
  /** Why nothing can be computed any more, a sentence; null while all is well. */
  stopped: string | null;
  /** Endings of the files that load() reads as weights: 'safetensors'. */
  weight_files: string[];
}

export type FieldValue = boolean | number | string;

export interface Field {
  /** Such as 'cnn.colormap'. */
  name: string;
  type: 'bool' | 'int' | 'real' | 'choice' | 'text';
  value: FieldValue;
  initial: FieldValue;
  /** False while the view that it belongs to is not on screen. */
  shown: boolean;
  min?: number;
  max?: number;
  step?: number;
  logarithmic?: boolean;
  /** What set() takes; `choice_labels` says them in the language of the page. */
  choices?: string[];
  choice_labels?: string[];
  longest?: number;
  label: string;
  help: string;
}

export interface TensorInfo { name: string; shape: number[] }
/** The very numbers on screen, a copy. */
export interface TensorData extends TensorInfo { data: Float32Array }

export interface Term {
  name: string;
  index: number[];
  value: number;
  factor: number;
  factor_name?: string;
  factor_index?: number[];
}

/** One element and what it was made of: kind 'sum' adds value * factor of the terms in their order, each rounded to a float. */
export interface Explanation {
  name: string;
  index: number[];
  value: number;
  kind: 'sum' | 'maximum' | 'function';
  formula: string;
  terms: Term[];
}

export interface NamedRect { name: string; x: number; y: number; width: number; height: number }

/** Versioned JSON: keep it as it is. */
export type State = { trilens: number; room: string } & Record<string, unknown>;

// 'stopped' {message}: nothing can be computed any more, every call throws a StoppedError with this sentence; info() still answers.
export type EventName = 'ready' | 'change' | 'step' | 'epoch' | 'done' | 'error' | 'stopped'
  | 'save' | 'load' | 'record';   // a button on the canvas asks the page: to keep the weights, to bring a file ({folder: true}: a folder), to record

export interface Trilens {
  info(): Info;
  open(room: string): void;
  fields(): Field[];
  get(name: string): FieldValue;
  set(name: string, value: FieldValue): void;
  state(): State;
  restore(state: State): void;
  /** The link that restores what is on screen. */
  url(): string;
  /** Takes what stands behind the '?' or '#' of such a link. */
  follow(link: string): void;

  /** A photo or drawing for the room. */
  picture(image: ImageData | { data: Uint8ClampedArray; width: number; height: number }): void;
  /** An example of the learner's own class `label`: the drawing on the pad, or a picture. A name not seen yet makes a new class, up to 10. */
  example(label: string, image?: ImageData | { data: Uint8ClampedArray; width: number; height: number }): void;
  /** A recording: sound, a sensor; at most ten million samples. */
  signal(samples: ArrayLike<number>): void;
  /** One stroke of points in [0, 1] x [0, 1], y down; at most 10,000. More than a drawing needs are simplified. */
  stroke(points: [number, number][]): void;
  clear(): void;
  text(sentence: string): void;
  step(steps?: number): void;
  /** Resolves to the metrics when the training stops; to {} where train(false) finds none that runs. An accuracy is null where nothing is judged. */
  train(how?: boolean | { epochs?: number; steps?: number }): Promise<Record<string, unknown>>;

  tensors(): TensorInfo[];
  /** Also 'grad:NAME'. */
  tensor(name: string): TensorData;
  explain(name: string, index: number | number[]): Explanation;

  /** Pins an element in the inspector on screen; '' lets go. */
  inspect(name: string, index?: number | number[]): void;
  /** What the inspector shows. */
  inspected(): Explanation | null;

  load(bytes: ArrayBuffer | Uint8Array, filename?: string): Promise<void>;
  /** The weights as safetensors. */
  save(): Promise<Uint8Array>;
  /** Of all weights, 16 hex digits. */
  checksum(): string;

  /** Of a fixed short training: the same 16 hex digits in every browser and natively, with any number of threads. */
  signature(): string;

  /** Returns the function that ends it. */
  on(event: EventName, listener: (detail: any) => void): () => void;
  /** A PNG of the canvas. */
  screenshot(): Promise<Blob>;
  /** Where named things are drawn, in CSS pixels within the canvas: 'cnn.pad', 'cnn.relu1', 'field:cnn.colormap'. */
  rects(): NamedRect[];

  undo(): void;
  redo(): void;
  set_language(code: string): void;
  set_theme(name: 'light' | 'dark'): void;
  /** Shows a sentence to the learner. */
  report(message: string): void;
  focus(): void;
  /** Takes the canvas off the page and ends all work: threads, context and listeners go, and every call afterwards throws a StoppedError. */
  close(): void;
}

export interface MountOptions {
  /** Where threads/ and single/ stand; beside trilens.js unless said. */
  base?: URL | string;
  lang?: string;
  theme?: 'light' | 'dark';
  /** Links to follow at the start, as url() gives them. */
  link?: string | string[];
  /** What a screen reader says of the canvas. */
  label?: string;
  /** The canvas is the page: wheel and touch are always its own. */
  whole?: boolean;
  /** Inside another page: no title. */
  embedded?: boolean;
  /** Draw without the GPU. */
  software?: boolean;
  progress?(state: { loaded: number; total?: number }): void;
  /** Esc was pressed: the learner leaves the canvas. */
  leave?(): void;
}

/** Why Trilens cannot start; `code` is one of these. */
export class LoadError extends Error {
  code: 'no-wasm' | 'no-simd' | 'no-exceptions' | 'download' | 'no-start';
}

export class PictureError extends Error {
  code: 'too-large' | 'broken' | 'not-a-picture' | 'too-many';
  /** What the sentence about it names: megapixels, endings of names. */
  parts: (number | string)[];
}

export function mount(element: HTMLElement, options?: MountOptions): Promise<Trilens>;

/** Gives a page the isolation headers by a service worker where its host does not; false: the page is about to be reloaded. */
export function isolate(script: URL | string): Promise<boolean>;

/** A picture file as pixels: decoded by the browser, turned as EXIF says, over white, up to `Info.most_pixels`. */
export function read_picture(file: Blob): Promise<ImageData>;

declare global {
  interface Window { trilens?: Trilens }
}
