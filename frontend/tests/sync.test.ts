import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HintSet, pointHint } from "../src/core/hints.ts";
import type { ServerMessage } from "../src/core/protocol.ts";
import {
  type Effect,
  FIRST_RETRY,
  LAST_RETRY,
  PING_INTERVAL,
  PONG_DEADLINE,
  RESEND_INTERVAL,
  SEND_INTERVAL,
  Sync,
} from "../src/core/sync.ts";

const dot = (x: number) => pointHint(x, 0.5, 0.01, "#112233");
const set = (...places: number[]) => new HintSet(places.map(dot));
const half = () => 0.5;

function snapshot(revision: number, hints: HintSet): ServerMessage {
  const photo = { id: "p", title: "", width: 4, height: 3 };
  return { type: "snapshot", photo, revision, hints, chroma: null, job: null };
}

function saved(revision: number): ServerMessage {
  return {
    type: "job",
    job: "j",
    kind: "chroma",
    status: "queued",
    attempt: 1,
    seq: 1,
    revision,
    error: "",
  };
}

function fresh(base = HintSet.empty, revision = 0): Sync {
  const sync = new Sync({ base, revision, local: base }, half);
  sync.opened(0);
  sync.receive(snapshot(revision, base), 0);
  return sync;
}

const sent = (effects: Effect[]) =>
  effects.flatMap((effect) => (effect.type === "send" ? [effect.revision] : []));
const kinds = (effects: Effect[]) => effects.map((effect) => effect.type);

describe("saving", () => {
  it("sends a change at once, and knows it saved when the server speaks of it", () => {
    const sync = fresh();
    assert.equal(sync.saved, "saved");
    assert.deepEqual(sent(sync.edit(set(0.1), 100)), [1]);
    assert.equal(sync.saved, "saving");
    sync.receive(saved(1), 120);
    assert.equal(sync.saved, "saved");
    assert.equal(sync.savedRevision, 1);
  });

  it("sends the newest of many changes, not every one", () => {
    const sync = fresh();
    assert.deepEqual(sent(sync.edit(set(0.1), 100)), [1]);
    for (let at = 1; at <= 20; at++) {
      assert.deepEqual(sent(sync.edit(set(0.1 + at / 100), 100 + at)), []);
    }
    assert.equal(sync.wakeAt, 100 + SEND_INTERVAL);
    const effects = sync.tick(100 + SEND_INTERVAL);
    assert.deepEqual(sent(effects), [21]);
  });

  it("is not done when an older revision is confirmed", () => {
    const sync = fresh();
    sync.edit(set(0.1), 0);
    sync.edit(set(0.2), 200);
    sync.receive(saved(1), 210);
    assert.equal(sync.saved, "saving");
    assert.equal(sync.savedRevision, 1);
  });

  it("sends again what nobody confirms", () => {
    const sync = fresh();
    sync.edit(set(0.1), 0);
    assert.deepEqual(sent(sync.tick(RESEND_INTERVAL)), [1]);
  });

  it("does not send what equals what is there", () => {
    const sync = fresh(set(0.1), 4);
    assert.deepEqual(sync.edit(set(0.1), 10), []);
    assert.equal(sync.revision, 4);
  });

  it("waits for the snapshot before it sends", () => {
    const sync = new Sync({ base: HintSet.empty, revision: 0, local: HintSet.empty }, half);
    sync.opened(0);
    assert.deepEqual(sync.edit(set(0.1), 10), []);
    const effects = sync.receive(snapshot(6, HintSet.empty), 20);
    assert.deepEqual(sent(effects), [7]);
  });

  it("does not send a refused hint set again as it is", () => {
    const sync = fresh();
    sync.edit(set(0.1), 0);
    sync.receive({ type: "error", code: "bad_hints", message: "No.", revision: 1 }, 10);
    assert.deepEqual(sent(sync.tick(RESEND_INTERVAL * 3)), []);
    assert.deepEqual(sent(sync.edit(set(0.2), RESEND_INTERVAL * 4)), [2]);
  });

  it("slows down when it was too loud", () => {
    const sync = fresh();
    sync.edit(set(0.1), 0);
    sync.receive({ type: "error", code: "too_many", message: "Slowly.", revision: null }, 10);
    assert.equal(sync.wakeAt, 1010);
    assert.deepEqual(sent(sync.tick(1010)), [1]);
  });
});

describe("a lost connection", () => {
  it("is tried again, each time later, never later than the bound", () => {
    const sync = fresh();
    let now = 1000;
    const waits: number[] = [];
    for (let attempt = 0; attempt < 9; attempt++) {
      sync.closed(1006, now);
      assert.equal(sync.connection, "waiting");
      waits.push(sync.wakeAt - now);
      now = sync.wakeAt;
      assert.deepEqual(kinds(sync.tick(now)), ["connect"]);
      assert.equal(sync.connection, "connecting");
    }
    assert.deepEqual(waits.slice(0, 3), [FIRST_RETRY, 2 * FIRST_RETRY, 4 * FIRST_RETRY]);
    assert.equal(waits.at(-1), LAST_RETRY);
  });

  it("is tried at once when the network comes back", () => {
    const sync = fresh();
    sync.closed(1006, 0);
    assert.deepEqual(kinds(sync.wake(10)), ["connect"]);
    assert.deepEqual(kinds(sync.wake(20)), []);
  });

  it("loses nothing: what was painted meanwhile is sent on the snapshot", () => {
    const sync = fresh(set(0.1), 3);
    sync.closed(1006, 0);
    assert.deepEqual(sync.edit(set(0.1, 0.2), 10), []);
    assert.equal(sync.saved, "offline");
    sync.tick(sync.wakeAt);
    sync.opened(1000);
    const effects = sync.receive(snapshot(3, set(0.1)), 1010);
    assert.equal(sent(effects).length, 1);
    assert.ok((sent(effects)[0] ?? 0) > 3);
    assert.ok(sync.hints.equals(set(0.1, 0.2)));
  });

  it("knows its own hints again when only the answer was lost", () => {
    const sync = fresh();
    sync.edit(set(0.1), 0);
    sync.closed(1006, 5);
    sync.opened(1000);
    const effects = sync.receive(snapshot(1, set(0.1)), 1010);
    assert.deepEqual(kinds(effects), ["message"]);
    assert.equal(sync.saved, "saved");
    assert.equal(sync.revision, 1);
  });

  it("does not double a hint that moved on while its first place was being saved", () => {
    const sync = fresh();
    sync.edit(set(0.1), 0);
    sync.edit(set(0.2), 200);
    sync.closed(1006, 210);
    sync.opened(1000);
    sync.receive(snapshot(1, set(0.1)), 1010);
    assert.ok(sync.hints.equals(set(0.2)));
  });

  it("ends for good when the photo is gone", () => {
    const sync = fresh();
    sync.closed(4404, 0);
    assert.equal(sync.connection, "closed");
    assert.equal(sync.wakeAt, Number.POSITIVE_INFINITY);
  });

  it("comes back slowly when it was closed for being loud", () => {
    const sync = fresh();
    sync.closed(4408, 0);
    assert.equal(sync.wakeAt, FIRST_RETRY * 8);
  });

  it("is noticed on a silent network", () => {
    const sync = fresh();
    assert.deepEqual(kinds(sync.tick(PING_INTERVAL)), ["ping"]);
    assert.deepEqual(kinds(sync.tick(PING_INTERVAL + PONG_DEADLINE)), ["disconnect"]);
  });

  it("is not suspected while the server answers", () => {
    const sync = fresh();
    sync.tick(PING_INTERVAL);
    sync.receive({ type: "pong" }, PING_INTERVAL + 50);
    assert.deepEqual(kinds(sync.tick(PING_INTERVAL + PONG_DEADLINE)), []);
  });
});

describe("another window", () => {
  it("is followed when nothing was changed here", () => {
    const sync = fresh(set(0.1), 1);
    const effects = sync.receive(snapshot(2, set(0.1, 0.9)), 50);
    assert.deepEqual(kinds(effects), ["adopt", "message"]);
    assert.equal(sync.revision, 2);
    assert.equal(sync.saved, "saved");
  });

  it("and this one both keep their work when they meet", () => {
    const sync = fresh(set(0.1), 1);
    sync.edit(set(0.1, 0.2), 0);
    const effects = sync.receive(snapshot(2, set(0.1, 0.9)), 10);
    assert.ok(sync.hints.equals(set(0.1, 0.9, 0.2)));
    assert.equal(kinds(effects)[0], "adopt");
    const later = [...effects, ...sync.tick(SEND_INTERVAL)];
    assert.ok(sent(later).every((revision) => revision > 2));
    assert.equal(sent(later).length, 1);
  });

  it("does not start an endless answer and counter-answer", () => {
    const sync = fresh();
    sync.edit(set(0.1), 0);
    const first = sync.receive(snapshot(1, set(0.9)), 10);
    const second = sync.tick(SEND_INTERVAL);
    const revision = [...sent(first), ...sent(second)].at(-1) ?? 0;
    sync.receive(saved(revision), 200);
    assert.equal(sync.saved, "saved");
    assert.deepEqual(sent(sync.tick(RESEND_INTERVAL * 2)), []);
  });
});

describe("a draft", () => {
  it("is taken up where it was left", () => {
    const before = fresh(set(0.1), 3);
    before.closed(1006, 0);
    before.edit(set(0.1, 0.2), 10);
    const after = new Sync(before.start, half);
    assert.ok(after.dirty);
    after.opened(0);
    const effects = after.receive(snapshot(3, set(0.1)), 10);
    assert.equal(sent(effects).length, 1);
    assert.ok(after.hints.equals(set(0.1, 0.2)));
  });
});
