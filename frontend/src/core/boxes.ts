/** Upright boxes on the screen: what a frame has to draw again. */
import type { Place } from "./geometry.ts";

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export const NOWHERE: Box = {
  left: Number.POSITIVE_INFINITY,
  top: Number.POSITIVE_INFINITY,
  right: Number.NEGATIVE_INFINITY,
  bottom: Number.NEGATIVE_INFINITY,
};

/** The box of a path and so much around it; of no places, nowhere. */
export function boxAround(path: readonly Place[], margin: number): Box {
  let { left, top, right, bottom } = NOWHERE;
  for (const { x, y } of path) {
    left = Math.min(left, x - margin);
    top = Math.min(top, y - margin);
    right = Math.max(right, x + margin);
    bottom = Math.max(bottom, y + margin);
  }
  return { left, top, right, bottom };
}

/** The least box that holds both. */
export function joined(one: Box, other: Box): Box {
  return {
    left: Math.min(one.left, other.left),
    top: Math.min(one.top, other.top),
    right: Math.max(one.right, other.right),
    bottom: Math.max(one.bottom, other.bottom),
  };
}

export function meets(one: Box, other: Box): boolean {
  return (
    one.left < other.right &&
    other.left < one.right &&
    one.top < other.bottom &&
    other.top < one.bottom
  );
}

/** Whole pixels of a canvas with so many to a unit, none cut. */
export function wholePixels(box: Box, density: number, width: number, height: number): Box {
  return {
    left: Math.max(0, Math.floor(box.left * density)),
    top: Math.max(0, Math.floor(box.top * density)),
    right: Math.min(width, Math.ceil(box.right * density)),
    bottom: Math.min(height, Math.ceil(box.bottom * density)),
  };
}
