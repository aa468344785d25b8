import assert from "node:assert/strict";
import { test } from "node:test";
import { firstInSight, neighbour, spotOf, withPlace } from "../src/gallery/scroll-position.ts";
import { Selection } from "../src/gallery/selection.ts";
import { type Reporter, type Send, UploadQueue } from "../src/shared/upload/queue.ts";

const ORDER = ["a", "b", "c", "d", "e"];

test("a range goes from what was chosen last, either way", () => {
  const one = Selection.none.toggle("b");
  assert.deepEqual([...one.extend("d", ORDER).ids], ["b", "c", "d"]);
  assert.deepEqual([...one.extend("a", ORDER).ids], ["b", "a"]);
  const two = one.extend("d", ORDER).extend("a", ORDER);
  assert.equal(two.size, 4);
  assert.equal(two.anchor, "b");
});

test("a range without a beginning chooses one photo; with one that is gone, too", () => {
  assert.deepEqual([...Selection.none.extend("c", ORDER).ids], ["c"]);
  const gone = Selection.none.toggle("z").without(["z"]);
  assert.deepEqual([...gone.extend("c", ORDER).ids], ["c"]);
});

test("choosing twice is not choosing, and all are all", () => {
  assert.equal(Selection.none.toggle("a").toggle("a").size, 0);
  assert.equal(Selection.none.all(ORDER).size, 5);
  assert.equal(Selection.of(ORDER).without(["a", "z"]).size, 4);
  assert.equal(Selection.none.has("a"), false);
});

test("the place is the first card whose middle is in sight", () => {
  const boxes = [
    { id: "a", top: -300, bottom: -50 },
    { id: "b", top: -200, bottom: 50 },
    { id: "c", top: -40, bottom: 200 },
  ];
  assert.deepEqual(firstInSight(boxes, 0), { id: "c", offset: -40 });
  assert.equal(firstInSight(boxes.slice(0, 2), 0), null);
});

test("the place stands in the address and goes again", () => {
  const with_ = withPlace("http://x/photos?q=sea", "a");
  assert.equal(with_, "http://x/photos?q=sea&at=a");
  assert.equal(withPlace(with_, null), "http://x/photos?q=sea");
  assert.deepEqual(spotOf({ id: "a", offset: 3 }), { id: "a", offset: 3 });
  for (const wrong of [null, "x", {}, { id: "a" }]) assert.equal(spotOf(wrong), null);
});

test("arrow keys lead to the card beside, and not over the edge", () => {
  assert.equal(neighbour(4, "ArrowDown", 3, 9), 7);
  assert.equal(neighbour(1, "ArrowUp", 3, 9), 1);
  assert.equal(neighbour(8, "ArrowRight", 3, 9), 8);
  assert.equal(neighbour(5, "Home", 3, 9), 0);
  assert.equal(neighbour(5, "End", 3, 9), 8);
});

/** A sender whose news the test tells. */
function rig(parallel = 2) {
  const sent = new Map<string, Reporter<string>>();
  const log: string[] = [];
  const finished: string[] = [];
  const send: Send<string, string> = (source, news) => {
    sent.set(source, news);
    log.push(`send ${source}`);
    return {
      resume: () => log.push(`resume ${source}`),
      cancel: () => log.push(`cancel ${source}`),
    };
  };
  const queue = new UploadQueue(send, parallel, (photo) => photo && finished.push(photo));
  const states = () => queue.items.map((item) => `${item.source}:${item.status}`).join(" ");
  return { queue, sent, log, finished, states };
}

test("a few are sent at a time, and the next begins when one ends", () => {
  const { queue, sent, states, finished } = rig();
  queue.add(["a", "b", "c"]);
  assert.equal(states(), "a:sending b:sending c:waiting");
  sent.get("a")?.making();
  assert.equal(states(), "a:making b:sending c:waiting");
  sent.get("a")?.done("photo a");
  assert.equal(states(), "a:done b:sending c:sending");
  assert.deepEqual(finished, ["photo a"]);
  assert.equal(queue.active, 2);
});

test("what fails says why, keeps nothing up, and can be tried again", () => {
  const { queue, sent, log, states } = rig(1);
  queue.add(["a", "b"]);
  sent.get("a")?.failed("no picture");
  assert.equal(states(), "a:failed b:sending");
  assert.equal(queue.items[0]?.error, "no picture");
  queue.retry(1);
  assert.equal(states(), "a:waiting b:sending");
  sent.get("b")?.done("photo b");
  assert.equal(states(), "a:sending b:done");
  assert.deepEqual(log, ["send a", "send b", "send a"]);
});

test("what has stalled goes on, by itself or at once when told", () => {
  const { queue, sent, log, states } = rig();
  queue.add(["a"]);
  sent.get("a")?.progress(0.5);
  sent.get("a")?.stalled();
  assert.equal(states(), "a:stalled");
  queue.retryAll();
  assert.deepEqual(log, ["send a", "resume a"]);
  sent.get("a")?.progress(0.75);
  assert.equal(states(), "a:sending");
  assert.equal(queue.share, 0.75);
});

test("what is taken off is stopped, and its late news are nobody's", () => {
  const { queue, sent, log, states } = rig(1);
  queue.add(["a", "b"]);
  queue.remove(1);
  assert.equal(states(), "b:sending");
  sent.get("a")?.done("photo a");
  assert.equal(states(), "b:sending");
  assert.deepEqual(log, ["send a", "cancel a", "send b"]);
});

test("a file that fails at once does not hold its place", () => {
  const queue = new UploadQueue<string, string>(
    (source, news) => {
      if (source === "bad") news.failed("bad");
      return { resume: () => {}, cancel: () => {} };
    },
    1,
    () => {},
  );
  queue.add(["bad", "good"]);
  assert.deepEqual(
    queue.items.map(({ status }) => status),
    ["failed", "sending"],
  );
  queue.refuse("folder", "no");
  assert.equal(queue.count("failed"), 2);
});
