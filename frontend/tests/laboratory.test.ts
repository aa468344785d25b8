/** The live page of a run: charts that grow, durations. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { clock, remaining } from "../src/core/clock.ts";
import { withRows } from "../src/staff/chart-rows.ts";

const CHART = {
  title: "PSNR",
  x: { label: "Step", kind: "linear" },
  y: { label: "dB" },
  series: [
    {
      name: "PSNR",
      points: [
        [10, 24],
        [20, 25],
      ],
    },
  ],
} as const;

test("rows lengthen a chart in order, and a measurement taken again replaces its point", () => {
  const rows = [
    { step: 30, psnr: 26 },
    { step: 20, psnr: 25.5 },
    { step: 40, psnr: null },
  ];
  const longer = withRows(CHART, rows, "step", "psnr");
  assert.deepEqual(longer.series[0]?.points, [
    [10, 24],
    [20, 25.5],
    [30, 26],
  ]);
  assert.deepEqual(CHART.series[0].points, [
    [10, 24],
    [20, 25],
  ]);
});

test("rows without anything for a chart leave it alone, so that it is not drawn again", () => {
  assert.equal(withRows(CHART, [{ step: 30, loss: 0.1 }], "step", "psnr"), CHART);
});

test("durations are written as on the server", () => {
  assert.deepEqual([0, 59.6, 3661, 360_000].map(clock), [
    "0:00:00",
    "0:01:00",
    "1:01:01",
    "100:00:00",
  ]);
});

test("what remains is told once something is done", () => {
  assert.equal(remaining(0, 90, 0), null);
  assert.equal(remaining(30, 90, 12), 24);
  assert.equal(remaining(95, 90, 12), 0);
});
