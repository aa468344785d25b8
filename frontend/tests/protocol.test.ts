import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readDraft, writeDraft } from "../src/core/draft.ts";
import { HintSet, pointHint } from "../src/core/hints.ts";
import { withHints } from "../src/core/protocol.ts";
import { STARTERS } from "../src/core/starters.ts";
import type { Server } from "../src/generated/websocket.ts";
import { readFrame } from "../src/shared/api/frames.ts";
import { isKorean } from "../src/shared/i18n/index.ts";
import { en } from "../src/studio/messages.en.ts";
import { ko } from "../src/studio/messages.ko.ts";

const hints = { version: 1, hints: [] };
const photo = { id: "p", title: "", width: 4, height: 3 };
const snapshot = { type: "snapshot", photo, revision: 3, hints, chroma: null, job: null };
const read = (value: unknown) => {
  const frame = readFrame<Server>(JSON.stringify(value));
  return frame && withHints(frame);
};

describe("a message of the server", () => {
  it("is read with its hints", () => {
    const message = read(snapshot);
    assert.ok(message?.type === "snapshot" && message.hints.equals(HintSet.empty));
    assert.equal(read({ type: "revoked" })?.type, "revoked");
  });

  it("is passed over when it is damaged, or its hints are a newer server's", () => {
    for (const value of [{ ...snapshot, hints: { version: 9 } }, { kind: "pong" }, [], null, 3]) {
      assert.equal(read(value), null);
    }
    assert.equal(readFrame("{"), null);
  });
});

describe("a draft", () => {
  it("comes back as it was kept", () => {
    const local = new HintSet([pointHint(0.5, 0.5, 0.01, "#112233")]);
    const draft = readDraft(writeDraft({ base: HintSet.empty, revision: 7, local }));
    assert.equal(draft?.revision, 7);
    assert.ok(draft?.local.equals(local) && draft.base.equals(HintSet.empty));
  });

  it("is none when it is broken", () => {
    for (const text of [null, "", "{", "{}", '{"revision":1,"base":{},"local":{}}']) {
      assert.equal(readDraft(text), null);
    }
  });
});

describe("the dictionaries", () => {
  it("are chosen by the page's language", () => {
    assert.deepEqual(["ko-KR", "KO", "en", "fr"].map(isKorean), [true, true, false, false]);
  });

  it("name every colour to start with in every language", () => {
    const names = STARTERS.flatMap(({ colors }) => colors.map(({ name }) => name));
    for (const words of [en, ko]) {
      assert.deepEqual(Object.keys(words.colors).sort(), names.sort());
    }
  });
});
