/** Hints, cursor and selection, drawn over the photo: a function of what it is given. */
import { atLightness } from "../engine/color.ts";
import { type Place, radiusOnScreen, type Size, toScreen, type View } from "../engine/geometry.ts";
import { type Hint, type HintSet, keyOf, pathOf } from "../engine/hints.ts";

export interface Scene {
  readonly photo: Size;
  readonly view: View;
  readonly hints: HintSet;
  /** Keys of the hints whose colour the picture shows already: drawn open, to hide nothing. */
  readonly settled: ReadonlySet<string>;
  readonly selected: number;
  readonly hovered: number;
  readonly marks: boolean;
  readonly cursor: Cursor | null;
  /** The painted map of doubt, over the whole photo. */
  readonly doubt: HTMLCanvasElement | null;
  /** The place that colours are suggested for, where it is no hint, and whether it is for a hint. */
  readonly spot: { readonly at: Place; readonly marked: boolean } | null;
  /** L of the photo at a place, 0 to 100. */
  lightness(at: Place): number;
}

export interface Cursor {
  readonly at: Place;
  /** In CSS pixels. */
  readonly radius: number;
  readonly shape: "brush" | "eraser" | "picker";
  readonly color: string;
}

const LIGHT = "rgba(255, 255, 255, 0.95)";
const DARK = "rgba(20, 20, 22, 0.75)";
const ACCENT = "#ff8a3d";
/** The smallest mark that can be seen and grabbed, in CSS pixels. */
const SMALLEST = 3.5;
const BEAD = 5;

export function drawOverlay(context: CanvasRenderingContext2D, scene: Scene): void {
  context.lineJoin = context.lineCap = "round";
  if (scene.doubt) drawDoubt(context, scene, scene.doubt);
  if (scene.marks) {
    scene.hints.hints.forEach((hint, index) => {
      const state = index === scene.selected ? 2 : index === scene.hovered ? 1 : 0;
      drawHint(context, scene, hint, state);
    });
  }
  if (scene.spot)
    drawSpot(context, toScreen(scene.view, scene.spot.at, scene.photo), scene.spot.marked);
  if (scene.cursor) drawCursor(context, scene.cursor);
}

function drawDoubt(context: CanvasRenderingContext2D, scene: Scene, map: HTMLCanvasElement) {
  const { view, photo } = scene;
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  context.drawImage(map, view.x, view.y, photo.width * view.scale, photo.height * view.scale);
}

/** A marked place calls for a hint; one only looked at is a small ring. */
function drawSpot(context: CanvasRenderingContext2D, at: Place, marked: boolean) {
  const radius = marked ? 15 : 6;
  ring(context, at, radius, 5, DARK);
  ring(context, at, radius, 2.5, marked ? ACCENT : LIGHT);
  if (marked) trace(context, [at], 5, "source-over", LIGHT);
}

function drawHint(context: CanvasRenderingContext2D, scene: Scene, hint: Hint, state: 0 | 1 | 2) {
  const path = pathOf(hint).map(([x, y]) => toScreen(scene.view, { x, y }, scene.photo));
  const radius = Math.max(SMALLEST, radiusOnScreen(scene.view, hint.radius, scene.photo));
  const [anchor] = pathOf(hint);
  const lightness = anchor ? scene.lightness({ x: anchor[0], y: anchor[1] }) : 50;
  const fill = atLightness(hint.color, lightness);
  const open = scene.settled.has(keyOf(hint)) && radius > BEAD + 2;
  outline(context, path, radius, state);
  if (open) {
    trace(context, path, 2 * radius - 1, "destination-out", "#000");
    bead(context, path[0], BEAD, hint.color);
  } else {
    trace(context, path, 2 * radius - 1, "source-over", fill);
  }
}

/** Two tones, so that it shows on any ground; the selected one has a third. */
function outline(
  context: CanvasRenderingContext2D,
  path: Place[],
  radius: number,
  state: 0 | 1 | 2,
) {
  const edge = state === 0 ? 1.25 : 2;
  if (state === 2) trace(context, path, 2 * (radius + edge + 3), "source-over", ACCENT);
  trace(context, path, 2 * (radius + edge + 1), "source-over", DARK);
  trace(context, path, 2 * (radius + edge), "source-over", LIGHT);
}

function trace(
  context: CanvasRenderingContext2D,
  path: Place[],
  width: number,
  operation: GlobalCompositeOperation,
  color: string,
) {
  const [first, ...rest] = path;
  if (!first) return;
  context.globalCompositeOperation = operation;
  context.lineWidth = width;
  context.strokeStyle = color;
  context.beginPath();
  context.moveTo(first.x, first.y);
  // A line of no length draws nothing, one of hardly any draws a round dot.
  if (rest.length === 0) context.lineTo(first.x + 0.01, first.y);
  for (const { x, y } of rest) context.lineTo(x, y);
  context.stroke();
  context.globalCompositeOperation = "source-over";
}

function bead(
  context: CanvasRenderingContext2D,
  at: Place | undefined,
  radius: number,
  color: string,
) {
  if (!at) return;
  trace(context, [at], 2 * (radius + 2), "source-over", DARK);
  trace(context, [at], 2 * (radius + 1.25), "source-over", LIGHT);
  trace(context, [at], 2 * radius, "source-over", color);
}

function drawCursor(context: CanvasRenderingContext2D, cursor: Cursor) {
  const { at, shape } = cursor;
  const radius = shape === "picker" ? 16 : Math.max(2, cursor.radius);
  if (shape === "picker") {
    ring(context, at, radius, 9, DARK);
    ring(context, at, radius, 7, LIGHT);
    ring(context, at, radius, 5, cursor.color);
    ring(context, at, 2, 1.5, LIGHT);
    return;
  }
  ring(context, at, radius + 0.5, 3, DARK);
  ring(context, at, radius + 0.5, 1.25, LIGHT);
  if (shape === "brush") bead(context, at, Math.min(BEAD, Math.max(2, radius / 2)), cursor.color);
}

function ring(
  context: CanvasRenderingContext2D,
  at: Place,
  radius: number,
  width: number,
  color: string,
) {
  context.lineWidth = width;
  context.strokeStyle = color;
  context.beginPath();
  context.arc(at.x, at.y, radius, 0, 2 * Math.PI);
  context.stroke();
}
