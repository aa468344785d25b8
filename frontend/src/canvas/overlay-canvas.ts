/** The canvas over the photo: of each frame only what changed is drawn again. */
import { type Box, boxAround, joined, NOWHERE, wholePixels } from "../core/boxes.ts";
import { cursorReach, drawScene, type Mark, marksOf, type Scene } from "./overlay.ts";

interface Drawn {
  /** Everything but hints and cursor; where it changed, the whole canvas is drawn. */
  readonly rest: readonly unknown[];
  readonly marks: readonly Mark[];
  readonly cursor: Box;
}

export class OverlayCanvas {
  #drawn: Drawn | null = null;

  constructor(readonly canvas: HTMLCanvasElement) {}

  /** @param density canvas pixels a CSS pixel. */
  draw(scene: Scene, density: number): void {
    const { width, height } = this.canvas;
    const context = this.canvas.getContext("2d");
    if (!context) return;
    const now: Drawn = {
      rest: restOf(scene, width, height),
      marks: scene.shown ? marksOf(scene) : [],
      cursor: scene.cursor ? boxAround([scene.cursor.at], cursorReach(scene.cursor)) : NOWHERE,
    };
    const changed = changesOf(this.#drawn, now);
    this.#drawn = now;
    const whole = { left: 0, top: 0, right: width, bottom: height };
    const part = changed ? wholePixels(changed, density, width, height) : whole;
    const size = [part.right - part.left, part.bottom - part.top] as const;
    if (size[0] <= 0 || size[1] <= 0) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(part.left, part.top, ...size);
    context.save();
    context.beginPath();
    context.rect(part.left, part.top, ...size);
    context.clip();
    context.setTransform(density, 0, 0, density, 0, 0);
    drawScene(context, scene, now.marks, changed);
    context.restore();
  }
}

function restOf(scene: Scene, width: number, height: number): readonly unknown[] {
  const { view, hints, hiddenRegions, outline, thing, shown, uncertainty, spot } = scene;
  const drawn = [outline, thing].map((path) => (path.length > 0 ? path : null));
  const place = [spot?.at.x, spot?.at.y, spot?.marked];
  const { scale, x, y } = view;
  const size = [width, height, scale, x, y];
  return [...size, hints.regions, hiddenRegions, ...drawn, shown, uncertainty, ...place];
}

/** Where two frames differ, in CSS pixels; null for all over. */
function changesOf(before: Drawn | null, now: Drawn): Box | null {
  if (!before?.rest.every((part, at) => part === now.rest[at])) return null;
  let box = joined(before.cursor, now.cursor);
  const count = Math.max(before.marks.length, now.marks.length);
  for (let at = 0; at < count; at++) {
    const [old, mark] = [before.marks[at], now.marks[at]];
    if (old && mark && alike(old, mark)) continue;
    for (const one of [old, mark]) if (one) box = joined(box, one.box);
  }
  return box;
}

function alike(one: Mark, other: Mark): boolean {
  return (
    one.hint === other.hint &&
    one.state === other.state &&
    one.fill === other.fill &&
    one.fades === other.fades
  );
}
