import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { boxAround, joined, meets, NOWHERE, wholePixels } from "../src/core/boxes.ts";

const box = (left: number, top: number, right: number, bottom: number) => ({
  left,
  top,
  right,
  bottom,
});

describe("a box on the screen", () => {
  it("holds a path and what is around it", () => {
    const path = [
      { x: 3, y: 9 },
      { x: 7, y: 2 },
    ];
    assert.deepEqual(boxAround(path, 1), box(2, 1, 8, 10));
  });

  it("is nowhere for an empty path, and adds nothing there", () => {
    assert.deepEqual(boxAround([], 5), NOWHERE);
    assert.deepEqual(joined(box(1, 2, 3, 4), NOWHERE), box(1, 2, 3, 4));
    assert.ok(!meets(NOWHERE, box(-1e9, -1e9, 1e9, 1e9)));
  });

  it("meets what shares its inside, not what touches its edge", () => {
    assert.ok(meets(box(0, 0, 4, 4), box(3, 3, 9, 9)));
    assert.ok(!meets(box(0, 0, 4, 4), box(4, 0, 9, 9)));
    assert.ok(!meets(box(0, 0, 4, 4), box(0, 5, 4, 9)));
  });

  it("takes whole pixels, within the canvas", () => {
    assert.deepEqual(wholePixels(box(-3, 1.2, 4.1, 99), 2, 100, 50), box(0, 2, 9, 50));
  });
});
