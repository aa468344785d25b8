import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HintSet, pointHint } from "../src/core/hints.ts";
import { History, MAX_STEPS } from "../src/core/history.ts";

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

  it("undoes one's own step, never what another window did", () => {
    const theirs = pointHint(0.9, 0.9, 0.01, "#778899");
    const history = new History().push(one).push(two).adopt(two.add(theirs));
    assert.deepEqual(history.undo().present.hints, [...one.hints, theirs]);
    assert.deepEqual(history.undo().undo().present.hints, [theirs]);
    assert.equal(history.undo().undo().canUndo, false);
    assert.equal(history.undo().redo().present.size, 3);
  });

  it("brings deleted hints back beside those that came later", () => {
    const theirs = pointHint(0.9, 0.9, 0.01, "#778899");
    const cleared = new History(two).push(two.withHints([])).adopt(HintSet.empty.add(theirs));
    assert.deepEqual(cleared.undo().present.hints, [theirs, ...two.hints]);
  });

  it("goes over regions and controls as over hints", () => {
    const face = {
      name: "face",
      points: [
        [0, 0],
        [1, 0],
        [1, 1],
      ] as const,
    };
    const fenced = one.addRegion(face);
    const warm = fenced.control({ warmth: 0.5 });
    const history = new History(one).push(fenced).push(warm);
    assert.ok(history.undo().present.equals(fenced));
    assert.ok(history.undo().undo().present.equals(one));
  });

  it("takes an amended step back whole", () => {
    const recolored = one.replace(0, pointHint(0.1, 0.1, 0.01, "#abcdef"));
    const history = new History().push(one).amend(recolored);
    assert.equal(history.present, recolored);
    assert.equal(history.undo().present, HintSet.empty);
    assert.equal(history.undo().redo().present, recolored);
  });

  it("remembers no more steps than it may", () => {
    let history = new History();
    for (let step = 0; step < MAX_STEPS + 5; step++) {
      history = history.push(HintSet.empty.add(pointHint(step / 1000, 0.5, 0.01, "#112233")));
    }
    assert.equal(history.past.length, MAX_STEPS);
  });
});
