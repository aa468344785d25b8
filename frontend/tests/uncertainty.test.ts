import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HintSet, pointHint, strokeHint } from "../src/core/hints.ts";
import {
  largestUncertainty,
  paintUncertainty,
  type UncertaintyMap,
  uncertainPlaces,
  uncertaintyColor,
} from "../src/core/uncertainty.ts";

const [WIDTH, HEIGHT] = [100, 80];

/** Grey values: `low`, but for squares of 13 pixels around some places. */
function map(spots: readonly [x: number, y: number, value: number][], low = 2): UncertaintyMap {
  const data = new Uint8Array(WIDTH * HEIGHT).fill(low);
  for (const [left, top, value] of spots) {
    for (let y = top - 6; y <= top + 6; y++) {
      for (let x = left - 6; x <= left + 6; x++) data[y * WIDTH + x] = value;
    }
  }
  return { width: WIDTH, height: HEIGHT, data, unit: 0.25 };
}

const near = (place: { x: number; y: number } | undefined, x: number, y: number) =>
  place !== undefined && Math.hypot(place.x * WIDTH - x, place.y * HEIGHT - y) < 6;

describe("the places where a hint would help most", () => {
  const two = map([
    [25, 30, 200],
    [70, 50, 120],
  ]);

  it("are those of the largest uncertainty, the largest first", () => {
    const places = uncertainPlaces(two, HintSet.empty);
    assert.ok(near(places[0], 25, 30));
    assert.ok(places.some((place) => near(place, 70, 50)));
  });

  it("are none that has a hint already", () => {
    const hinted = HintSet.empty.add(pointHint(0.25, 0.375, 0.02, "#aa3300"));
    assert.ok(near(uncertainPlaces(two, hinted)[0], 70, 50));
    const across: readonly [number, number][] = [
      [0.1, 0.375],
      [0.4, 0.375],
    ];
    const stroked = HintSet.empty.add(strokeHint(across, 0.02, "#aa3300"));
    assert.ok(near(uncertainPlaces(two, stroked)[0], 70, 50));
  });

  it("keep away from each other", () => {
    const places = uncertainPlaces(map([], 100), HintSet.empty);
    assert.ok(places.length > 5);
    for (const [at, one] of places.entries()) {
      for (const other of places.slice(at + 1)) {
        const apart = Math.hypot((one.x - other.x) * WIDTH, (one.y - other.y) * HEIGHT);
        assert.ok(apart >= 7, `${apart} pixels`);
      }
    }
  });

  it("are not led astray by a single pixel", () => {
    const speck = map([[70, 50, 120]]);
    (speck.data as Uint8Array)[20 * WIDTH + 20] = 255;
    assert.ok(near(uncertainPlaces(speck, HintSet.empty)[0], 70, 50));
  });

  it("are none where the network is sure enough", () => {
    assert.deepEqual(uncertainPlaces(map([], 10), HintSet.empty), []);
  });
});

describe("the ramp", () => {
  it("grows brighter and denser with uncertainty", () => {
    const colors = [0, 5, 10, 15, 20, 25, 30].map((error) => uncertaintyColor(error, 30));
    const light = colors.map(([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b);
    const dense = colors.map(([, , , a]) => a);
    for (const values of [light, dense]) {
      assert.deepEqual(
        values,
        values.toSorted((one, other) => one - other),
      );
    }
    assert.ok((light.at(-1) as number) - (light[0] as number) > 150);
  });

  it("ends at the photo's largest uncertainty, but never so early that a sure photo glows", () => {
    assert.equal(largestUncertainty(map([], 100)), 25);
    assert.equal(largestUncertainty(map([], 8)), 16);
  });

  it("is painted pixel by pixel", () => {
    const painted = paintUncertainty(map([[25, 30, 200]]), 30);
    assert.equal(painted.length, 4 * WIDTH * HEIGHT);
    const at = (x: number, y: number) => painted[4 * (y * WIDTH + x)] as number;
    assert.ok(at(25, 30) > at(60, 60));
  });
});
