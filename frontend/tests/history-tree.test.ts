import assert from "node:assert/strict";
import { test } from "node:test";
import { treeRows } from "../src/core/history-tree.ts";

const point = (id: string, parent: string | null, revision: number) => ({
  id,
  parent,
  revision,
  created: `2026-01-01T00:00:${String(revision).padStart(2, "0")}Z`,
});
const lanes = (points: Parameters<typeof treeRows>[0]) =>
  treeRows(points).map(({ point: { id }, lane, joins, below }) => [id, lane, joins, below]);

test("work that goes on is one lane, newest first", () => {
  assert.deepEqual(lanes([point("a", null, 1), point("b", "a", 2)]), [
    ["b", 0, [], [0]],
    ["a", 0, [0], []],
  ]);
});

test("a branch has a lane of its own, which ends in the point it began at", () => {
  const points = [point("a", null, 1), point("b", "a", 2), point("c", "a", 3), point("d", "c", 4)];
  assert.deepEqual(lanes(points), [
    ["d", 0, [], [0]],
    ["c", 0, [0], [0]],
    ["b", 1, [], [0, 1]],
    ["a", 0, [0, 1], []],
  ]);
});

test("a lane that has ended is used again", () => {
  const points = [point("a", null, 1), point("b", null, 2), point("c", null, 3)];
  assert.deepEqual(
    treeRows(points).map(({ lane }) => lane),
    [0, 0, 0],
  );
});

test("a parent that is not listed, or stands above, ends the lane", () => {
  assert.deepEqual(lanes([point("b", "gone", 2)]), [["b", 0, [], []]]);
  assert.deepEqual(lanes([point("b", null, 2), point("a", "b", 1)]), [
    ["b", 0, [], []],
    ["a", 0, [], []],
  ]);
});
