/** Hints, regions, cursor and selection, drawn over the photo: a function of what it is given. */
import { type Box, boxAround, meets } from "../core/boxes.ts";
import { atLightness } from "../core/color.ts";
import { type Place, radiusOnScreen, type Size, toScreen, type View } from "../core/geometry.ts";
import { type Hint, type HintSet, keyOf, type Point, pathOf } from "../core/hints.ts";

/** What lies over the photo, besides the pointer. */
export interface Marks {
  readonly hints: HintSet;
  /** Keys of the hints whose colour the photo shows already: drawn open, to hide nothing. */
  readonly settled: ReadonlySet<string>;
  readonly selection: ReadonlySet<number>;
  readonly hovered: number;
  readonly hiddenRegions: ReadonlySet<number>;
  /** The outline that is being drawn, in photo pixels. */
  readonly outline: readonly Place[];
  /** The thing under the pointer, lit up: corners relative to the photo. */
  readonly thing: readonly Point[];
  /** Whether hints and regions are drawn at all. */
  readonly shown: boolean;
  /** The painted map of uncertainty, over the whole photo. */
  readonly uncertainty: HTMLCanvasElement | null;
  /** The place that colours are suggested for, where it is no hint, and whether it is for a hint. */
  readonly spot: { readonly at: Place; readonly marked: boolean } | null;
}

export interface Scene extends Marks {
  readonly photo: Size;
  readonly view: View;
  readonly cursor: Cursor | null;
  /** Where the pointer is: marks near it fade. */
  readonly pointer: Place | null;
  /** L of the photo at a place, 0 to 100. */
  lightness(at: Place): number;
}

export interface Cursor {
  readonly at: Place;
  /** In CSS pixels. */
  readonly radius: number;
  readonly shape: "brush" | "eraser" | "picker" | "lasso" | "outline";
  readonly color: string;
}

type State = "plain" | "hovered" | "chosen";

const LIGHT = "rgba(255, 255, 255, 0.95)";
const DARK = "rgba(20, 20, 22, 0.75)";
const ACCENT = "#ff8a3d";
const SHADE = "rgba(10, 10, 12, 0.4)";
const GLOW = "rgba(255, 138, 61, 0.16)";
/** The smallest mark that can be seen and grabbed, in CSS pixels. */
const SMALLEST = 3.5;
const BEAD = 5;
/** The widest outline beyond a mark's radius, and beyond a cursor's, in CSS pixels. */
const MARK_EDGE = 8;
const CURSOR_EDGE = 8;
const PICKER_RADIUS = 16;
/** Marks nearer to the pointer than this let the photo through, in CSS pixels. */
const FADE_REACH = 48;
const FADED = 0.25;
/** Below this scale of a photo's screen pixel marks are thin. */
const CLOSE = 0.5;

/** A hint as it stands on the screen. */
export interface Mark {
  readonly hint: Hint;
  readonly state: State;
  /** null where the photo shows the colour already. */
  readonly fill: string | null;
  readonly fades: boolean;
  readonly path: readonly Place[];
  /** In CSS pixels. */
  readonly radius: number;
  readonly box: Box;
}

export function marksOf(scene: Scene): readonly Mark[] {
  return scene.hints.hints.map((hint, index) => {
    const chosen = scene.selection.has(index);
    const state = chosen ? "chosen" : index === scene.hovered ? "hovered" : "plain";
    const path = onScreen(scene, pathOf(hint));
    const radius = Math.max(SMALLEST, radiusOnScreen(scene.view, hint.radius, scene.photo));
    const settled = scene.settled.has(keyOf(hint));
    const fades = settled && state === "plain" && isNear(path, radius, scene.pointer);
    const box = boxAround(path, radius + MARK_EDGE);
    return { hint, state, fill: settled ? null : fillOf(scene, hint), fades, path, radius, box };
  });
}

/** How far from its place a cursor is drawn, in CSS pixels. */
export function cursorReach({ radius }: Cursor): number {
  return Math.max(PICKER_RADIUS, radius) + CURSOR_EDGE;
}

/** @param part what is drawn, in CSS pixels; null for all. */
export function drawScene(
  context: CanvasRenderingContext2D,
  scene: Scene,
  marks: readonly Mark[],
  part: Box | null,
): void {
  context.lineJoin = context.lineCap = "round";
  if (scene.uncertainty) drawUncertainty(context, scene, scene.uncertainty);
  if (scene.shown) drawRegions(context, scene);
  for (const mark of marks) {
    if (!part || meets(mark.box, part)) drawMark(context, mark, scene.view.scale < CLOSE);
  }
  if (scene.thing.length > 0) drawThing(context, scene);
  if (scene.outline.length > 0) drawOutline(context, scene);
  if (scene.spot)
    drawSpot(context, toScreen(scene.view, scene.spot.at, scene.photo), scene.spot.marked);
  if (scene.cursor) drawCursor(context, scene.cursor);
}

function drawRegions(context: CanvasRenderingContext2D, scene: Scene) {
  scene.hints.regions.forEach(({ points }, index) => {
    if (!scene.hiddenRegions.has(index)) dashed(context, onScreen(scene, points), true);
  });
}

/** The outline under the hand: its corners can be aimed at. */
function drawOutline(context: CanvasRenderingContext2D, scene: Scene) {
  const { x, y, scale } = scene.view;
  const path = scene.outline.map((at) => ({ x: at.x * scale + x, y: at.y * scale + y }));
  const [first] = path;
  dashed(context, path, false);
  if (first) ring(context, first, 5, 2, ACCENT);
}

/** Light on the thing and shade around it: seen on white and on black. */
function drawThing(context: CanvasRenderingContext2D, scene: Scene) {
  const path = onScreen(scene, scene.thing);
  const { view, photo } = scene;
  context.beginPath();
  context.rect(view.x, view.y, photo.width * view.scale, photo.height * view.scale);
  polygon(context, path);
  context.fillStyle = SHADE;
  context.fill("evenodd");
  context.beginPath();
  polygon(context, path);
  context.fillStyle = GLOW;
  context.fill();
  dashed(context, path, true);
}

function polygon(context: CanvasRenderingContext2D, path: readonly Place[]) {
  path.forEach(({ x, y }, at) => {
    if (at === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  });
  context.closePath();
}

/** Two tones that march past each other: seen on any ground. */
function dashed(context: CanvasRenderingContext2D, path: readonly Place[], closed: boolean) {
  context.beginPath();
  path.forEach(({ x, y }, at) => {
    if (at === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  });
  if (closed) context.closePath();
  context.lineWidth = 1.5;
  for (const [color, offset] of [
    [DARK, 0],
    [LIGHT, 5],
  ] as const) {
    context.strokeStyle = color;
    context.setLineDash([5, 5]);
    context.lineDashOffset = offset;
    context.stroke();
  }
  context.setLineDash([]);
}

function onScreen(scene: Scene, points: readonly Point[]): Place[] {
  return points.map(([x, y]) => toScreen(scene.view, { x, y }, scene.photo));
}

function drawUncertainty(context: CanvasRenderingContext2D, scene: Scene, map: HTMLCanvasElement) {
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

function drawMark(context: CanvasRenderingContext2D, mark: Mark, small: boolean) {
  const { path, radius, state, fill } = mark;
  context.globalAlpha = mark.fades ? FADED : 1;
  outline(context, path, radius, small && state === "plain" ? 0.75 : 1.25, state);
  if (fill === null) trace(context, path, 2 * radius - 1, "destination-out", "#000");
  else trace(context, path, 2 * radius - 1, "source-over", fill);
  context.globalAlpha = 1;
}

/** The hint's colour as its place will show it. */
function fillOf(scene: Scene, hint: Hint): string {
  const [anchor] = pathOf(hint);
  const lightness = anchor ? scene.lightness({ x: anchor[0], y: anchor[1] }) : 50;
  return atLightness(hint.color, lightness);
}

function isNear(path: readonly Place[], radius: number, pointer: Place | null): boolean {
  if (!pointer) return false;
  return path.some(({ x, y }) => Math.hypot(x - pointer.x, y - pointer.y) < FADE_REACH + radius);
}

/** Two tones, so that it shows on any ground; a chosen one has a third. */
function outline(
  context: CanvasRenderingContext2D,
  path: readonly Place[],
  radius: number,
  width: number,
  state: State,
) {
  const edge = state === "plain" ? width : 2;
  if (state === "chosen") trace(context, path, 2 * (radius + edge + 3), "source-over", ACCENT);
  trace(context, path, 2 * (radius + edge + width * 0.6), "source-over", DARK);
  trace(context, path, 2 * (radius + edge), "source-over", LIGHT);
}

function trace(
  context: CanvasRenderingContext2D,
  path: readonly Place[],
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
  const radius = shape === "picker" ? PICKER_RADIUS : Math.max(2, cursor.radius);
  if (shape === "lasso" || shape === "outline") return drawCross(context, at);
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

function drawCross(context: CanvasRenderingContext2D, { x, y }: Place) {
  for (const [width, color] of [
    [3, DARK],
    [1.25, LIGHT],
  ] as const) {
    context.lineWidth = width;
    context.strokeStyle = color;
    context.beginPath();
    context.moveTo(x - 9, y);
    context.lineTo(x + 9, y);
    context.moveTo(x, y - 9);
    context.lineTo(x, y + 9);
    context.stroke();
  }
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
