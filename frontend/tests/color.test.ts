import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  atLightness,
  hexToLab,
  inGamut,
  labToHex,
  labToRgb,
  largestChroma,
  legible,
  normalHex,
  weakened,
} from "../src/core/color.ts";
import { RECENT_COUNT, remember } from "../src/core/palette.ts";
import { STARTERS } from "../src/core/starters.ts";

/** skimage.color.rgb2lab of scikit-image 0.25 and later, D65, 2 degrees. */
const KNOWN_LAB: readonly (readonly [hex: string, l: number, a: number, b: number])[] = [
  ["#000000", 0, 0, 0],
  ["#ffffff", 100, -0.00245, 0.00465],
  ["#808080", 53.58501, -0.00147, 0.00279],
  ["#ff0000", 53.24059, 80.09231, 67.20275],
  ["#00ff00", 87.7351, -86.18303, 83.1797],
  ["#0000ff", 32.29567, 79.18559, -107.8573],
  ["#7a4b2c", 36.65449, 16.6842, 26.54318],
  ["#2c5a7a", 36.46523, -5.15436, -22.77639],
];

/** round(255 * skimage.color.lab2rgb): some of these lie outside sRGB and are clipped. */
const KNOWN_RGB = [
  [
    [50, 40, -30],
    [161, 93, 171],
  ],
  [
    [70, -20, 50],
    [164, 179, 76],
  ],
  [
    [20, 60, 60],
    [126, 0, 0],
  ],
  [
    [90, 0, 0],
    [226, 226, 226],
  ],
  [
    [35, 10, 5],
    [101, 76, 75],
  ],
  [
    [60, -60, -60],
    [0, 174, 250],
  ],
] as const;

describe("a colour made legible", () => {
  it("keeps a and b and shows them, in the dark and in the light", () => {
    for (const hex of ["#25200a", "#101c30", "#fdf2e9"]) {
      const [before, after] = [hexToLab(hex), hexToLab(legible(hex))];
      assert.ok(after[0] > 37 && after[0] < 85, `${hex} at ${after[0]}`);
      assert.ok(Math.hypot(before[1] - after[1], before[2] - after[2]) < 1.5, hex);
    }
  });

  it("leaves a colour alone that shows already", () => {
    assert.equal(legible("#b57f5c"), "#b57f5c");
  });
});

describe("CIELAB", () => {
  for (const [hex, ...wanted] of KNOWN_LAB) {
    it(`of ${hex} is what scikit-image says`, () => {
      hexToLab(hex).forEach((value, at) => {
        assert.ok(Math.abs(value - (wanted[at] ?? 0)) < 1e-3, `${value} is not ${wanted[at]}`);
      });
    });
  }

  for (const [lab, wanted] of KNOWN_RGB) {
    it(`${lab} is shown as scikit-image shows it`, () => {
      assert.deepEqual(
        labToRgb(lab).map((value) => Math.round(value * 255)),
        wanted,
      );
    });
  }

  it("leads there and back for every colour on a grid", () => {
    for (let code = 0; code < 1 << 24; code += 70_001) {
      const hex = `#${code.toString(16).padStart(6, "0")}`;
      assert.equal(labToHex(hexToLab(hex)), hex);
    }
  });
});

describe("the gamut", () => {
  it("ends where the largest chroma says", () => {
    for (const [lightness, hue] of [
      [20, 0.3],
      [50, 2],
      [80, 4.5],
    ] as const) {
      const chroma = largestChroma(lightness, hue);
      const at = (c: number) => [lightness, c * Math.cos(hue), c * Math.sin(hue)] as const;
      assert.ok(inGamut(at(chroma)) && !inGamut(at(chroma + 0.5), 0));
    }
  });

  it("shows a colour at another lightness with its hue kept", () => {
    const [l, a, b] = hexToLab(atLightness("#c03a30", 85));
    const [, wantedA, wantedB] = hexToLab("#c03a30");
    assert.ok(Math.abs(l - 85) < 1);
    assert.ok(Math.abs(Math.atan2(b, a) - Math.atan2(wantedB, wantedA)) < 0.03);
  });

  it("weakens a colour that is too strong, and only so far as it must", () => {
    const strong = [85, 60, 45] as const;
    const [l, a, b] = weakened(strong);
    assert.equal(l, 85);
    assert.ok(Math.abs(a / b - 60 / 45) < 1e-9 && inGamut([l, a, b]));
    assert.ok(!inGamut([l, a * 1.02, b * 1.02]));
    assert.deepEqual(weakened([50, 10, 5]), [50, 10, 5]);
  });

  it("keeps a colour that fits as it is", () => {
    const [l, a, b] = hexToLab(atLightness("#968a5f", 40));
    const [, wantedA, wantedB] = hexToLab("#968a5f");
    assert.ok(Math.hypot(l - 40, a - wantedA, b - wantedB) < 0.6);
  });
});

describe("a colour code", () => {
  it("is understood as people write it", () => {
    assert.equal(normalHex(" #7A4b2C "), "#7a4b2c");
    assert.equal(normalHex("7a4b2c"), "#7a4b2c");
    assert.equal(normalHex("#fa0"), "#ffaa00");
  });

  it("is refused when it is none", () => {
    for (const text of ["", "#12", "#12345g", "red", "#1234567"]) {
      assert.equal(normalHex(text), null);
    }
  });
});

const COLORS = STARTERS.flatMap(({ colors }) => colors);

describe("the colours to start with", () => {
  it("are named once each", () => {
    assert.equal(new Set(COLORS.map(({ name }) => name)).size, COLORS.length);
    assert.ok(COLORS.every(({ color }) => normalHex(color) === color));
  });

  it("give way to the last used, newest first, each once", () => {
    let recent: string[] = [];
    for (const color of ["#111111", "#222222", "#111111"]) recent = remember(recent, color);
    assert.deepEqual(recent, ["#111111", "#222222"]);
    for (const { color } of COLORS) recent = remember(recent, color);
    assert.equal(recent.length, RECENT_COUNT);
  });
});
