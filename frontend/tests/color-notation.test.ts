import assert from "node:assert/strict";
import { test } from "node:test";
import { hexToLab } from "../src/core/color.ts";
import { NOTATIONS, readColor, writeColor } from "../src/core/color-notation.ts";

test("a colour is read in each notation", () => {
  for (const text of [
    "#7a4b2c",
    "7A4B2C",
    "rgb(122 75 44)",
    "rgb(122, 75, 44)",
    "RGB( 122 75 44 )",
  ]) {
    assert.equal(readColor(text), "#7a4b2c");
  }
  const [, a, b] = hexToLab(readColor("lab(36% 17 24)") ?? "");
  assert.ok(Math.abs(a - 17) < 1 && Math.abs(b - 24) < 1);
});

test("what is no colour is none", () => {
  for (const text of ["", "red", "#12", "rgb(1 2)", "rgb(300 0 0)", "lab(120 0 0)", "lab(a b c)"]) {
    assert.equal(readColor(text), null);
  }
});

test("a Lab colour that no screen shows keeps its hue", () => {
  const [l, a, b] = hexToLab(readColor("lab(50 100 100)") ?? "");
  assert.ok(Math.abs(l - 50) < 1 && a < 100 && Math.abs(a - b) < 6);
});

test("each notation is read as it was written", () => {
  for (const hex of ["#000000", "#ffffff", "#86b5df", "#c03a30"]) {
    for (const notation of NOTATIONS) {
      const back = readColor(writeColor(hex, notation)) ?? "";
      const [first, second] = [hexToLab(hex), hexToLab(back)];
      assert.ok(
        first.every((value, at) => Math.abs(value - (second[at] as number)) < 1.5),
        back,
      );
    }
  }
});
