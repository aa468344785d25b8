/** Fewer points for the same stroke. */
import type { Place } from "./geometry.ts";
import { distanceToSegment } from "./hits.ts";

/**
 * Drop the points a stroke can do without (Ramer, Douglas and Peucker).
 *
 * @param path in pixels.
 * @param tolerance how far the new line may lie from a dropped point, in pixels.
 * @param max upper bound of points; the tolerance is doubled until it holds.
 */
export function simplify(path: readonly Place[], tolerance: number, max: number): Place[] {
  let slack = Math.max(tolerance, 1e-6);
  let thinned = thin(path, slack);
  while (thinned.length > max) {
    slack *= 2;
    thinned = thin(thinned, slack);
  }
  return thinned;
}

function thin(path: readonly Place[], tolerance: number): Place[] {
  const keep = new Uint8Array(path.length);
  if (path.length > 0) keep[0] = keep[path.length - 1] = 1;
  const spans: [number, number][] = [[0, path.length - 1]];
  for (let span = spans.pop(); span; span = spans.pop()) {
    const far = farthest(path, span[0], span[1]);
    if (far.distance <= tolerance) continue;
    keep[far.index] = 1;
    spans.push([span[0], far.index], [far.index, span[1]]);
  }
  return path.filter((_, index) => keep[index] === 1);
}

function farthest(path: readonly Place[], first: number, last: number) {
  let index = -1;
  let distance = 0;
  for (let at = first + 1; at < last; at++) {
    const off = distanceToSegment(path[first] as Place, path[last] as Place, path[at] as Place);
    if (off > distance) [index, distance] = [at, off];
  }
  return { index, distance };
}
