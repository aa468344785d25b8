/** From intentions to hint sets: what painting, erasing and dragging make of the hints. */
import { type Place, type Size, toPhoto, type View } from "./geometry.ts";
import type { Action, Phase } from "./gestures.ts";
import {
  type Hint,
  type HintLimits,
  HintSet,
  type Point,
  pointHint,
  shifted,
  strokeHint,
} from "./hints.ts";
import { erase } from "./hits.ts";
import { simplify } from "./simplify.ts";

/** What a gesture is done with. Radii are relative to the photo's longer side. */
export interface Desk {
  readonly photo: Size;
  readonly view: View;
  readonly color: string;
  readonly brush: number;
  readonly eraser: number;
  readonly limits: HintLimits;
}

/** The hints after a part of a gesture; `done` when it is one finished step of the history. */
export interface Change {
  readonly hints: HintSet;
  readonly done: boolean;
}

/** A tap may tremble this far and still be a point, in CSS pixels. */
const TAP_SLOP = 4;
/** How far a simplified stroke may stray, in CSS pixels. */
const STRAY = 0.6;

export class Painter {
  #base = HintSet.empty;
  #path: Place[] = [];
  #last: Place | null = null;

  /**
   * Carry a gesture on.
   *
   * @param present the hint set as it is shown now.
   * @returns null where the action changes no hint.
   */
  apply(action: Action, present: HintSet, desk: Desk): Change | null {
    switch (action.type) {
      case "stroke":
        return this.#stroke(action.phase, action.at, action.straight, present, desk);
      case "erase":
        return this.#erase(action.phase, action.at, present, desk);
      case "drag":
        return this.#drag(action, present, desk);
      case "delete":
        return { hints: present.remove(action.index), done: true };
      default:
        return null;
    }
  }

  /** Another window changed the hints below a gesture that goes on. */
  rebase(base: HintSet): void {
    this.#base = base;
  }

  #stroke(phase: Phase, at: Place, straight: boolean, present: HintSet, desk: Desk) {
    if (phase === "begin") [this.#base, this.#path] = [present, []];
    if (phase === "cancel") return { hints: this.#base, done: false };
    const spot = pixel(at, desk);
    if (straight && this.#path.length > 0) this.#path.length = 1;
    const last = this.#path.at(-1);
    const within =
      spot.x >= 0 && spot.y >= 0 && spot.x <= desk.photo.width && spot.y <= desk.photo.height;
    const moved = !last || Math.hypot(spot.x - last.x, spot.y - last.y) * desk.view.scale >= 1;
    if (moved && (within || last)) this.#path.push(spot);
    const hint = this.#hint(desk);
    const hints = hint ? this.#base.add(hint) : this.#base;
    return { hints, done: phase === "end" };
  }

  #hint(desk: Desk): Hint | null {
    const [first] = this.#path;
    if (!first) return null;
    const { photo, view, brush, color, limits } = desk;
    const slop = TAP_SLOP / view.scale;
    if (!this.#path.some((at) => Math.hypot(at.x - first.x, at.y - first.y) > slop)) {
      return pointHint(first.x / photo.width, first.y / photo.height, brush, color);
    }
    const line = simplify(this.#path, STRAY / view.scale, limits.maxStrokePoints);
    const points = line.map((at): Point => [at.x / photo.width, at.y / photo.height]);
    return strokeHint(points, brush, color);
  }

  #erase(phase: Phase, at: Place, present: HintSet, desk: Desk) {
    if (phase === "begin") [this.#base, this.#last] = [present, null];
    if (phase === "cancel") return { hints: this.#base, done: false };
    const to = toPhoto(desk.view, at, desk.photo);
    const from = this.#last ?? to;
    const radius = desk.eraser * Math.max(desk.photo.width, desk.photo.height);
    const way = Math.hypot((to.x - from.x) * desk.photo.width, (to.y - from.y) * desk.photo.height);
    const steps = Math.max(1, Math.ceil(way / Math.max(1, radius / 2)));
    let hints = present;
    for (let step = 1; step <= steps; step++) {
      const t = step / steps;
      const spot = { x: from.x + (to.x - from.x) * t, y: from.y + (to.y - from.y) * t };
      hints = erase(hints, spot, radius, desk.photo);
    }
    this.#last = to;
    return { hints, done: phase === "end" };
  }

  #drag(action: Action & { type: "drag" }, present: HintSet, desk: Desk): Change | null {
    if (action.phase === "begin") this.#base = present;
    if (action.phase === "cancel") return { hints: this.#base, done: false };
    const hint = this.#base.hints[action.index];
    if (!hint) return null;
    const dx = action.dx / desk.view.scale / desk.photo.width;
    const dy = action.dy / desk.view.scale / desk.photo.height;
    const hints = this.#base.replace(action.index, shifted(hint, dx, dy));
    return { hints, done: action.phase === "end" };
  }
}

function pixel(at: Place, desk: Desk): Place {
  const spot = toPhoto(desk.view, at, desk.photo);
  return { x: spot.x * desk.photo.width, y: spot.y * desk.photo.height };
}
