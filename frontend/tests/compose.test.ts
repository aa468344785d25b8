import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { type ChromaMap, toTexels, unpackChroma } from "../src/core/chroma.ts";
import { hexToLab, labToRgb, rgbToHex } from "../src/core/color.ts";
import {
  colorAt,
  compose,
  cubicWeights,
  type Lightness,
  sampleChroma,
} from "../src/core/compose.ts";

function plane(width: number, height: number, value: (x: number, y: number) => number): Lightness {
  const data = Uint8Array.from({ length: width * height }, (_, at) =>
    value(at % width, Math.floor(at / width)),
  );
  return { width, height, data };
}

function flat(width: number, height: number, a: number, b: number): ChromaMap {
  const count = width * height;
  return {
    width,
    height,
    a: new Int8Array(count).fill(a),
    b: new Int8Array(count).fill(b),
  };
}

describe("a chroma map", () => {
  const url = new URL("../../../tests/golden/chroma.json", import.meta.url);
  const golden = JSON.parse(readFileSync(url, "utf8")) as {
    width: number;
    height: number;
    data: string;
    a: number[];
    b: number[];
  };

  it("is unpacked as the server packed it", async () => {
    const map = await unpackChroma(golden.width, golden.height, golden.data);
    assert.deepEqual([...map.a], golden.a);
    assert.deepEqual([...map.b], golden.b);
  });

  it("is refused when its size is another", async () => {
    await assert.rejects(unpackChroma(golden.width + 1, golden.height, golden.data));
  });

  it("is refused when it is damaged", async () => {
    await assert.rejects(unpackChroma(golden.width, golden.height, `AAAA${golden.data.slice(4)}`));
  });

  it("becomes texels that say the same", () => {
    assert.deepEqual([...toTexels(flat(1, 2, -128, 127))], [0, 255, 0, 255]);
  });
});

describe("enlarging ab", () => {
  it("has weights that sum to one and pass through the samples", () => {
    for (const t of [0, 0.25, 0.5, 0.9]) {
      const sum = cubicWeights(t).reduce((total, weight) => total + weight, 0);
      assert.ok(Math.abs(sum - 1) < 1e-12);
    }
    assert.deepEqual(cubicWeights(0).map(Math.abs), [0, 1, 0, 0]);
  });

  it("meets each sample at its pixel's centre", () => {
    const map: ChromaMap = {
      width: 3,
      height: 2,
      a: Int8Array.of(1, 20, -30, 40, 5, 60),
      b: Int8Array.of(0, 0, 0, 9, 0, 0),
    };
    const [a, b] = sampleChroma(map, 0.5 / 3, 1.5 / 2);
    assert.ok(Math.abs(a - 40) < 1e-6 && Math.abs(b - 9) < 1e-6);
  });
});

describe("composing", () => {
  it("joins lightness and ab to the sRGB of scikit-image's CIELAB", () => {
    for (const hex of ["#7a4b2c", "#2c5a7a", "#808080", "#c03a30", "#e3bfa8"]) {
      const [l, a, b] = hexToLab(hex);
      const grey = plane(4, 4, () => Math.round(l * 2.55));
      const map = flat(2, 2, Math.round(a), Math.round(b));
      const out = compose(grey, map, { scale: 1, x: 0, y: 0 }, 4, 4);
      const wanted = labToRgb([Math.round(l * 2.55) / 2.55, Math.round(a), Math.round(b)]);
      for (const channel of [0, 1, 2]) {
        assert.equal(out[channel], Math.round((wanted[channel] ?? 0) * 255), `${hex} ${channel}`);
      }
      assert.equal(out[3], 255);
    }
  });

  it("keeps the photo's lightness under a colour too strong for it", () => {
    for (const byte of [20, 128, 230]) {
      const out = compose(
        plane(2, 2, () => byte),
        flat(2, 2, 90, -70),
        { scale: 1, x: 0, y: 0 },
        2,
        2,
      );
      const hex = rgbToHex(
        [out[0] ?? 0, out[1] ?? 0, out[2] ?? 0].map((v) => v / 255) as [number, number, number],
      );
      assert.ok(Math.abs(hexToLab(hex)[0] - byte / 2.55) < 1, `${hexToLab(hex)[0]}`);
    }
  });

  it("shows the photo grey without a map", () => {
    const out = compose(
      plane(2, 1, (x) => 100 * x),
      null,
      { scale: 1, x: 0, y: 0 },
      2,
      1,
    );
    const [r, g, b] = out.slice(4, 7);
    assert.ok(r !== undefined && Math.abs(r - (g ?? 0)) <= 1 && Math.abs(r - (b ?? 0)) <= 1);
    assert.deepEqual([...out.slice(0, 4)], [0, 0, 0, 255]);
  });

  it("is grey left of the split, and has its tone right of it", () => {
    const map = flat(4, 2, 20, -10);
    const photo = plane(4, 2, () => 153);
    const view = { scale: 1, x: 0, y: 0 };
    const out = compose(photo, map, view, 4, 2, { gain: 0.5, a: 5, b: 15 }, 2);
    const pixel = (x: number) => [...out.slice(x * 4, x * 4 + 3)];
    const [grey, toned] = [labToRgb([60, 0, 0]), labToRgb([60, 15, 10])];
    const near = (found: number[], expected: readonly number[]) =>
      found.every((value, at) => Math.abs(value - 255 * (expected[at] as number)) < 1.5);
    assert.ok(near(pixel(1), grey) && near(pixel(2), toned));
  });

  it("leaves what is beside the photo see-through", () => {
    const out = compose(
      plane(2, 2, () => 255),
      null,
      { scale: 1, x: 1, y: 1 },
      4,
      4,
    );
    const alpha = Array.from({ length: 16 }, (_, at) => out[at * 4 + 3]);
    assert.deepEqual(alpha, [0, 0, 0, 0, 0, 255, 255, 0, 0, 255, 255, 0, 0, 0, 0, 0]);
  });

  it("shows every pixel of the photo when zoomed in", () => {
    const checks = plane(2, 2, (x, y) => ((x + y) % 2 ? 255 : 0));
    const out = compose(checks, null, { scale: 16, x: 0, y: 0 }, 32, 32);
    const at = (x: number, y: number) => out[(y * 32 + x) * 4] ?? -1;
    assert.ok(at(2, 2) < 5 && at(29, 29) < 5 && at(29, 2) > 250 && at(2, 29) > 250);
  });

  it("composes a screenful of pixels fast enough to follow a hand", () => {
    const photo = plane(1000, 800, (x, y) => (x + y) % 256);
    const map = flat(256, 205, 20, -30);
    const begin = process.cpuUsage(); // not the clock, which others on the machine make run
    compose(photo, map, { scale: 1, x: 0, y: 0 }, 1000, 800);
    const spent = process.cpuUsage(begin).user / 1000;
    assert.ok(spent < 1500, `${Math.round(spent)} ms`);
  });

  it("tells the colour at a place", () => {
    const [l, a, b] = colorAt(
      plane(8, 8, () => 153),
      flat(2, 2, 12, -7),
      0.3,
      0.6,
    );
    assert.ok(Math.abs(l - 60) < 0.01 && Math.abs(a - 12) < 1e-6 && Math.abs(b + 7) < 1e-6);
  });
});
