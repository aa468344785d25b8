/**
 * The photo's own lightness and a small ab map, joined on the CPU.
 *
 * The fallback where there is no WebGL2, the reference of the shader (same cubic, same CIELAB), and
 * the way to read one pixel's colour without asking the graphics card.
 */
import type { ChromaMap } from "./chroma.ts";
import { GAMUT_SLACK, type Lab, toLinear, WEAKENINGS, weakened } from "./color.ts";
import type { View } from "./geometry.ts";

/** L * 2.55 of every pixel, row by row. */
export interface Lightness {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** What is done to a chroma map's ab before they are shown: `gain * ab + (a, b)`. */
export interface Tone {
  readonly gain: number;
  readonly a: number;
  readonly b: number;
}

export const AS_IT_IS: Tone = { gain: 1, a: 0, b: 0 };
export const GREY: Tone = { gain: 0, a: 0, b: 0 };

/** What draws the photo: WebGL2 or this module, behind one face. */
export interface Compositor {
  readonly kind: "webgl2" | "2d";
  /** null shows the photo grey. */
  setChroma(map: ChromaMap | null): void;
  /**
   * @param view in device pixels a photo pixel.
   * @param split left of this device pixel the photo is grey.
   */
  draw(view: View, width: number, height: number, tone: Tone, split: number): void;
  dispose(): void;
}

interface Taps {
  /** Four source indices an output pixel. */
  readonly index: Int32Array;
  readonly weight: Float32Array;
}

/** Keys' cubic convolution with a = -0.5, which Pillow's and the shader's bicubic are too. */
export function cubicWeights(t: number): [number, number, number, number] {
  const t2 = t * t;
  const t3 = t2 * t;
  return [
    -0.5 * t3 + t2 - 0.5 * t,
    1.5 * t3 - 2.5 * t2 + 1,
    -1.5 * t3 + 2 * t2 + 0.5 * t,
    0.5 * t3 - 0.5 * t2,
  ];
}

/** ab at a place of the photo (relative, [0, 1]), enlarged as the whole photo is. */
export function sampleChroma(map: ChromaMap, x: number, y: number): [number, number] {
  const columns = taps([x * map.width - 0.5], map.width);
  const rows = taps([y * map.height - 0.5], map.height);
  let [a, b] = [0, 0];
  for (let j = 0; j < 4; j++) {
    for (let i = 0; i < 4; i++) {
      const at = (rows.index[j] as number) * map.width + (columns.index[i] as number);
      const weight = (rows.weight[j] as number) * (columns.weight[i] as number);
      a += (map.a[at] as number) * weight;
      b += (map.b[at] as number) * weight;
    }
  }
  return [a, b];
}

/** L (0 to 100) at a place of the photo (relative). */
export function sampleLightness(plane: Lightness, x: number, y: number): number {
  const column = Math.min(plane.width - 1, Math.max(0, Math.floor(x * plane.width)));
  const row = Math.min(plane.height - 1, Math.max(0, Math.floor(y * plane.height)));
  return (plane.data[row * plane.width + column] as number) / 2.55;
}

/**
 * Draw the part of the photo that a view shows.
 *
 * @param view screen pixels a *lightness* pixel, and the offset of its top left corner.
 * @returns width * height * 4 bytes, RGBA; see-through outside the photo.
 */
export function compose(
  plane: Lightness,
  map: ChromaMap | null,
  view: View,
  width: number,
  height: number,
  tone: Tone = AS_IT_IS,
  split = 0,
): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(width * height * 4);
  const left = Math.max(0, Math.ceil(view.x - 0.5));
  const right = Math.min(width, Math.floor(view.x + plane.width * view.scale + 0.5));
  const top = Math.max(0, Math.ceil(view.y - 0.5));
  const bottom = Math.min(height, Math.floor(view.y + plane.height * view.scale + 0.5));
  if (right <= left || bottom <= top) return out;
  const across = positions(left, right, view.x, view.scale);
  const grey = new GreyRow(plane, across);
  const colors = map ? new ColorRow(map, across, plane.width) : null;
  for (let y = top; y < bottom; y++) {
    const row = (y + 0.5 - view.y) / view.scale;
    grey.enter(row);
    colors?.enter((row / plane.height) * (map?.height ?? 0) - 0.5);
    paintRow(grey, colors, tone, split - left, out, (y * width + left) * 4);
  }
  return out;
}

/** Enlarges lightness along one row at a time: two rows are mixed once, then two columns a pixel. */
class GreyRow {
  readonly length: number;
  readonly #mixed: Float64Array;
  readonly #left: Int32Array;
  readonly #share: Float64Array;

  constructor(
    readonly plane: Lightness,
    across: Float64Array,
  ) {
    this.length = across.length;
    this.#mixed = new Float64Array(plane.width + 1);
    this.#left = Int32Array.from(across, (x) => clamp(Math.floor(x - 0.5), plane.width - 1));
    this.#share = across.map((x, at) => clamp(x - 0.5 - (this.#left[at] as number), 1));
  }

  enter(row: number): void {
    const { width, height, data } = this.plane;
    const top = clamp(Math.floor(row - 0.5), height - 1);
    const below = Math.min(height - 1, top + 1) * width;
    const share = clamp(row - 0.5 - top, 1);
    const mixed = this.#mixed;
    const upper = top * width;
    const first = this.#left[0] as number;
    const last = Math.min(width - 1, (this.#left[this.length - 1] as number) + 1);
    for (let x = first; x <= last; x++) {
      mixed[x] = (data[upper + x] as number) * (1 - share) + (data[below + x] as number) * share;
    }
    mixed[width] = mixed[width - 1] as number;
  }

  /** L * 2.55 there. */
  at(at: number): number {
    const left = this.#left[at] as number;
    const share = this.#share[at] as number;
    return (this.#mixed[left] as number) * (1 - share) + (this.#mixed[left + 1] as number) * share;
  }
}

/** Enlarges ab along one row at a time: four rows are mixed once, then four columns a pixel. */
class ColorRow {
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly index: Int32Array;
  readonly weight: Float32Array;

  constructor(
    readonly map: ChromaMap,
    across: Float64Array,
    photoWidth: number,
  ) {
    this.a = new Float32Array(map.width);
    this.b = new Float32Array(map.width);
    const places = Array.from(across, (x) => (x / photoWidth) * map.width - 0.5);
    ({ index: this.index, weight: this.weight } = taps(places, map.width));
  }

  enter(row: number): void {
    const { index, weight } = taps([row], this.map.height);
    this.a.fill(0);
    this.b.fill(0);
    for (let tap = 0; tap < 4; tap++) {
      const start = (index[tap] as number) * this.map.width;
      const share = weight[tap] as number;
      for (let x = 0; x < this.map.width; x++) {
        this.a[x] = (this.a[x] as number) + share * (this.map.a[start + x] as number);
        this.b[x] = (this.b[x] as number) + share * (this.map.b[start + x] as number);
      }
    }
  }
}

function paintRow(
  grey: GreyRow,
  colors: ColorRow | null,
  { gain, a: moreA, b: moreB }: Tone,
  split: number,
  out: Uint8ClampedArray,
  start: number,
): void {
  const first = colors ? Math.min(grey.length, Math.max(0, Math.ceil(split))) : grey.length;
  for (let at = 0; at < first; at++) writeRgb(grey.at(at) / 2.55, 0, 0, out, start + at * 4);
  if (!colors) return;
  const { index, weight, a: rowA, b: rowB } = colors;
  for (let at = first; at < grey.length; at++) {
    // Written out, as in writeRgb: loops and arrays make a picture a quarter slower.
    const tap = at * 4;
    const c0 = index[tap] as number;
    const c1 = index[tap + 1] as number;
    const c2 = index[tap + 2] as number;
    const c3 = index[tap + 3] as number;
    const w0 = weight[tap] as number;
    const w1 = weight[tap + 1] as number;
    const w2 = weight[tap + 2] as number;
    const w3 = weight[tap + 3] as number;
    const a =
      (rowA[c0] as number) * w0 +
      (rowA[c1] as number) * w1 +
      (rowA[c2] as number) * w2 +
      (rowA[c3] as number) * w3;
    const b =
      (rowB[c0] as number) * w0 +
      (rowB[c1] as number) * w1 +
      (rowB[c2] as number) * w2 +
      (rowB[c3] as number) * w3;
    writeRgb(grey.at(at) / 2.55, gain * a + moreA, gain * b + moreB, out, start + at * 4);
  }
}

/**
 * Lab to sRGB bytes, weakened into the gamut, with a table for the transfer curve.
 *
 * Most colours need no weakening: what linearRgb does stands here once more, without its array.
 */
function writeRgb(l: number, a: number, b: number, out: Uint8ClampedArray, at: number): void {
  const fy = (l + 16) / 116;
  const x = cube(fy + a / 500) * 0.95047;
  const y = cube(fy);
  const z = cube(Math.max(0, fy - b / 200)) * 1.08883;
  let red = 3.24048134 * x - 1.53715152 * y - 0.49853633 * z;
  let green = -0.96925495 * x + 1.87599 * y + 0.04155593 * z;
  let blue = 0.05564664 * x - 0.20404134 * y + 1.05731107 * z;
  if (!(within(red) && within(green) && within(blue))) {
    weakenedRgb(fy, a, b);
    red = linear[0] as number;
    green = linear[1] as number;
    blue = linear[2] as number;
  }
  out[at] = encoded(red);
  out[at + 1] = encoded(green);
  out[at + 2] = encoded(blue);
  out[at + 3] = 255;
}

/** Written by linearRgb: no object is made for a pixel. */
const linear = new Float64Array(3);

/** @returns whether sRGB can show the colour. */
function linearRgb(fy: number, a: number, b: number): boolean {
  const x = cube(fy + a / 500) * 0.95047;
  const y = cube(fy);
  const z = cube(Math.max(0, fy - b / 200)) * 1.08883;
  const red = 3.24048134 * x - 1.53715152 * y - 0.49853633 * z;
  const green = -0.96925495 * x + 1.87599 * y + 0.04155593 * z;
  const blue = 0.05564664 * x - 0.20404134 * y + 1.05731107 * z;
  linear[0] = red;
  linear[1] = green;
  linear[2] = blue;
  return within(red) && within(green) && within(blue);
}

/** As `weakened` of color.ts, for the colour that linearRgb could not show. */
function weakenedRgb(fy: number, a: number, b: number): void {
  let [low, high] = [0, 1];
  for (let step = 0; step < WEAKENINGS; step++) {
    const middle = (low + high) / 2;
    if (linearRgb(fy, a * middle, b * middle)) low = middle;
    else high = middle;
  }
  linearRgb(fy, a * low, b * low);
}

function within(value: number): boolean {
  return value >= -GAMUT_SLACK && value <= 1 + GAMUT_SLACK;
}

function cube(t: number): number {
  return t > 0.2068966 ? t * t * t : (t - 16 / 116) / 7.787;
}

/** Where the rounded byte steps up: entry n is the linear light from which byte n is right. */
const STEPS = Float64Array.from({ length: 256 }, (_, byte) => toLinear((byte - 0.5) / 255));
const COARSE = 4096;
const GUESS = Uint8Array.from({ length: COARSE + 1 }, (_, at) => {
  let byte = 0;
  while (byte < 255 && (STEPS[byte + 1] as number) <= at / COARSE) byte++;
  return byte;
});

function encoded(linear: number): number {
  if (linear <= 0) return 0;
  if (linear >= 1) return 255;
  let byte = GUESS[(linear * COARSE) | 0] as number;
  while (byte < 255 && (STEPS[byte + 1] as number) <= linear) byte++;
  return byte;
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}

function positions(from: number, to: number, offset: number, scale: number): Float64Array {
  return Float64Array.from({ length: to - from }, (_, at) => (from + at + 0.5 - offset) / scale);
}

function taps(places: readonly number[], length: number): Taps {
  const index = new Int32Array(places.length * 4);
  const weight = new Float32Array(places.length * 4);
  places.forEach((place, at) => {
    const first = Math.floor(place);
    const weights = cubicWeights(place - first);
    for (let tap = 0; tap < 4; tap++) {
      index[at * 4 + tap] = Math.min(length - 1, Math.max(0, first - 1 + tap));
      weight[at * 4 + tap] = weights[tap] as number;
    }
  });
  return { index, weight };
}

/** The colour on screen at a place of the photo, for the eyedropper. */
export function colorAt(
  plane: Lightness,
  map: ChromaMap | null,
  x: number,
  y: number,
  tone: Tone = AS_IT_IS,
): Lab {
  const [a, b] = map ? sampleChroma(map, x, y) : [0, 0];
  const lightness = sampleLightness(plane, x, y);
  return weakened([lightness, tone.gain * a + tone.a, tone.gain * b + tone.b]);
}
