import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  clamp,
  fit,
  MAX_SCALE,
  panned,
  pinched,
  radiusOnScreen,
  smallestScale,
  toPhoto,
  toScreen,
  type View,
  zoomAt,
} from "../src/core/geometry.ts";

const photo = { width: 1200, height: 800 };
const stage = { width: 1000, height: 700 };

function close(found: number, wanted: number, slack = 1e-9): void {
  assert.ok(Math.abs(found - wanted) <= slack, `${found} is not ${wanted}`);
}

describe("a view", () => {
  it("fits the whole photo, in the middle", () => {
    const view = fit(photo, stage);
    close(view.x, (1000 - 1200 * view.scale) / 2);
    close(view.y, (700 - 800 * view.scale) / 2);
    assert.ok(1200 * view.scale <= 1000 && 800 * view.scale <= 700);
  });

  it("does not blow up a tiny photo without end", () => {
    assert.equal(fit({ width: 16, height: 16 }, stage).scale, 8);
  });

  it("leads to the screen and back", () => {
    const view: View = { scale: 0.37, x: -120, y: 45 };
    const back = toPhoto(view, toScreen(view, { x: 0.25, y: 0.75 }, photo), photo);
    close(back.x, 0.25);
    close(back.y, 0.75);
  });

  it("draws a radius relative to the longer side", () => {
    assert.equal(radiusOnScreen({ scale: 0.5, x: 0, y: 0 }, 0.01, photo), 6);
  });
});

describe("zooming", () => {
  const start = fit(photo, stage);
  const at = { x: 300, y: 250 };

  it("keeps what is under the pointer under it", () => {
    const before = toPhoto(start, at, photo);
    const after = toPhoto(zoomAt(start, 3, at, photo, stage), at, photo);
    close(after.x, before.x);
    close(after.y, before.y);
  });

  it("ends at its limits", () => {
    assert.equal(zoomAt(start, 1e9, at, photo, stage).scale, MAX_SCALE);
    assert.equal(zoomAt(start, 1e-9, at, photo, stage).scale, smallestScale(photo, stage));
  });

  it("never loses the photo", () => {
    for (const [dx, dy] of [
      [1e6, 0],
      [-1e6, 1e6],
      [0, -1e6],
    ] as const) {
      const view = panned(start, dx, dy, photo, stage);
      assert.ok(view.x < stage.width && view.x + photo.width * view.scale > 0);
      assert.ok(view.y < stage.height && view.y + photo.height * view.scale > 0);
    }
  });

  it("leaves a view alone that shows the photo", () => {
    assert.deepEqual(clamp(start, photo, stage), start);
  });
});

describe("two fingers", () => {
  const start = fit(photo, stage);

  it("hold the places they touch", () => {
    const before = [
      { x: 400, y: 300 },
      { x: 600, y: 400 },
    ] as const;
    const after = [
      { x: 380, y: 320 },
      { x: 780, y: 520 },
    ] as const;
    const view = pinched(start, before, after, photo, stage);
    close(view.scale, start.scale * 2);
    for (const finger of [0, 1] as const) {
      const held = toPhoto(start, before[finger], photo);
      const now = toPhoto(view, after[finger], photo);
      close(now.x, held.x);
      close(now.y, held.y);
    }
  });
});
