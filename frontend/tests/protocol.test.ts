import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readDraft, writeDraft } from "../src/engine/draft.ts";
import { HintSet, pointHint } from "../src/engine/hints.ts";
import { PALETTE } from "../src/engine/palette.ts";
import { parseMessage } from "../src/engine/protocol.ts";
import { en } from "../src/i18n/en.ts";
import { messagesFor } from "../src/i18n/index.ts";
import { ko } from "../src/i18n/ko.ts";

const hints = { version: 1, hints: [] };
const chroma = {
  revision: 3,
  job: "j",
  model: "rehue-1",
  width: 4,
  height: 3,
  encoding: "ab8-deflate",
  data: "eJw=",
  seconds: 0.1,
};
const job = {
  job: "j",
  kind: "chroma",
  status: "done",
  attempt: 1,
  seq: 3,
  revision: 3,
  error: "",
};
const read = (value: unknown) => parseMessage(JSON.stringify(value));

describe("a message of the server", () => {
  it("is read in every kind", () => {
    const photo = { id: "p", title: "", width: 4, height: 3 };
    const snapshot = read({ type: "snapshot", photo, revision: 3, hints, chroma, job });
    assert.ok(snapshot?.type === "snapshot" && snapshot.chroma?.revision === 3);
    assert.equal(snapshot.job?.status, "done");
    assert.equal(
      read({ type: "snapshot", photo, revision: 0, hints, chroma: null, job: null })?.type,
      "snapshot",
    );
    assert.equal(read({ type: "job", ...job })?.type, "job");
    assert.equal(read({ type: "chroma", ...chroma })?.type, "chroma");
    assert.equal(
      read({ type: "version", id: "v", job: "j", revision: 3, width: 4, height: 3 })?.type,
      "version",
    );
    assert.equal(read({ type: "error", code: "c", message: "m", revision: null })?.type, "error");
    assert.equal(read({ type: "revoked" })?.type, "revoked");
    assert.equal(read({ type: "pong" })?.type, "pong");
  });

  it("is passed over when it is damaged or new", () => {
    for (const value of [
      { type: "weather" },
      { type: "chroma", ...chroma, encoding: "jpeg" },
      { type: "chroma", ...chroma, revision: -1 },
      { type: "snapshot", revision: 3, hints: { version: 9 }, chroma: null, job: null },
      { type: "job", ...job, seq: 1.5 },
      [],
      null,
    ]) {
      assert.equal(read(value), null);
    }
    assert.equal(parseMessage("{"), null);
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
    assert.equal(messagesFor("ko-KR"), ko);
    assert.equal(messagesFor("en"), en);
    assert.equal(messagesFor("fr"), en);
  });

  it("name every colour of the palette in every language", () => {
    for (const words of [en, ko]) {
      assert.deepEqual(Object.keys(words.colors).sort(), PALETTE.map(({ name }) => name).sort());
    }
  });
});
