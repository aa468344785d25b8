/** The map of uncertainty: how it is painted over the photo, and where a hint would help max. */
import type { Place, Size } from "./geometry.ts";
import { type HintSet, pathOf } from "./hints.ts";

export interface UncertaintyMap {
  readonly width: number;
  readonly height: number;
  /** Grey values, row by row; times `unit` they are the error to expect, in units of ab. */
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly unit: number;
}

/** Errors that the ramp begins with and, at least, ends with: below the first nobody sees one. */
const SURE = 4;
const UNSURE = 16;
/** What counts as the largest error of a map: a few pixels more do not pale the rest. */
const MOST = 0.98;
/** A place is judged by the mean of a square around it, this share of the longer side. */
const AROUND = 0.06;
/** ScrollMemory are this far from each other and from every hint's edge, relative to the longer side. */
const APART = 0.08;
/** How many places are offered, and how large their uncertainty is at least, beside the first one's. */
const MAX_PLACES = 12;
const WORTH = 0.35;

type Rgba = readonly [r: number, g: number, b: number, a: number];

/** Brighter and denser with uncertainty, so that it reads without colour vision and on any photo. */
const RAMP: readonly Rgba[] = [
  [10, 8, 30, 0.22],
  [72, 16, 110, 0.46],
  [186, 44, 106, 0.6],
  [244, 120, 54, 0.7],
  [254, 226, 120, 0.82],
];

/** The error at which the ramp ends. */
export function largestUncertainty(map: UncertaintyMap): number {
  const sorted = Uint8Array.from(map.data).sort();
  const at = Math.min(sorted.length - 1, Math.floor(sorted.length * MOST));
  return Math.max(UNSURE, (sorted[at] ?? 0) * map.unit);
}

/** The colour of an error; straight alpha in [0, 1]. */
export function uncertaintyColor(error: number, largest: number): Rgba {
  const share = Math.min(1, Math.max(0, (error - SURE) / (largest - SURE)));
  const place = share * (RAMP.length - 1);
  const low = Math.min(RAMP.length - 2, Math.floor(place));
  const [from, to] = [RAMP[low] as Rgba, RAMP[low + 1] as Rgba];
  const mixed = from.map((value, at) => value + ((to[at] as number) - value) * (place - low));
  return [mixed[0], mixed[1], mixed[2], mixed[3]] as unknown as Rgba;
}

/** @returns RGBA, four bytes a pixel of the map. */
export function paintUncertainty(
  map: UncertaintyMap,
  largest: number,
): Uint8ClampedArray<ArrayBuffer> {
  const palette = Array.from({ length: 256 }, (_, grey) =>
    uncertaintyColor(grey * map.unit, largest),
  );
  const out = new Uint8ClampedArray(4 * map.data.length);
  for (let at = 0; at < map.data.length; at++) {
    const [r, g, b, a] = palette[map.data[at] as number] as Rgba;
    out.set([r, g, b, a * 255], 4 * at);
  }
  return out;
}

/**
 * Where a hint would help max, the best first: uncertain, away from all hints and from each other.
 *
 * @returns places relative to the photo; none where the network is sure enough.
 */
export function uncertainPlaces(map: UncertaintyMap, hints: HintSet): Place[] {
  const longer = Math.max(map.width, map.height);
  const means = blurred(map, Math.max(1, Math.round((AROUND * longer) / 2)));
  const apart = APART * longer;
  const size = { width: map.width, height: map.height };
  taken(means, hints, size, apart);
  const found: Place[] = [];
  let worth = SURE / map.unit;
  while (found.length < MAX_PLACES) {
    const best = largest(means);
    const uncertainty = means[best] as number;
    if (!(uncertainty > worth)) break;
    const spot = { x: (best % map.width) + 0.5, y: Math.floor(best / map.width) + 0.5 };
    if (found.length === 0) worth = Math.max(worth, uncertainty * WORTH);
    clear(means, size, spot, apart);
    found.push({ x: spot.x / map.width, y: spot.y / map.height });
  }
  return found;
}

function largest(values: Float32Array): number {
  let best = 0;
  for (let at = 1; at < values.length; at++) {
    if ((values[at] as number) > (values[best] as number)) best = at;
  }
  return best;
}

/** Nothing is wanted where hints are already. */
function taken(means: Float32Array, hints: HintSet, size: Size, apart: number): void {
  for (const hint of hints.hints) {
    const radius = apart + hint.radius * Math.max(size.width, size.height);
    const path = pathOf(hint).map(([x, y]) => ({ x: x * size.width, y: y * size.height }));
    path.forEach((to, at) => {
      const from = path[Math.max(0, at - 1)] as Place;
      const steps = Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / radius);
      for (let step = 0; step <= steps; step++) {
        const t = steps === 0 ? 1 : step / steps;
        const spot = { x: from.x + (to.x - from.x) * t, y: from.y + (to.y - from.y) * t };
        clear(means, size, spot, radius);
      }
    });
  }
}

/** @param at in pixels of the map. */
function clear(means: Float32Array, size: Size, at: Place, radius: number): void {
  const [left, right] = [Math.floor(at.x - radius), Math.ceil(at.x + radius)];
  const [top, bottom] = [Math.floor(at.y - radius), Math.ceil(at.y + radius)];
  for (let y = Math.max(0, top); y < Math.min(size.height, bottom); y++) {
    for (let x = Math.max(0, left); x < Math.min(size.width, right); x++) {
      if (Math.hypot(x + 0.5 - at.x, y + 0.5 - at.y) < radius) means[y * size.width + x] = 0;
    }
  }
}

/** Means over squares of 2 r + 1 pixels a side; beyond the edge, where no hint helps, is no uncertainty. */
function blurred(map: UncertaintyMap, r: number): Float32Array {
  const rows = averaged(Float32Array.from(map.data), map.width, map.height, 1, map.width, r);
  return averaged(rows, map.height, map.width, map.width, 1, r);
}

/** Running means along lines of `length` values that lie `step` apart. */
function averaged(
  from: Float32Array,
  length: number,
  lines: number,
  step: number,
  stride: number,
  r: number,
): Float32Array {
  const out = new Float32Array(from.length);
  for (let line = 0; line < lines; line++) {
    let sum = 0;
    for (let at = -r; at < length; at++) {
      const [enters, leaves] = [at + r, at - r - 1];
      if (enters < length) sum += from[line * stride + enters * step] as number;
      if (leaves >= 0) sum -= from[line * stride + leaves * step] as number;
      if (at >= 0) out[line * stride + at * step] = sum / (2 * r + 1);
    }
  }
  return out;
}
