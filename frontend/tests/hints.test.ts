import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import {
  DEFAULT_LIMITS,
  HintError,
  HintSet,
  merge,
  pathOf,
  pointHint,
  shifted,
  strokeHint,
} from "../src/engine/hints.ts";
import { distanceTo } from "../src/engine/hits.ts";

const sky = pointHint(0.5, 0.2, 0.01, "#86b5df");
const grass = strokeHint(
  [
    [0.1, 0.8],
    [0.9, 0.8],
  ],
  0.02,
  "#7a9a45",
);
const skin = pointHint(0.3, 0.4, 0.01, "#d3a184");

describe("a hint set", () => {
  it("comes back from JSON as it was", () => {
    const set = new HintSet([sky, grass]);
    const back = HintSet.parse(JSON.parse(JSON.stringify(set)));
    assert.deepEqual(back.toJSON(), set.toJSON());
    assert.ok(back.equals(set));
  });

  it("is never changed, only followed by another", () => {
    const set = new HintSet([sky]);
    set.add(grass);
    set.remove(0);
    assert.deepEqual(set.hints, [sky]);
  });

  it("keeps coordinates in the photo and short", () => {
    const hint = pointHint(1.2, 0.123456789, 0.01, "#ffffff");
    assert.deepEqual([hint.x, hint.y], [1, 0.12346]);
  });

  it("says when it is too large to be sent", () => {
    const many = new HintSet(Array.from({ length: 1001 }, () => sky));
    assert.equal(many.excess(DEFAULT_LIMITS), "hints");
    const long = strokeHint(
      Array.from({ length: 2001 }, (_, at) => [at / 2001, 0.5] as const),
      0.01,
      "#ffffff",
    );
    assert.equal(new HintSet([long]).excess(DEFAULT_LIMITS), "points");
    assert.equal(new HintSet([sky, grass]).excess(DEFAULT_LIMITS), null);
  });

  for (const [what, value] of [
    ["another version", { version: 2, hints: [] }],
    ["no list", { version: 1, hints: {} }],
    ["a place outside", { version: 1, hints: [{ ...sky, x: 1.1 }] }],
    ["no number", { version: 1, hints: [{ ...sky, y: "0.5" }] }],
    ["a radius of nothing", { version: 1, hints: [{ ...sky, radius: 0 }] }],
    ["a colour by name", { version: 1, hints: [{ ...sky, color: "red" }] }],
    ["a stroke without points", { version: 1, hints: [{ ...grass, points: [] }] }],
    ["nothing", null],
  ] as const) {
    it(`refuses ${what} with a sentence`, () => {
      assert.throws(() => HintSet.parse(value), HintError);
    });
  }
});

describe("moving a hint", () => {
  it("shifts every point of it", () => {
    assert.deepEqual(pathOf(shifted(grass, 0.05, -0.3)), [
      [0.15, 0.5],
      [0.95, 0.5],
    ]);
  });

  it("stops at the photo's edge with its form kept", () => {
    assert.deepEqual(pathOf(shifted(grass, 0.5, 0.5)), [
      [0.2, 1],
      [1, 1],
    ]);
  });
});

describe("merging two windows", () => {
  const base = new HintSet([sky]);

  it("keeps what both added", () => {
    const joined = merge(base, base.add(grass), base.add(skin));
    assert.deepEqual(joined.hints, [sky, skin, grass]);
  });

  it("removes what one removed", () => {
    assert.deepEqual(merge(base, HintSet.empty, base.add(skin)).hints, [skin]);
    assert.deepEqual(merge(base, base.add(grass), HintSet.empty).hints, [grass]);
  });

  it("does not double what the server has already", () => {
    assert.deepEqual(merge(base, base.add(grass), base.add(grass)).hints, [sky, grass]);
  });

  it("keeps equal hints apart by their number", () => {
    const twice = new HintSet([sky, sky]);
    assert.deepEqual(merge(twice, new HintSet([sky]), twice).hints, [sky]);
  });
});

/** What colorizer/hints.py rasterises, by the geometry that draws and hits here. */
describe("the shared golden file", () => {
  interface Golden {
    name: string;
    hint_set: unknown;
    height: number;
    width: number;
    mask: string[];
  }
  const url = new URL("../../../tests/golden/hints.json", import.meta.url);
  for (const golden of JSON.parse(readFileSync(url, "utf8")) as Golden[]) {
    it(`covers the same pixels: ${golden.name}`, () => {
      const { width, height } = golden;
      const set = HintSet.parse(golden.hint_set);
      const rows = Array.from({ length: height }, (_, y) =>
        Array.from({ length: width }, (_, x) => (covered(set, x, y, width, height) ? "1" : "0")),
      );
      assert.deepEqual(
        rows.map((row) => row.join("")),
        golden.mask,
      );
    });
  }

  function covered(set: HintSet, x: number, y: number, width: number, height: number): boolean {
    return set.hints.some((hint) => {
      const radius = hint.radius * Math.max(width, height);
      const centre = { x: x + 0.5, y: y + 0.5 };
      if (distanceTo(hint, centre, { width, height }) <= radius) return true;
      return pathOf(hint).some(
        ([px, py]) =>
          Math.min(width - 1, Math.floor(px * width)) === x &&
          Math.min(height - 1, Math.floor(py * height)) === y,
      );
    });
  }
});
