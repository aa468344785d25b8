/** Polygons that fence hints in: which holds a place, and how one is drawn by hand. */
import type { Place } from "./geometry.ts";
import { type Hint, inRegion, type Point, pathOf, type Region } from "./hint.ts";
import { HintSet } from "./hints.ts";
import { simplify } from "./simplify.ts";

/** A polygon smaller than this share of the photo is a slip of the hand. */
export const LEAST_AREA = 1e-4;

/** Area as a share of the photo; parts that overlap themselves count by their winding. */
export function areaOf(points: readonly Point[]): number {
  let sum = 0;
  points.forEach(([x, y], at) => {
    const [nextX, nextY] = points[(at + 1) % points.length] as Point;
    sum += x * nextY - nextX * y;
  });
  return Math.abs(sum) / 2;
}

/** Whether a polygon holds a place (even-odd, as the server fills it). */
export function holds(points: readonly Point[], [x, y]: Point): boolean {
  let within = false;
  points.forEach(([ax, ay], at) => {
    const [bx, by] = points[(at + 1) % points.length] as Point;
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) within = !within;
  });
  return within;
}

/** The topmost region that holds a place, as the server numbers pixels; undefined in none. */
export function regionAt(regions: readonly Region[], at: Point): number | undefined {
  const index = regions.findLastIndex(({ points }) => holds(points, at));
  return index < 0 ? undefined : index;
}

/**
 * An outline that does not cross itself: of each two loops that a crossing makes, the larger one.
 *
 * A hand that draws around a thing overshoots its beginning, and the server takes simple polygons.
 */
export function simple(outline: readonly Point[]): readonly Point[] {
  let points = outline;
  for (let loops = twoLoops(points); loops; loops = twoLoops(points)) {
    points = areaOf(loops[0]) > areaOf(loops[1]) ? loops[0] : loops[1];
  }
  return points;
}

/** The two loops at the first crossing; null where there is none. */
function twoLoops(points: readonly Point[]): [Point[], Point[]] | null {
  const count = points.length;
  const corner = (at: number) => points[at % count] as Point;
  for (let i = 0; i < count; i++) {
    // Neighbouring sides share a corner, the last one with the first too.
    for (let j = i + 2; j < count - Number(i === 0); j++) {
      const at = crossing(corner(i), corner(i + 1), corner(j), corner(j + 1));
      if (!at) continue;
      return [
        [at, ...points.slice(i + 1, j + 1)],
        [...points.slice(0, i + 1), at, ...points.slice(j + 1)],
      ];
    }
  }
  return null;
}

function crossing(a: Point, b: Point, c: Point, d: Point): Point | null {
  const [abx, aby, cdx, cdy] = [b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]];
  const across = abx * cdy - aby * cdx;
  if (across === 0) return null;
  const s = ((c[0] - a[0]) * cdy - (c[1] - a[1]) * cdx) / across;
  const t = ((c[0] - a[0]) * aby - (c[1] - a[1]) * abx) / across;
  if (s < 0 || s > 1 || t < 0 || t > 1) return null;
  return [a[0] + s * abx, a[1] + s * aby];
}

/** A hint acts in the region that it begins in. */
export function fenced<H extends Hint>(hint: H, regions: readonly Region[]): H {
  const [start] = pathOf(hint);
  return start ? inRegion(hint, regionAt(regions, start)) : hint;
}

/** A new region fences in the hints that begin in it. */
export function withRegion(set: HintSet, region: Region): HintSet {
  const grown = set.addRegion(region);
  return grown.withHints(grown.hints.map((hint) => fenced(hint, grown.regions)));
}

/** Take a region away; its hints act where they lie now. */
export function withoutRegion(set: HintSet, index: number): HintSet {
  const { regions, hints } = set.removeRegion(index);
  const freed = (at: number) => set.hints[at]?.region === index;
  return new HintSet(
    hints.map((hint, at) => (freed(at) ? fenced(hint, regions) : hint)),
    regions,
    set.controls,
  );
}

/** How near to its beginning an outline is closed, in CSS pixels. */
const CLOSING = 12;
/** A tap may tremble this far and still set a corner, in CSS pixels. */
const TAP_SLOP = 4;
/** How far a simplified outline may stray, in CSS pixels. */
const STRAY = 1;

/**
 * An outline while it is drawn: by dragging around a thing, or corner by corner.
 *
 * Places are photo pixels; `scale` is screen pixels a photo pixel. Dragging closes the outline when
 * the pointer is released, unless corners were set before; a tap sets a corner, and one at the first
 * corner closes it.
 */
export class Lasso {
  corners: readonly Place[] = [];
  #trail: Place[] = [];

  /** What to draw: the corners, and what the pointer is drawing. */
  get path(): readonly Place[] {
    return [...this.corners, ...this.#trail];
  }

  get active(): boolean {
    return this.corners.length > 0 || this.#trail.length > 0;
  }

  begin(at: Place): void {
    this.#trail = [at];
  }

  go(at: Place): void {
    this.#trail.push(at);
  }

  /** @returns the closed outline, or null while it is open. */
  end(scale: number, maxPoints: number): readonly Place[] | null {
    const trail = this.#trail;
    this.#trail = [];
    const [start] = trail;
    if (!start) return null;
    const dragged = trail.some((at) => distance(at, start) * scale > TAP_SLOP);
    if (!dragged) return this.#corner(start, scale);
    const line = simplify(trail, STRAY / scale, maxPoints);
    if (this.corners.length === 0) return this.#close(line);
    this.corners = [...this.corners, ...line];
    return null;
  }

  /** Close the outline as it is. */
  finish(): readonly Place[] | null {
    return this.#close(this.corners);
  }

  /** Take the last corner back. */
  back(): void {
    this.corners = this.corners.slice(0, -1);
  }

  /** A second finger moves the photo: what the first one began is nothing, the corners stay. */
  drop(): void {
    this.#trail = [];
  }

  cancel(): void {
    this.corners = [];
    this.#trail = [];
  }

  #corner(at: Place, scale: number): readonly Place[] | null {
    const [first] = this.corners;
    if (first && this.corners.length > 2 && distance(first, at) * scale <= CLOSING) {
      return this.finish();
    }
    this.corners = [...this.corners, at];
    return null;
  }

  #close(line: readonly Place[]): readonly Place[] | null {
    this.cancel();
    return line.length > 2 ? line : null;
  }
}

function distance(from: Place, to: Place): number {
  return Math.hypot(from.x - to.x, from.y - to.y);
}
