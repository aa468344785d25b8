import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import {
  DEFAULT_LIMITS,
  HintError,
  HintSet,
  merge,
  NEUTRAL,
  pathOf,
  pointHint,
  shifted,
  strokeHint,
} from "../src/core/hints.ts";
import { distanceTo } from "../src/core/hits.ts";
import { regionAt } from "../src/core/regions.ts";

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
const square = [
  [0.2, 0.2],
  [0.6, 0.2],
  [0.6, 0.6],
  [0.2, 0.6],
] as const;
const face = { name: "face", points: square };
const hat = { name: "hat", points: square.map(([x, y]) => [x, y - 0.2] as const) };

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
    ["another version", { version: 3, hints: [] }],
    ["a region that is not there", { version: 2, hints: [{ ...sky, region: 0 }] }],
    [
      "a region of two points",
      { version: 2, hints: [], regions: [{ name: "", points: square.slice(2) }] },
    ],
    [
      "a name of 10,000 letters",
      { version: 2, hints: [], regions: [{ name: "x".repeat(10_000), points: square }] },
    ],
    ["reach out of range", { version: 2, hints: [], reach: 1.1 }],
    ["warmth in words", { version: 2, hints: [], warmth: "hot" }],
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
    const centre = { x: x + 0.5, y: y + 0.5 };
    const region = regionAt(set.regions, [centre.x / width, centre.y / height]);
    return set.hints.some((hint) => {
      if (hint.region !== region) return false;
      const radius = hint.radius * Math.max(width, height);
      if (distanceTo(hint, centre, { width, height }) <= radius) return true;
      return pathOf(hint).some(
        ([px, py]) =>
          Math.min(width - 1, Math.floor(px * width)) === x &&
          Math.min(height - 1, Math.floor(py * height)) === y,
      );
    });
  }
});

describe("version 2", () => {
  const set = new HintSet([{ ...skin, region: 0 }, sky], [face])
    .control({ reach: 0.3 })
    .control({ vividness: 1.4, warmth: -0.2 });

  it("comes back from JSON as it was", () => {
    const json = JSON.parse(JSON.stringify(set));
    assert.equal(json.version, 2);
    assert.ok(HintSet.parse(json).equals(set));
    assert.deepEqual(HintSet.parse(json).toJSON(), set.toJSON());
  });

  it("is sent only where something of it is used", () => {
    assert.equal(new HintSet([sky]).toJSON().version, 1);
    const json = new HintSet([sky]).control({ warmth: 0.1 }).toJSON();
    assert.deepEqual(json, { version: 2, warmth: 0.1, hints: [sky] });
  });

  it("may leave everything new out", () => {
    assert.ok(HintSet.parse({ version: 2, hints: [sky] }).equals(new HintSet([sky])));
  });

  it("differs by its regions, its controls, and the region of a hint", () => {
    for (const other of [
      set.removeRegion(0),
      set.control({ warmth: 0 }),
      set.control({ reach: 0.5 }),
      set.replaceRegion(0, hat),
      set.replace(0, skin),
    ]) {
      assert.ok(!other.equals(set));
    }
  });

  it("frees the hints of a region that goes, and keeps the others in theirs", () => {
    const two = new HintSet(
      [
        { ...skin, region: 0 },
        { ...sky, region: 1 },
      ],
      [face, hat],
    );
    assert.deepEqual(two.removeRegion(0).hints, [skin, { ...sky, region: 0 }]);
    assert.deepEqual(two.removeRegion(1).hints, [{ ...skin, region: 0 }, sky]);
  });

  it("says when it has too many regions", () => {
    const many = new HintSet([], Array(101).fill(face));
    assert.equal(many.excess(DEFAULT_LIMITS), "regions");
    assert.equal(new HintSet([], [face]).excess({ ...DEFAULT_LIMITS, maxRegions: 0 }), "regions");
  });

  it("is merged: regions of both, hints in the right ones, the newer control of each", () => {
    const base = new HintSet([], [face]);
    const local = new HintSet([{ ...skin, region: 0 }], [face]).control({ warmth: 0.5 });
    const remote = new HintSet([{ ...sky, region: 0 }], [hat, face]).control({ vividness: 2 });
    const joined = merge(base, local, remote);
    assert.deepEqual(joined.regions, [hat, face]);
    assert.deepEqual(joined.hints, [
      { ...sky, region: 0 },
      { ...skin, region: 1 },
    ]);
    assert.deepEqual(joined.controls, { ...NEUTRAL, vividness: 2, warmth: 0.5 });
  });

  it("loses a merged hint's region with the region, not the hint", () => {
    const base = new HintSet([], [face]);
    const local = new HintSet([{ ...skin, region: 0 }], [face]);
    assert.deepEqual(merge(base, local, HintSet.empty).hints, [skin]);
  });
});

describe("references", () => {
  const id = "8a7e6a0e-5f0e-4f6c-9d3c-5a1b2c3d4e5f";
  const referring = new HintSet([sky]).control({ references: [id], strength: 0.4 });

  it("come back from JSON, and make the set one of version 2", () => {
    const json = JSON.parse(JSON.stringify(referring));
    assert.equal(json.version, 2);
    assert.deepEqual(HintSet.parse(json).controls, referring.controls);
    assert.ok(!referring.equals(new HintSet([sky])));
  });

  it("are read with suspicion", () => {
    const wrong = (references: unknown) => HintSet.parse({ version: 2, hints: [], references });
    assert.throws(() => wrong("one"), HintError);
    assert.throws(() => wrong([7]), HintError);
    assert.throws(() => wrong(Array.from({ length: 9 }, () => id)), HintError);
  });

  it("that one window took outlive a hint of another", () => {
    const base = new HintSet([sky]);
    const joined = merge(base, referring, base.add(grass));
    assert.deepEqual(joined.controls.references, [id]);
    assert.equal(joined.size, 2);
  });
});

describe("joining a set from a file", () => {
  const fencedSet = HintSet.parse({
    version: 2,
    vividness: 1.5,
    regions: [face],
    hints: [{ ...skin, region: 0 }],
  });

  it("keeps its hints in their regions", () => {
    const joined = new HintSet([sky], [hat]).join(fencedSet);
    assert.deepEqual(
      joined.hints.map(({ region }) => region),
      [undefined, 1],
    );
    assert.equal(joined.controls.vividness, 1);
    assert.ok(HintSet.parse(JSON.parse(JSON.stringify(joined))).equals(joined));
  });

  it("takes all of it where nothing was", () => {
    assert.ok(HintSet.empty.join(fencedSet).equals(fencedSet));
  });
});
