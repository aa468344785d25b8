import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HintSet, type Point, pointHint, regionOf } from "../src/core/hints.ts";
import { areaOf, fenced, holds, Lasso, regionAt, simple, withRegion } from "../src/core/regions.ts";

const box = (x: number, y: number, side: number): Point[] => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
];
const large = regionOf("large", box(0.1, 0.1, 0.8));
const small = regionOf("small", box(0.3, 0.3, 0.2));
const dot = (x: number, y: number) => pointHint(x, y, 0.01, "#112233");

describe("a region", () => {
  it("holds what lies in it", () => {
    assert.ok(holds(large.points, [0.5, 0.5]));
    assert.ok(!holds(large.points, [0.05, 0.5]));
    // A bow tie: its two wings, not the sides of its knot.
    const bow: Point[] = [
      [0, 0],
      [1, 1],
      [1, 0],
      [0, 1],
    ];
    assert.ok(holds(bow, [0.1, 0.5]) && holds(bow, [0.9, 0.5]));
    assert.ok(!holds(bow, [0.5, 0.1]));
  });

  it("has the area of its polygon", () => {
    assert.ok(Math.abs(areaOf(large.points) - 0.64) < 1e-9);
    assert.equal(
      areaOf([
        [0, 0],
        [1, 1],
        [0.5, 0.5],
      ]),
      0,
    );
  });

  it("of several, the one on top is the place's", () => {
    const both = [large, small];
    assert.equal(regionAt(both, [0.4, 0.4]), 1);
    assert.equal(regionAt(both, [0.7, 0.7]), 0);
    assert.equal(regionAt([small, large], [0.4, 0.4]), 1);
    assert.equal(regionAt(both, [0.95, 0.7]), undefined);
    assert.deepEqual(fenced({ ...dot(0.95, 0.5), region: 1 }, both), dot(0.95, 0.5));
  });

  it("drawn over its own beginning loses the tail", () => {
    const tail = simple([
      [0.1, 0.1],
      [0.9, 0.1],
      [0.9, 0.9],
      [0.15, 0.9],
      [0.15, 0.05],
    ]);
    assert.ok(Math.abs(areaOf(tail) - 0.6) < 0.01);
    const bow: Point[] = [
      [0, 0],
      [1, 1],
      [1, 0],
      [0, 0.4],
    ];
    assert.equal(simple(bow).length, 3);
    assert.deepEqual(simple(large.points), large.points);
  });

  it("takes in the hints that lie in it", () => {
    const set = withRegion(new HintSet([dot(0.4, 0.4), dot(0.95, 0.5)]), small);
    assert.deepEqual(
      set.hints.map(({ region }) => region),
      [0, undefined],
    );
  });
});

describe("the lasso", () => {
  const at = (x: number, y: number) => ({ x, y });
  const tap = (lasso: Lasso, x: number, y: number) => {
    lasso.begin(at(x, y));
    return lasso.end(1, 100);
  };

  it("closes what is drawn around a thing when it is let go", () => {
    const lasso = new Lasso();
    lasso.begin(at(0, 0));
    for (const [x, y] of [
      [100, 0],
      [100, 100],
      [0, 100],
    ] as const)
      lasso.go(at(x, y));
    assert.deepEqual(lasso.end(1, 100), [at(0, 0), at(100, 0), at(100, 100), at(0, 100)]);
    assert.ok(!lasso.active);
  });

  it("goes corner by corner, and closes at the first one", () => {
    const lasso = new Lasso();
    for (const [x, y] of [
      [0, 0],
      [100, 0],
      [100, 100],
    ] as const) {
      assert.equal(tap(lasso, x, y), null);
    }
    assert.deepEqual(tap(lasso, 5, 5), [at(0, 0), at(100, 0), at(100, 100)]);
  });

  it("closes by hand, goes a corner back, and lets all of them go", () => {
    const lasso = new Lasso();
    for (const [x, y] of [
      [0, 0],
      [100, 0],
      [100, 100],
      [9, 900],
    ] as const)
      tap(lasso, x, y);
    lasso.back();
    assert.equal(lasso.finish()?.length, 3);
    tap(lasso, 0, 0);
    lasso.begin(at(9, 9));
    lasso.drop();
    assert.deepEqual(lasso.path, [at(0, 0)]);
    lasso.cancel();
    assert.ok(!lasso.active);
    assert.equal(lasso.finish(), null);
  });

  it("has at most as many points as may be sent", () => {
    const lasso = new Lasso();
    lasso.begin(at(500, 0));
    for (let step = 0; step < 3000; step++) {
      lasso.go(at(500 * Math.cos(step / 500), 500 * Math.sin(step / 500)));
    }
    assert.ok((lasso.end(1, 50)?.length ?? 99) <= 50);
  });
});
