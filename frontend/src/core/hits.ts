/** Which hint lies under a place, and what an eraser leaves of one; distances in photo pixels. */
import type { Place, Size } from "./geometry.ts";
import {
  type Hint,
  type HintSet,
  inRegion,
  type Point,
  pathOf,
  pointHint,
  strokeHint,
} from "./hints.ts";

/**
 * The topmost hint under a place, or -1.
 *
 * @param at relative to the photo.
 * @param reach how far beside a hint still counts, in photo pixels.
 */
export function hitTest(set: HintSet, at: Place, photo: Size, reach: number): number {
  const spot = pixels([at.x, at.y], photo);
  for (let index = set.size - 1; index >= 0; index--) {
    const hint = set.hints[index];
    if (hint && distanceTo(hint, spot, photo) <= Math.max(radiusInPixels(hint, photo), reach)) {
      return index;
    }
  }
  return -1;
}

/**
 * Rub out what a round eraser touches: points go whole, strokes are cut.
 *
 * @param radius of the eraser, in photo pixels.
 */
export function erase(set: HintSet, at: Place, radius: number, photo: Size): HintSet {
  const spot = pixels([at.x, at.y], photo);
  let changed = false;
  const left = set.hints.flatMap((hint) => {
    if (distanceTo(hint, spot, photo) > radius + radiusInPixels(hint, photo)) return [hint];
    changed = true;
    return hint.type === "point" ? [] : remainders(hint, spot, radius, photo);
  });
  return changed ? set.withHints(left) : set;
}

export function distanceTo(hint: Hint, spot: Place, photo: Size): number {
  const path = pathOf(hint).map((point) => pixels(point, photo));
  const [first] = path;
  if (!first) return Number.POSITIVE_INFINITY;
  let best = Math.hypot(first.x - spot.x, first.y - spot.y);
  for (let at = 1; at < path.length; at++) {
    best = Math.min(best, distanceToSegment(path[at - 1] as Place, path[at] as Place, spot));
  }
  return best;
}

export function distanceToSegment(from: Place, to: Place, spot: Place): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((spot.x - from.x) * dx + (spot.y - from.y) * dy) / length;
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(from.x + t * dx - spot.x, from.y + t * dy - spot.y);
}

/** What stays of a stroke whose centre line is cut by a circle wide enough to clear its paint. */
function remainders(hint: Hint & { type: "stroke" }, spot: Place, radius: number, photo: Size) {
  const cut = radius + radiusInPixels(hint, photo) * 0.7;
  const path = hint.points.map((point) => pixels(point, photo));
  const pieces: Place[][] = [[]];
  const start = path[0] as Place;
  if (Math.hypot(start.x - spot.x, start.y - spot.y) > cut) pieces[0]?.push(start);
  for (let at = 1; at < path.length; at++) {
    const [from, to] = [path[at - 1] as Place, path[at] as Place];
    for (const [begin, end] of outsideSpans(from, to, spot, cut)) {
      if (begin > 0) pieces.push([along(from, to, begin)]);
      pieces.at(-1)?.push(along(from, to, end));
    }
  }
  return pieces
    .filter((piece) => piece.length > 0)
    .map((path) => {
      const points = path.map((place): Point => [place.x / photo.width, place.y / photo.height]);
      const [only] = points;
      const piece =
        points.length === 1 && only
          ? pointHint(only[0], only[1], hint.radius, hint.color)
          : strokeHint(points, hint.radius, hint.color);
      return inRegion(piece, hint.region);
    });
}

/** The parts of a segment outside a circle, as spans of [0, 1]. */
function outsideSpans(from: Place, to: Place, spot: Place, radius: number): [number, number][] {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const [fx, fy] = [from.x - spot.x, from.y - spot.y];
  const a = dx * dx + dy * dy;
  const b = 2 * (fx * dx + fy * dy);
  const c = fx * fx + fy * fy - radius * radius;
  const root = b * b - 4 * a * c;
  if (a === 0) return c > 0 ? [[0, 1]] : [];
  if (root <= 0) return [[0, 1]];
  const enter = (-b - Math.sqrt(root)) / (2 * a);
  const leave = (-b + Math.sqrt(root)) / (2 * a);
  if (leave <= 0 || enter >= 1) return [[0, 1]];
  const spans: [number, number][] = [];
  if (enter > 0) spans.push([0, enter]);
  if (leave < 1) spans.push([leave, 1]);
  return spans;
}

function along(from: Place, to: Place, t: number): Place {
  return { x: from.x + (to.x - from.x) * t, y: from.y + (to.y - from.y) * t };
}

function pixels(point: Point, photo: Size): Place {
  return { x: point[0] * photo.width, y: point[1] * photo.height };
}

function radiusInPixels(hint: Hint, photo: Size): number {
  return hint.radius * Math.max(photo.width, photo.height);
}
