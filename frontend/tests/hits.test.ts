import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HintSet, pathOf, pointHint, strokeHint } from "../src/core/hints.ts";
import { erase, hitTest } from "../src/core/hits.ts";
import { simplify } from "../src/core/simplify.ts";

const photo = { width: 1000, height: 500 };
const point = pointHint(0.5, 0.5, 0.01, "#112233");
const line = strokeHint(
  [
    [0.1, 0.2],
    [0.9, 0.2],
  ],
  0.01,
  "#445566",
);

describe("hitting a hint", () => {
  const set = new HintSet([point, line]);

  it("finds a point and the middle of a stroke", () => {
    assert.equal(hitTest(set, { x: 0.505, y: 0.51 }, photo, 0), 0);
    assert.equal(hitTest(set, { x: 0.5, y: 0.215 }, photo, 0), 1);
    assert.equal(hitTest(set, { x: 0.5, y: 0.35 }, photo, 0), -1);
  });

  it("reaches further for a finger", () => {
    assert.equal(hitTest(set, { x: 0.53, y: 0.5 }, photo, 8), -1);
    assert.equal(hitTest(set, { x: 0.53, y: 0.5 }, photo, 35), 0);
  });

  it("finds the topmost where they overlap", () => {
    assert.equal(hitTest(set.add(point), { x: 0.5, y: 0.5 }, photo, 0), 2);
  });
});

describe("the eraser", () => {
  it("takes a point whole", () => {
    const set = new HintSet([point]);
    assert.equal(erase(set, { x: 0.51, y: 0.5 }, 5, photo).size, 0);
  });

  it("leaves alone what it does not touch", () => {
    const set = new HintSet([point, line]);
    assert.equal(erase(set, { x: 0.2, y: 0.9 }, 20, photo), set);
  });

  it("cuts a stroke in two where it passes", () => {
    const left = erase(new HintSet([line]), { x: 0.5, y: 0.2 }, 20, photo);
    assert.equal(left.size, 2);
    const [first, second] = left.hints.map(pathOf);
    assert.deepEqual(first?.[0], [0.1, 0.2]);
    assert.deepEqual(second?.at(-1), [0.9, 0.2]);
    const [end, begin] = [first?.at(-1)?.[0] ?? 0, second?.[0]?.[0] ?? 0];
    assert.ok(end < 0.48 && begin > 0.52, `cut from ${end} to ${begin}`);
  });

  it("shortens a stroke at its end", () => {
    const left = erase(new HintSet([line]), { x: 0.1, y: 0.2 }, 20, photo);
    assert.equal(left.size, 1);
    assert.ok((pathOf(left.hints[0] ?? point)[0]?.[0] ?? 0) > 0.11);
  });

  it("takes a stroke that it covers", () => {
    const short = strokeHint(
      [
        [0.5, 0.5],
        [0.51, 0.5],
      ],
      0.01,
      "#112233",
    );
    assert.equal(erase(new HintSet([short]), { x: 0.505, y: 0.5 }, 30, photo).size, 0);
  });
});

describe("simplifying a stroke", () => {
  const wave = Array.from({ length: 500 }, (_, x) => ({ x, y: 40 * Math.sin(x / 30) }));

  it("keeps a straight line's ends only", () => {
    const line = Array.from({ length: 50 }, (_, at) => ({ x: at, y: 2 * at }));
    assert.deepEqual(simplify(line, 0.5, 100), [line[0], line[49]]);
  });

  it("strays no further than allowed", () => {
    const thin = simplify(wave, 0.6, 2000);
    assert.ok(thin.length < 80, `${thin.length} points`);
    for (const { x, y } of wave) {
      const at = Math.max(
        1,
        thin.findIndex((place) => place.x >= x),
      );
      const [from, to] = [thin[at - 1], thin[at]];
      if (!from || !to) continue;
      const t = (x - from.x) / (to.x - from.x);
      assert.ok(Math.abs(from.y + t * (to.y - from.y) - y) < 1.5);
    }
  });

  it("obeys the bound on points", () => {
    assert.ok(simplify(wave, 0.0001, 10).length <= 10);
  });

  it("takes a point and nothing as they are", () => {
    assert.deepEqual(simplify([{ x: 1, y: 1 }], 1, 10), [{ x: 1, y: 1 }]);
    assert.deepEqual(simplify([], 1, 10), []);
  });
});
