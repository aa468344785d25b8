/** One hint or region: values in photo coordinates, as a hint set holds them. */

/** x and y relative to the photo's width and height, each in [0, 1]. */
export type Point = readonly [x: number, y: number];

interface Mark {
  /** Relative to the photo's longer side, in (0, 0.5]. */
  readonly radius: number;
  /** sRGB, "#rrggbb". Its CIELAB a and b count, its lightness does not. */
  readonly color: string;
  /** The region that the hint acts in, an index into the set's; it acts everywhere without. */
  readonly region?: number;
}

export interface PointHint extends Mark {
  readonly type: "point";
  readonly x: number;
  readonly y: number;
}

export interface StrokeHint extends Mark {
  readonly type: "stroke";
  readonly points: readonly Point[];
}

export type Hint = PointHint | StrokeHint;

/** A polygon that fences hints in. */
export interface Region {
  readonly name: string;
  /** At least three; the last is joined to the first. */
  readonly points: readonly Point[];
}

export const MAX_RADIUS = 0.5;
export const MAX_REGION_NAME = 100;

/** Five decimals: a hundredth of a pixel in a photo of 1,000, and frames stay small. */
const DECIMALS = 1e5;

/** Confine a coordinate to the photo and round it to what is sent. */
export function unit(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * DECIMALS) / DECIMALS;
}

function unitPoint([x, y]: Point): Point {
  return [unit(x), unit(y)];
}

export function pointHint(x: number, y: number, radius: number, color: string): PointHint {
  return { type: "point", x: unit(x), y: unit(y), radius: radiusOf(radius), color };
}

export function strokeHint(points: readonly Point[], radius: number, color: string): StrokeHint {
  return { type: "stroke", points: points.map(unitPoint), radius: radiusOf(radius), color };
}

export function regionOf(name: string, points: readonly Point[]): Region {
  return { name: name.trim().slice(0, MAX_REGION_NAME), points: points.map(unitPoint) };
}

/** The points a hint is drawn through: one for a point, all of a stroke's. */
export function pathOf(hint: Hint): readonly Point[] {
  return hint.type === "point" ? [[hint.x, hint.y]] : hint.points;
}

/** The same hint in another region, or in none. */
export function inRegion<H extends Hint>(hint: H, region: number | undefined): H {
  if (hint.region === region) return hint;
  const { region: _, ...free } = hint;
  return (region === undefined ? free : { ...free, region }) as H;
}

/** The same hint, shifted, and kept whole inside the photo. */
export function shifted(hint: Hint, dx: number, dy: number): Hint {
  const path = pathOf(hint);
  const stepX = confine(dx, path, 0);
  const stepY = confine(dy, path, 1);
  if (hint.type === "point") return { ...hint, x: unit(hint.x + stepX), y: unit(hint.y + stepY) };
  return { ...hint, points: hint.points.map(([x, y]) => [unit(x + stepX), unit(y + stepY)]) };
}

const keys = new WeakMap<Hint | Region, string>();

/** Canonical text: equal hints have equal keys, and so have equal regions. */
export function keyOf(value: Hint | Region): string {
  const known = keys.get(value);
  if (known) return known;
  const key = "type" in value ? hintKey(value) : JSON.stringify([value.name, value.points]);
  keys.set(value, key);
  return key;
}

function hintKey(hint: Hint): string {
  const { type, radius, color, region } = hint;
  return JSON.stringify([type, pathOf(hint), radius, color.toLowerCase(), region ?? null]);
}

function radiusOf(radius: number): number {
  return Math.max(1 / DECIMALS, Math.round(Math.min(MAX_RADIUS, radius) * DECIMALS) / DECIMALS);
}

/** As much of the shift as keeps every point of the path in the photo. */
function confine(shift: number, path: readonly Point[], axis: 0 | 1): number {
  let low = 1;
  let high = 0;
  for (const point of path) {
    low = Math.min(low, point[axis]);
    high = Math.max(high, point[axis]);
  }
  return Math.min(1 - high, Math.max(-low, shift));
}
