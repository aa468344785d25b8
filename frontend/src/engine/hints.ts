/** The hint set: what a user painted, as vectors in photo coordinates (a public contract). */

/** x and y relative to the photo's width and height, each in [0, 1]. */
export type Point = readonly [x: number, y: number];

interface Mark {
  /** Relative to the photo's longer side, in (0, 0.5]. */
  readonly radius: number;
  /** sRGB, "#rrggbb". Its CIELAB a and b count, its lightness does not. */
  readonly color: string;
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

export interface HintSetJson {
  version: 1;
  hints: Hint[];
}

/** The same limits as colorizer/hints.py; the server refuses what is beyond them. */
export interface HintLimits {
  readonly maxHints: number;
  readonly maxStrokePoints: number;
  readonly maxTotalPoints: number;
}

export const DEFAULT_LIMITS: HintLimits = {
  maxHints: 1000,
  maxStrokePoints: 2000,
  maxTotalPoints: 20000,
};

export const MAX_RADIUS = 0.5;

/** Five decimals: a hundredth of a pixel in a photo of 1,000, and frames stay small. */
const DECIMALS = 1e5;

/** Says in a sentence what is wrong with a hint set. */
export class HintError extends Error {}

/** Confine a coordinate to the photo and round it to what is sent. */
export function unit(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * DECIMALS) / DECIMALS;
}

export function pointHint(x: number, y: number, radius: number, color: string): PointHint {
  return { type: "point", x: unit(x), y: unit(y), radius: radiusOf(radius), color };
}

export function strokeHint(points: readonly Point[], radius: number, color: string): StrokeHint {
  return {
    type: "stroke",
    points: points.map(([x, y]) => [unit(x), unit(y)] as const),
    radius: radiusOf(radius),
    color,
  };
}

/** The points a hint is drawn through: one for a point, all of a stroke's. */
export function pathOf(hint: Hint): readonly Point[] {
  return hint.type === "point" ? [[hint.x, hint.y]] : hint.points;
}

/** The same hint, shifted, and kept whole inside the photo. */
export function shifted(hint: Hint, dx: number, dy: number): Hint {
  const path = pathOf(hint);
  const stepX = confine(dx, path, 0);
  const stepY = confine(dy, path, 1);
  if (hint.type === "point") return { ...hint, x: unit(hint.x + stepX), y: unit(hint.y + stepY) };
  return { ...hint, points: hint.points.map(([x, y]) => [unit(x + stepX), unit(y + stepY)]) };
}

/** An immutable list of hints; later ones win where they overlap. */
export class HintSet {
  static readonly empty = new HintSet([]);
  #text: string | undefined;

  constructor(readonly hints: readonly Hint[]) {}

  get size(): number {
    return this.hints.length;
  }

  add(...added: Hint[]): HintSet {
    return new HintSet([...this.hints, ...added]);
  }

  replace(index: number, hint: Hint): HintSet {
    return new HintSet(this.hints.map((old, at) => (at === index ? hint : old)));
  }

  remove(index: number): HintSet {
    return new HintSet(this.hints.filter((_, at) => at !== index));
  }

  equals(other: HintSet): boolean {
    return this === other || this.text === other.text;
  }

  /** Whether the set may be sent: a sentence's reason code when it may not. */
  excess(limits: HintLimits): "hints" | "points" | null {
    if (this.hints.length > limits.maxHints) return "hints";
    let total = 0;
    for (const hint of this.hints) {
      const count = pathOf(hint).length;
      if (count > limits.maxStrokePoints) return "points";
      total += count;
    }
    return total > limits.maxTotalPoints ? "points" : null;
  }

  toJSON(): HintSetJson {
    return { version: 1, hints: [...this.hints] };
  }

  /** Canonical text, for comparison. */
  get text(): string {
    this.#text ??= this.hints.map(keyOf).join();
    return this.#text;
  }

  /**
   * Read a hint set that came from outside.
   *
   * @throws HintError with a sentence when it is not one.
   */
  static parse(value: unknown): HintSet {
    const set = record(value, "A hint set is an object.");
    if (set.version !== 1) throw new HintError("This hint set's version is not known here.");
    if (!Array.isArray(set.hints)) throw new HintError("A hint set has a list of hints.");
    return new HintSet(set.hints.map(parseHint));
  }
}

/**
 * Join what two windows did to the same hint set, so that neither loses its work.
 *
 * What was added here since `base` is put on top of `remote`, if it is not there already; what was
 * removed here goes from it.
 */
export function merge(base: HintSet, local: HintSet, remote: HintSet): HintSet {
  const before = counts(base);
  const now = counts(local);
  const removed = difference(before, now);
  const added = difference(difference(now, before), difference(counts(remote), before));
  const kept = remote.hints.filter((hint) => !take(removed, keyOf(hint)));
  const fresh = local.hints.filter((hint) => take(added, keyOf(hint)));
  return new HintSet([...kept, ...fresh]);
}

function parseHint(value: unknown): Hint {
  const hint = record(value, "A hint is an object.");
  const radius = number(hint.radius, "radius");
  if (radius <= 0 || radius > MAX_RADIUS) throw new HintError("A hint's radius is out of range.");
  const color = hint.color;
  if (typeof color !== "string" || !/^#[0-9a-fA-F]{6}$/.test(color)) {
    throw new HintError("A hint's colour is written like #7a4b2c.");
  }
  if (hint.type === "point") {
    const [x, y] = [coordinate(hint.x), coordinate(hint.y)];
    return { type: "point", x, y, radius, color };
  }
  if (hint.type === "stroke" && Array.isArray(hint.points) && hint.points.length > 0) {
    return { type: "stroke", points: hint.points.map(parsePoint), radius, color };
  }
  throw new HintError("A hint is a point or a stroke.");
}

function parsePoint(value: unknown): Point {
  if (!Array.isArray(value) || value.length !== 2) throw new HintError("A point has x and y.");
  return [coordinate(value[0]), coordinate(value[1])];
}

function coordinate(value: unknown): number {
  const found = number(value, "coordinate");
  if (found < 0 || found > 1) throw new HintError("A hint lies outside the photo.");
  return found;
}

function number(value: unknown, name: string): number {
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new HintError(`A hint's ${name} is a number.`);
  }
  return value;
}

function record(value: unknown, sentence: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new HintError(sentence);
  }
  return value as Record<string, unknown>;
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

const keys = new WeakMap<Hint, string>();

/** Canonical text of a hint: equal hints have equal keys. */
export function keyOf(hint: Hint): string {
  const known = keys.get(hint);
  if (known) return known;
  const { type, radius, color } = hint;
  const key = JSON.stringify([type, pathOf(hint), radius, color.toLowerCase()]);
  keys.set(hint, key);
  return key;
}

function counts(set: HintSet): Map<string, number> {
  const found = new Map<string, number>();
  for (const hint of set.hints) found.set(keyOf(hint), (found.get(keyOf(hint)) ?? 0) + 1);
  return found;
}

function difference(from: Map<string, number>, minus: Map<string, number>): Map<string, number> {
  const left = (name: string, count: number) => Math.max(0, count - (minus.get(name) ?? 0));
  return new Map([...from].map(([name, count]) => [name, left(name, count)]));
}

function take(from: Map<string, number>, name: string): boolean {
  const left = from.get(name) ?? 0;
  if (left > 0) from.set(name, left - 1);
  return left > 0;
}
