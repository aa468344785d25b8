import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HintSet, pointHint } from "../src/engine/hints.ts";
import { History } from "../src/engine/history.ts";

const one = HintSet.empty.add(pointHint(0.1, 0.1, 0.01, "#112233"));
const two = one.add(pointHint(0.2, 0.2, 0.01, "#445566"));

describe("the history", () => {
  it("goes back to where it began, and forth again", () => {
    const history = new History().push(one).push(two);
    assert.equal(history.undo().undo().present, HintSet.empty);
    assert.equal(history.undo().undo().redo().redo().present, two);
  });

  it("has nothing beyond its ends", () => {
    const history = new History();
    assert.equal(history.undo(), history);
    assert.equal(history.redo(), history);
    assert.ok(!history.canUndo && !history.canRedo);
  });

  it("forgets the undone when something new is done", () => {
    const history = new History().push(one).undo().push(two);
    assert.ok(!history.canRedo);
    assert.equal(history.undo().present, HintSet.empty);
  });

  it("does not count a change that changes nothing", () => {
    const history = new History().push(one);
    assert.equal(history.push(new HintSet(one.hints)), history);
  });
});
