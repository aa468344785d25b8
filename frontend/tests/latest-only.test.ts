import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LatestOnly } from "../src/core/latest-only.ts";

const turn = () => new Promise((resolve) => setTimeout(resolve));

/** Questions are answered when the test says so. */
function asked() {
  const open: { question: number; answer: (value: string) => void; refuse: () => void }[] = [];
  const heard: string[] = [];
  const latest = new LatestOnly<number, string>(
    (question) =>
      new Promise((answer, refuse) => {
        open.push({ question, answer, refuse: () => refuse(new Error("no")) });
      }),
    (question, answer) => heard.push(`${question} ${answer}`),
    (_, question) => heard.push(`${question} failed`),
  );
  return { open, heard, latest };
}

describe("the latest question", () => {
  it("is asked at once, and answered", async () => {
    const { open, heard, latest } = asked();
    latest.put(1);
    assert.ok(latest.busy);
    open[0]?.answer("yes");
    await turn();
    assert.deepEqual(heard, ["1 yes"]);
    assert.ok(!latest.busy);
  });

  it("waits for the one under way, and takes the place of those that wait", async () => {
    const { open, heard, latest } = asked();
    for (const question of [1, 2, 3, 4]) latest.put(question);
    assert.deepEqual(
      open.map(({ question }) => question),
      [1],
    );
    open[0]?.answer("yes");
    await turn();
    open[1]?.answer("no");
    await turn();
    assert.deepEqual(heard, ["1 yes", "4 no"]);
    assert.equal(open.length, 2);
  });

  it("goes on after one that failed", async () => {
    const { open, heard, latest } = asked();
    latest.put(1);
    latest.put(2);
    open[0]?.refuse();
    await turn();
    open[1]?.answer("yes");
    await turn();
    assert.deepEqual(heard, ["1 failed", "2 yes"]);
  });

  it("is not asked any more once it is dropped", async () => {
    const { open, latest } = asked();
    latest.put(1);
    latest.put(2);
    latest.drop();
    open[0]?.answer("yes");
    await turn();
    assert.equal(open.length, 1);
  });
});
