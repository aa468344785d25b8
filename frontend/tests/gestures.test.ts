import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type Action,
  Gestures,
  type PointerInput,
  type Situation,
  type Tool,
} from "../src/core/gestures.ts";

function situation(tool: Tool, more: Partial<Situation> = {}): Situation {
  return { tool, space: false, hit: () => -1, ...more };
}

function pointer(x: number, y: number, more: Partial<PointerInput> = {}): PointerInput {
  return { id: 1, kind: "mouse", button: 0, shift: false, alt: false, x, y, ...more };
}

const finger = (id: number, x: number, y: number) => pointer(x, y, { id, kind: "touch" });
const pen = (x: number, y: number) => pointer(x, y, { id: 9, kind: "pen" });
const names = (actions: Action[]) =>
  actions.map((action) => ("phase" in action ? `${action.type} ${action.phase}` : action.type));

describe("a mouse", () => {
  it("draws with the left button, from press to release", () => {
    const machine = new Gestures();
    const all = [
      machine.down(pointer(10, 10), situation("brush")),
      machine.move(pointer(20, 10)),
      machine.up(pointer(20, 10)),
      machine.move(pointer(30, 10)),
    ];
    assert.deepEqual(names(all.flat()), ["stroke begin", "stroke go", "stroke end"]);
    assert.ok(!machine.busy);
  });

  it("pans with the middle button and while Space is held", () => {
    for (const [input, held] of [
      [pointer(10, 10, { button: 1 }), false],
      [pointer(10, 10), true],
    ] as const) {
      const machine = new Gestures();
      assert.deepEqual(machine.down(input, situation("brush", { space: held })), []);
      assert.deepEqual(machine.move({ ...input, x: 15, y: 7 }), [{ type: "pan", dx: 5, dy: -3 }]);
      assert.deepEqual(machine.up(input), []);
    }
  });

  it("deletes the hint under the right button", () => {
    const machine = new Gestures();
    const right = pointer(10, 10, { button: 2 });
    assert.deepEqual(machine.down(right, situation("brush", { hit: () => 4 })), [
      { type: "delete", index: 4 },
    ]);
    assert.deepEqual(machine.down(right, situation("brush")), []);
    assert.ok(!machine.busy);
  });

  it("picks a colour while Alt is held", () => {
    const machine = new Gestures();
    const actions = machine.down(pointer(10, 10, { alt: true }), situation("brush"));
    assert.deepEqual(names(actions), ["pick begin"]);
  });

  it("asks for a straight stroke while Shift is held", () => {
    const machine = new Gestures();
    machine.down(pointer(10, 10), situation("brush"));
    const [action] = machine.move(pointer(50, 20, { shift: true }));
    assert.ok(action?.type === "stroke" && action.straight);
  });
});

describe("the move tool on an empty place", () => {
  const down = (machine: Gestures) => machine.down(pointer(10, 10), situation("move"));

  it("taps where it does not move", () => {
    const machine = new Gestures();
    down(machine);
    machine.move(pointer(11, 11));
    assert.deepEqual(machine.up(pointer(11, 11)), [{ type: "tap", at: { x: 10, y: 10 } }]);
  });

  it("does not tap after it has moved the picture, even back to where it began", () => {
    const machine = new Gestures();
    down(machine);
    machine.move(pointer(60, 10));
    machine.move(pointer(10, 10));
    assert.deepEqual(machine.up(pointer(10, 10)), []);
  });

  it("does not tap when the system takes the pointer away", () => {
    const machine = new Gestures();
    down(machine);
    assert.deepEqual(machine.cancel(pointer(10, 10)), []);
  });
});

describe("the move tool", () => {
  const onHint = situation("move", { hit: () => 2 });

  it("drags a hint by what the pointer moved since it went down", () => {
    const machine = new Gestures();
    assert.deepEqual(machine.down(pointer(10, 10), onHint), [
      { type: "select", index: 2, more: false },
    ]);
    assert.deepEqual(machine.move(pointer(11, 10)), [], "a trembling hand moves nothing");
    assert.deepEqual(machine.move(pointer(30, 10)), [
      { type: "drag", phase: "begin", index: 2, dx: 20, dy: 0 },
    ]);
    assert.deepEqual(names(machine.up(pointer(40, 10))), ["drag end"]);
  });

  it("only selects with a click", () => {
    const machine = new Gestures();
    machine.down(pointer(10, 10), onHint);
    assert.deepEqual(machine.up(pointer(10, 10)), []);
  });

  it("lets go of the chosen hint and pans beside hints", () => {
    const machine = new Gestures();
    const down = machine.down(pointer(10, 10), situation("move"));
    assert.deepEqual(down, [{ type: "select", index: -1, more: false }]);
    assert.deepEqual(names(machine.move(pointer(20, 20))), ["pan"]);
  });
});

describe("fingers", () => {
  it("draw alone and pinch together", () => {
    const machine = new Gestures();
    const brush = situation("brush");
    assert.deepEqual(names(machine.down(finger(1, 100, 100), brush)), ["stroke begin"]);
    assert.deepEqual(names(machine.down(finger(2, 200, 100), brush)), ["stroke cancel"]);
    assert.deepEqual(machine.move(finger(2, 220, 100)), [
      {
        type: "pinch",
        before: [
          { x: 200, y: 100 },
          { x: 100, y: 100 },
        ],
        after: [
          { x: 220, y: 100 },
          { x: 100, y: 100 },
        ],
      },
    ]);
  });

  it("pan with the one that stays after a pinch", () => {
    const machine = new Gestures();
    machine.down(finger(1, 100, 100), situation("brush"));
    machine.down(finger(2, 200, 100), situation("brush"));
    assert.deepEqual(machine.up(finger(1, 100, 100)), []);
    assert.deepEqual(machine.move(finger(2, 210, 105)), [{ type: "pan", dx: 10, dy: 5 }]);
    machine.up(finger(2, 210, 105));
    assert.ok(!machine.busy);
  });

  it("do not lose a long stroke to a resting second finger", () => {
    const machine = new Gestures();
    machine.down(finger(1, 100, 100), situation("brush"));
    machine.move(finger(1, 180, 100));
    assert.deepEqual(machine.down(finger(2, 300, 400), situation("brush")), []);
    assert.deepEqual(names(machine.move(finger(1, 190, 100))), ["stroke go"]);
  });

  it("leave the picture to the pen once there is one, and only move it", () => {
    const machine = new Gestures();
    machine.down(pen(10, 10), situation("brush"));
    assert.deepEqual(machine.down(finger(1, 300, 300), situation("brush")), [], "a resting palm");
    machine.up(pen(10, 10));
    machine.up(finger(1, 300, 300));
    assert.deepEqual(machine.down(finger(2, 50, 50), situation("brush")), []);
    assert.deepEqual(names(machine.move(finger(2, 60, 50))), ["pan"]);
  });

  it("give way to a pen that comes later", () => {
    const machine = new Gestures();
    machine.down(finger(1, 100, 100), situation("brush"));
    const actions = machine.down(pen(10, 10), situation("brush"));
    assert.deepEqual(names(actions), ["stroke cancel", "stroke begin"]);
  });
});

describe("an interrupted gesture", () => {
  it("is undone when the system takes the pointer", () => {
    const machine = new Gestures();
    machine.down(pointer(10, 10), situation("eraser"));
    assert.deepEqual(names(machine.cancel(pointer(10, 10))), ["erase cancel"]);
  });

  it("is undone by Escape or a lost window", () => {
    const machine = new Gestures();
    machine.down(pointer(10, 10), situation("brush"));
    assert.deepEqual(names(machine.abort()), ["stroke cancel"]);
    assert.deepEqual(machine.move(pointer(20, 20)), []);
  });
});
