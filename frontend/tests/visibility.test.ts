import assert from "node:assert/strict";
import { test } from "node:test";
import { hexToLab } from "../src/core/color.ts";
import { distinct, faintAt } from "../src/core/visibility.ts";

test("a strong colour is faint on white and in black, and nowhere between", () => {
  assert.equal(faintAt("#86b5df", 99)?.place, "white");
  assert.equal(faintAt("#86b5df", 3)?.place, "black");
  for (const lightness of [25, 50, 75]) assert.equal(faintAt("#86b5df", lightness), null);
});

test("the nearest colour has the place's lightness and the requested hue", () => {
  const [l, a, b] = hexToLab(faintAt("#c03a30", 98)?.color ?? "");
  const [, wantedA, wantedB] = hexToLab("#c03a30");
  assert.ok(Math.abs(l - 98) < 1);
  assert.ok(Math.abs(Math.atan2(b, a) - Math.atan2(wantedB, wantedA)) < 0.5);
});

test("a grey loses nothing anywhere", () => {
  for (const lightness of [0, 50, 100]) assert.equal(faintAt("#808080", lightness), null);
});

test("one grey six times is one suggestion", () => {
  const greys = ["#808080", "#828081", "#7f8180", "#808280", "#818181", "#7e8080"];
  const weights = greys.map((color, at) => ({ color, weight: 1 / (at + 1) }));
  assert.deepEqual(distinct(weights), weights.slice(0, 1));
  const colors = ["#808080", "#c03a30", "#2f6b4f"].map((color) => ({ color }));
  assert.deepEqual(distinct(colors), colors);
});
