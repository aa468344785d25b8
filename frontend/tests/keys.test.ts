import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { commandFor, type KeyInput, type WheelInput, wheelIntent } from "../src/core/keys.ts";

function key(code: string, name: string, more: Partial<KeyInput> = {}): KeyInput {
  return {
    code,
    key: name,
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    altKey: false,
    ...more,
  };
}

function wheel(more: Partial<WheelInput>): WheelInput {
  return {
    deltaX: 0,
    deltaY: 0,
    deltaMode: 0,
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    altKey: false,
    ...more,
  };
}

describe("keys", () => {
  it("work while Hangul is typed, by their place", () => {
    assert.equal(commandFor(key("KeyB", "ㅠ")), "brush");
    assert.equal(commandFor(key("KeyZ", "ㅋ", { ctrlKey: true })), "undo");
  });

  it("undo and redo as on every system", () => {
    assert.equal(commandFor(key("KeyZ", "z", { metaKey: true })), "undo");
    assert.equal(commandFor(key("KeyZ", "Z", { metaKey: true, shiftKey: true })), "redo");
    assert.equal(commandFor(key("KeyY", "y", { ctrlKey: true })), "redo");
  });

  it("leave the browser's own commands alone", () => {
    assert.equal(commandFor(key("KeyC", "c", { ctrlKey: true })), null);
    assert.equal(commandFor(key("Digit1", "1", { metaKey: true })), null);
    assert.equal(commandFor(key("ArrowLeft", "ArrowLeft", { altKey: true })), null);
  });

  it("size the brush by brackets wherever the layout has them", () => {
    assert.equal(commandFor(key("BracketLeft", "ü")), "smaller");
    assert.equal(commandFor(key("Digit9", "]")), "larger");
  });

  it("take suggested colours by number, on either part of the keyboard", () => {
    assert.equal(commandFor(key("Digit1", "1")), "suggestion-1");
    assert.equal(commandFor(key("Numpad6", "6")), "suggestion-6");
    assert.equal(commandFor(key("Digit9", "9")), "full");
  });

  it("show the list on a question mark", () => {
    assert.equal(commandFor(key("Slash", "?", { shiftKey: true })), "help");
  });
});

describe("a wheel", () => {
  it("zooms in when turned away, out when turned back", () => {
    const away = wheelIntent(wheel({ deltaY: -120 }));
    const back = wheelIntent(wheel({ deltaY: 120 }));
    assert.ok(away.type === "zoom" && away.factor > 1);
    assert.ok(back.type === "zoom" && back.factor < 1);
    assert.ok(Math.abs(away.factor * back.factor - 1) < 1e-9);
  });

  it("zooms by lines too", () => {
    assert.equal(wheelIntent(wheel({ deltaY: 3, deltaMode: 1 })).type, "zoom");
  });

  it("sizes the brush with Alt or Shift, whose wheel some systems turn sideways", () => {
    assert.equal(wheelIntent(wheel({ deltaY: -120, altKey: true })).type, "size");
    const sideways = wheelIntent(wheel({ deltaX: -120, shiftKey: true }));
    assert.ok(sideways.type === "size" && sideways.factor > 1);
  });

  it("pans on a touch pad, and zooms when pinched there", () => {
    assert.deepEqual(wheelIntent(wheel({ deltaX: 4, deltaY: 9 })), {
      type: "pan",
      dx: -4,
      dy: -9,
    });
    assert.equal(wheelIntent(wheel({ deltaY: -3, ctrlKey: true })).type, "zoom");
  });
});
