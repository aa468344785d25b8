import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Action, Phase } from "../src/engine/gestures.ts";
import { DEFAULT_LIMITS, HintSet, pathOf, pointHint } from "../src/engine/hints.ts";
import { type Change, type Desk, Painter } from "../src/engine/painting.ts";

/** A photo of 1000 x 500 at half its size, 100 px from the stage's corner. */
const desk: Desk = {
  photo: { width: 1000, height: 500 },
  view: { scale: 0.5, x: 100, y: 100 },
  color: "#86b5df",
  brush: 0.01,
  eraser: 0.02,
  limits: DEFAULT_LIMITS,
};

type Step = readonly [phase: Phase, x: number, y: number, straight?: boolean];

function run(type: "stroke" | "erase", steps: readonly Step[], present = HintSet.empty): Change {
  const painter = new Painter();
  let change: Change | null = { hints: present, done: false };
  for (const [phase, x, y, straight = false] of steps) {
    const action: Action = { type, phase, at: { x, y }, straight };
    change = painter.apply(action, change?.hints ?? present, desk);
  }
  assert.ok(change);
  return change;
}

describe("the brush", () => {
  it("leaves a point where it only taps", () => {
    const { hints, done } = run("stroke", [
      ["begin", 350, 225],
      ["go", 352, 226],
      ["end", 352, 226],
    ]);
    assert.ok(done);
    assert.deepEqual(hints.hints, [pointHint(0.5, 0.5, 0.01, "#86b5df")]);
  });

  it("leaves a stroke where it is dragged, shown while it grows", () => {
    const growing = run("stroke", [
      ["begin", 150, 150],
      ["go", 250, 150],
    ]);
    assert.ok(!growing.done);
    assert.deepEqual(growing.hints.hints.map(pathOf), [
      [
        [0.1, 0.2],
        [0.3, 0.2],
      ],
    ]);
  });

  it("draws straight while asked to", () => {
    const { hints } = run("stroke", [
      ["begin", 150, 150],
      ["go", 200, 250, true],
      ["end", 350, 225, true],
    ]);
    assert.deepEqual(pathOf(hints.hints[0] ?? pointHint(0, 0, 1, "")), [
      [0.1, 0.2],
      [0.5, 0.5],
    ]);
  });

  it("leaves nothing beside the photo", () => {
    const { hints } = run("stroke", [
      ["begin", 20, 20],
      ["end", 20, 20],
    ]);
    assert.equal(hints.size, 0);
  });

  it("leaves nothing of a cancelled stroke", () => {
    const present = new HintSet([pointHint(0.1, 0.1, 0.01, "#112233")]);
    const steps: Step[] = [
      ["begin", 150, 150],
      ["go", 250, 150],
      ["cancel", 250, 150],
    ];
    assert.deepEqual(run("stroke", steps, present), { hints: present, done: false });
  });
});

describe("the eraser", () => {
  it("misses nothing on a fast way", () => {
    const row = new HintSet([0.2, 0.4, 0.6].map((x) => pointHint(x, 0.5, 0.005, "#112233")));
    const { hints, done } = run(
      "erase",
      [
        ["begin", 110, 225],
        ["end", 590, 225],
      ],
      row,
    );
    assert.ok(done);
    assert.equal(hints.size, 0);
  });
});

describe("dragging a hint", () => {
  it("moves it by what the pointer moved, from where it was", () => {
    const painter = new Painter();
    const present = new HintSet([pointHint(0.5, 0.5, 0.01, "#112233")]);
    const drag = (phase: Phase, dx: number): Action => ({
      type: "drag",
      phase,
      index: 0,
      dx,
      dy: 0,
    });
    const begun = painter.apply(drag("begin", 10), present, desk);
    const ended = painter.apply(drag("end", 50), begun?.hints ?? present, desk);
    assert.deepEqual(ended?.hints.hints, [pointHint(0.6, 0.5, 0.01, "#112233")]);
    assert.ok(ended?.done);
  });
});

describe("another window's change", () => {
  it("stays below a stroke that goes on", () => {
    const painter = new Painter();
    const other = new HintSet([pointHint(0.9, 0.9, 0.01, "#112233")]);
    painter.apply(
      { type: "stroke", phase: "begin", at: { x: 150, y: 150 }, straight: false },
      HintSet.empty,
      desk,
    );
    painter.rebase(other);
    const change = painter.apply(
      { type: "stroke", phase: "end", at: { x: 250, y: 150 }, straight: false },
      other,
      desk,
    );
    assert.equal(change?.hints.size, 2);
    assert.equal(change?.hints.hints[0], other.hints[0]);
  });
});
