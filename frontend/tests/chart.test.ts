import assert from "node:assert/strict";
import { test } from "node:test";
import {
  categories,
  describe,
  isMarked,
  looked,
  type Series,
  shown,
} from "../src/staff/chart-data.ts";

function lines(count: number, muted = false): Series[] {
  return Array.from({ length: count }, (_, n) => ({ name: `line ${n}`, points: [], muted }));
}

test("lines are told apart without colour", () => {
  for (const series of [lines(18), lines(12, true)]) {
    const seen = new Set(looked(series).map(({ look }) => `${look.marker} ${look.dash}`));
    assert.equal(seen.size, series.length);
  }
});

test("context is grey and never solid, subjects begin solid", () => {
  const looks = looked([...lines(4, true), ...lines(6)]).map(({ look }) => look);
  for (const look of looks.slice(0, 4)) {
    assert.equal(look.className, "series-muted");
    assert.notEqual(look.dash.length, 0);
  }
  for (const look of looks.slice(4)) assert.equal(look.dash.length, 0);
  assert.equal(new Set(looks.slice(4).map(({ className }) => className)).size, 6);
});

test("a short line has a marker at each point, a long one a dozen and its last", () => {
  const marked = (count: number) =>
    Array.from({ length: count }, (_, n) => n).filter((n) => isMarked(n, count));
  assert.equal(marked(9).length, 9);
  assert.ok(marked(1000).length <= 13);
  assert.ok(marked(1000).includes(999));
});

test("an axis of categories has each once, in the order of the series", () => {
  const series: Series[] = [
    { name: "prior", points: [["@1", 23], ["@10", 26]] }, // biome-ignore format: two points
    { name: "net", points: [["@0", 24], ["@1", 25]] }, // biome-ignore format: two points
  ];
  assert.deepEqual(categories(series), ["@1", "@10", "@0"]);
});

test("what an axis cannot show is left out", () => {
  const series: Series = {
    name: "loss",
    points: [
      [0, 1],
      [1, Number.NaN],
      [2, 3],
    ],
  };
  assert.deepEqual(shown(series, "log"), [[2, 3]]);
  assert.deepEqual(shown(series, "linear"), [
    [0, 1],
    [2, 3],
  ]);
});

test("a chart's words name what it shows", () => {
  const words = describe({
    title: "Training",
    x: { label: "step", kind: "linear" },
    y: { label: "PSNR, dB" },
    series: lines(2),
  });
  assert.equal(words, "Training. PSNR, dB; step: line 0, line 1");
});
