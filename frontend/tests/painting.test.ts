import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Action, Phase } from "../src/core/gestures.ts";
import { DEFAULT_LIMITS, HintSet, pathOf, pointHint } from "../src/core/hints.ts";
import { type Change, type PaintContext, Painter } from "../src/core/painting.ts";

/** A photo of 1000 x 500 at half its size, 100 px from the stage's corner. */
const context: PaintContext = {
  photo: { width: 1000, height: 500 },
  view: { scale: 0.5, x: 100, y: 100 },
  color: "#86b5df",
  brush: 0.01,
  eraser: 0.02,
  selection: new Set<number>(),
  limits: DEFAULT_LIMITS,
};

type Step = readonly [phase: Phase, x: number, y: number, straight?: boolean];

function run(type: "stroke" | "erase", steps: readonly Step[], present = HintSet.empty): Change {
  const painter = new Painter();
  let change: Change | null = { hints: present, done: false };
  for (const [phase, x, y, straight = false] of steps) {
    const action: Action = { type, phase, at: { x, y }, straight };
    change = painter.apply(action, change?.hints ?? present, context);
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
    const begun = painter.apply(drag("begin", 10), present, context);
    const ended = painter.apply(drag("end", 50), begun?.hints ?? present, context);
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
      context,
    );
    painter.rebase(other);
    const change = painter.apply(
      { type: "stroke", phase: "end", at: { x: 250, y: 150 }, straight: false },
      other,
      context,
    );
    assert.equal(change?.hints.size, 2);
    assert.equal(change?.hints.hints[0], other.hints[0]);
  });
});

describe("a pen", () => {
  const stroke = (pressure: number) => {
    const painter = new Painter();
    const act = (phase: Phase, x: number) =>
      painter.apply(
        { type: "stroke", phase, at: { x, y: 200 }, straight: false, pressure },
        HintSet.empty,
        context,
      );
    act("begin", 200);
    act("go", 300);
    return act("end", 300)?.hints.hints[0]?.radius ?? 0;
  };

  it("paints wider the harder it is pressed", () => {
    assert.ok(stroke(0.1) < stroke(0.5) && stroke(0.5) < stroke(1));
    assert.equal(stroke(0.5), context.brush);
  });
});

describe("Shift and a click", () => {
  it("draws a line from the last hint", () => {
    const painter = new Painter();
    const click = (x: number, y: number, straight: boolean, present: HintSet) => {
      const act = (phase: Phase) =>
        painter.apply({ type: "stroke", phase, at: { x, y }, straight }, present, context);
      act("begin");
      return act("end")?.hints ?? present;
    };
    const first = click(200, 200, false, HintSet.empty);
    const line = click(400, 200, true, first).hints[1];
    assert.deepEqual(line && pathOf(line), [
      [0.2, 0.4],
      [0.6, 0.4],
    ]);
  });

  it("paints a point where there is no last hint", () => {
    const change = run("stroke", [
      ["begin", 200, 200, true],
      ["end", 200, 200, true],
    ]);
    assert.equal(change.hints.hints[0]?.type, "point");
  });
});

describe("chosen hints", () => {
  it("are dragged together", () => {
    const present = new HintSet([0.2, 0.4, 0.6].map((x) => pointHint(x, 0.5, 0.01, "#112233")));
    const painter = new Painter();
    const drag = (phase: Phase, dx: number) =>
      painter.apply({ type: "drag", phase, index: 0, dx, dy: 0 }, present, {
        ...context,
        selection: new Set([0, 2]),
      });
    drag("begin", 0);
    const places = drag("end", 50)?.hints.hints.map((hint) => pathOf(hint)[0]?.[0]);
    assert.deepEqual(places, [0.3, 0.4, 0.7]);
  });
});
