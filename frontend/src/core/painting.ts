/** From intentions to hint sets: what painting, erasing and dragging make of the hints. */
import { type Place, type Size, toPhoto, type View } from "./geometry.ts";
import type { Action, Phase, UseAction } from "./gestures.ts";
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
import { fenced } from "./regions.ts";
import { simplify } from "./simplify.ts";

/** What a gesture is done with. Radii are relative to the photo's longer side. */
export interface PaintContext {
  readonly photo: Size;
  readonly view: View;
  readonly color: string;
  readonly brush: number;
  readonly eraser: number;
  readonly limits: HintLimits;
  /** The chosen hints: they are dragged together. */
  readonly selection: ReadonlySet<number>;
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
  #pressures: number[] = [];
  #last: Place | null = null;
  /** Where the last hint ended: Shift and a click draw a line from there. */
  #dabbed: Place | null = null;

  /**
   * Carry a gesture on.
   *
   * @param present the hint set as it is shown now.
   * @returns null where the action changes no hint.
   */
  apply(action: Action, present: HintSet, context: PaintContext): Change | null {
    switch (action.type) {
      case "stroke":
        return this.#stroke(action, present, context);
      case "erase":
        return this.#erase(action.phase, action.at, present, context);
      case "drag":
        return this.#drag(action, present, context);
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

  #stroke(action: UseAction, present: HintSet, context: PaintContext) {
    const { phase, at, straight, pressure } = action;
    if (phase === "begin") [this.#base, this.#path, this.#pressures] = [present, [], []];
    if (phase === "cancel") return { hints: this.#base, done: false };
    const spot = pixel(at, context);
    if (pressure && phase !== "end") this.#pressures.push(pressure);
    if (straight && this.#path.length > 0) this.#path.length = 1;
    const last = this.#path.at(-1);
    const within =
      spot.x >= 0 && spot.y >= 0 && spot.x <= context.photo.width && spot.y <= context.photo.height;
    const moved = !last || Math.hypot(spot.x - last.x, spot.y - last.y) * context.view.scale >= 1;
    if (moved && (within || last)) this.#path.push(spot);
    const hint = this.#hint(context, straight);
    const hints = hint ? this.#base.add(fenced(hint, this.#base.regions)) : this.#base;
    if (phase === "end") this.#dabbed = this.#path.at(-1) ?? this.#dabbed;
    return { hints, done: phase === "end" };
  }

  #hint(context: PaintContext, straight: boolean): Hint | null {
    const [first] = this.#path;
    if (!first) return null;
    const { photo, view, color, limits } = context;
    const brush = context.brush * pressed(this.#pressures);
    const slop = TAP_SLOP / view.scale;
    const still = !this.#path.some((at) => Math.hypot(at.x - first.x, at.y - first.y) > slop);
    if (still && !(straight && this.#dabbed)) {
      return pointHint(first.x / photo.width, first.y / photo.height, brush, color);
    }
    const path = still && this.#dabbed ? [this.#dabbed, first] : this.#path;
    const line = simplify(path, STRAY / view.scale, limits.maxStrokePoints);
    const points = line.map((at): Point => [at.x / photo.width, at.y / photo.height]);
    return strokeHint(points, brush, color);
  }

  #erase(phase: Phase, at: Place, present: HintSet, context: PaintContext) {
    if (phase === "begin") [this.#base, this.#last] = [present, null];
    if (phase === "cancel") return { hints: this.#base, done: false };
    const to = toPhoto(context.view, at, context.photo);
    const from = this.#last ?? to;
    const radius = context.eraser * Math.max(context.photo.width, context.photo.height);
    const way = Math.hypot(
      (to.x - from.x) * context.photo.width,
      (to.y - from.y) * context.photo.height,
    );
    const steps = Math.max(1, Math.ceil(way / Math.max(1, radius / 2)));
    let hints = present;
    for (let step = 1; step <= steps; step++) {
      const t = step / steps;
      const spot = { x: from.x + (to.x - from.x) * t, y: from.y + (to.y - from.y) * t };
      hints = erase(hints, spot, radius, context.photo);
    }
    this.#last = to;
    return { hints, done: phase === "end" };
  }

  #drag(action: Action & { type: "drag" }, present: HintSet, context: PaintContext): Change | null {
    if (action.phase === "begin") this.#base = present;
    if (action.phase === "cancel") return { hints: this.#base, done: false };
    if (!this.#base.hints[action.index]) return null;
    const dx = action.dx / context.view.scale / context.photo.width;
    const dy = action.dy / context.view.scale / context.photo.height;
    const moving = context.selection.has(action.index) ? context.selection : [action.index];
    return { hints: moved(this.#base, moving, dx, dy), done: action.phase === "end" };
  }
}

/** The hints shifted together, each into the region that it comes to lie in. */
export function moved(set: HintSet, indices: Iterable<number>, dx: number, dy: number): HintSet {
  const moving = new Set(indices);
  return set.withHints(
    set.hints.map((hint, at) =>
      moving.has(at) ? fenced(shifted(hint, dx, dy), set.regions) : hint,
    ),
  );
}

/** How a pen's pressure scales the brush: its mean over the stroke, 1 at half of the full one. */
function pressed(pressures: readonly number[]): number {
  if (pressures.length === 0) return 1;
  const mean = pressures.reduce((sum, value) => sum + value, 0) / pressures.length;
  return 0.4 + 1.2 * mean;
}

function pixel(at: Place, context: PaintContext): Place {
  const spot = toPhoto(context.view, at, context.photo);
  return { x: spot.x * context.photo.width, y: spot.y * context.photo.height };
}
