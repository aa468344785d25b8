/** What gestures on the stage do to the photo's hints, regions and view. */
import { labToHex, legible } from "../core/color.ts";
import { inside, type Place, type Size, toPhoto } from "../core/geometry.ts";
import type { Action, Phase, PointerKind, UseAction } from "../core/gestures.ts";
import { keyOf, type Point, pathOf, regionOf, unit } from "../core/hints.ts";
import { hitTest } from "../core/hits.ts";
import { areaOf, Lasso, LEAST_AREA, simple } from "../core/regions.ts";
import { type Faint, faintAt } from "../core/visibility.ts";
import type { HintEditor } from "./hint-editor.ts";
import { t } from "./messages.ts";
import type { Notices } from "./notices.ts";
import type { Outliner } from "./outliner.ts";
import type { PhotoColors } from "./photo-colors.ts";
import type { Predictions } from "./predictions.ts";
import type { ToolSettings } from "./tool-settings.ts";
import type { Viewport } from "./viewport.ts";

/** How far beside a hint one still hits it, in CSS pixels. */
const REACH: Record<PointerKind, number> = { mouse: 8, pen: 10, touch: 22 };
/** Who has painted may paint on: the network is asked nothing else for so long, in ms. */
const CALM = 300;
/** How long it is said that a colour cannot show at a place, in ms. */
const FAINT_TIME = 7_000;

export interface GestureContext {
  readonly photo: Size;
  readonly viewport: Viewport;
  readonly editor: HintEditor;
  readonly colors: PhotoColors;
  readonly tools: ToolSettings;
  readonly predictions: Predictions;
  readonly notices: Notices;
  readonly outliner: Outliner;
  readonly marksShown: boolean;
  changed(): void;
}

export class GestureActions {
  readonly lasso = new Lasso();
  /** Whether a gesture goes on. */
  painting = false;
  /** Whether one goes on or has just ended. */
  busy = false;
  /** L of the spot last pointed at, 0 to 100. */
  lightness = 60;
  /** The last hint's place, where its colour can hardly show. */
  faint: (Faint & { readonly at: Place }) | null = null;
  /** How many hints there were before the stroke. */
  #before = 0;
  #resting = 0;
  #faintTimer = 0;
  /** The hint that gets its place's likeliest colour once that is known. */
  #awaiting = "";

  constructor(readonly context: GestureContext) {}

  act(action: Action): void {
    const { viewport, editor, notices } = this.context;
    switch (action.type) {
      case "pan":
        return viewport.pan(action.dx, action.dy);
      case "pinch":
        return viewport.pinch(action.before, action.after);
      case "pick":
        return this.#pick(action);
      case "lasso":
        return this.#lasso(action);
      case "outline":
        return action.phase === "end" ? this.#outline(action.at) : undefined;
      case "tap":
        return this.#mark(action.at);
      case "delete":
        editor.remove(action.index);
        return notices.announce(t.hintDeleted);
      default:
        return this.#paint(action);
    }
  }

  /** The hint under a place of the stage, or -1. */
  hit(at: Place, kind: PointerKind): number {
    const { editor, photo, viewport, marksShown } = this.context;
    if (!marksShown) return -1;
    return hitTest(editor.hints, this.#spot(at), photo, REACH[kind] / viewport.view.scale);
  }

  /** The pointer rests on a place of the stage, about to give a hint. */
  look(at: Place): void {
    const { outliner, predictions, tools } = this.context;
    const spot = this.#spot(at);
    if (tools.tool === "outline") return outliner.look(spot);
    const { subject } = predictions;
    // The hint just given lies under the pointer: colours for it are what is wanted.
    const stays = subject?.type === "hint" && this.hit(at, "mouse") === subject.index;
    if (!inside(spot) || stays) return;
    this.#point(spot);
    predictions.look(spot);
  }

  /** The colour that a hint at a place gets: the picked one, else the place's likeliest. */
  colorFor(spot: Place): string {
    const { colors, predictions, tools } = this.context;
    if (tools.picked) return tools.color;
    const [likeliest] = predictions.at(spot);
    return likeliest?.color ?? legible(labToHex(colors.colorAt(spot)));
  }

  /** New suggestions came: the hint that waits for its colour takes the first. */
  suggested(): void {
    const { editor, predictions, tools } = this.context;
    const { subject, colors, fresh } = predictions;
    if (!this.#awaiting || !fresh || subject?.type !== "hint") return;
    const hint = editor.hints.hints[subject.index];
    if (!hint || keyOf(hint) !== this.#awaiting) return;
    this.#awaiting = "";
    const [likeliest] = colors;
    if (!likeliest || tools.picked) return;
    tools.suggest(likeliest.color);
    editor.recolor(subject.index, likeliest.color, true);
    predictions.painted(editor.hints.hints[subject.index]);
  }

  /** Close the outline that is being drawn, corner by corner. */
  finishOutline(): boolean {
    if (!this.lasso.active) return false;
    this.#enclose(this.lasso.finish());
    return true;
  }

  /** Give up the outline that is being drawn, or its last corner. */
  takeBackCorner(all: boolean): boolean {
    if (!this.lasso.active) return false;
    if (all) this.lasso.cancel();
    else this.lasso.back();
    this.context.changed();
    return true;
  }

  /** Say so where the colour of a hint can hardly show. */
  checkFaint(index: number): void {
    const { editor, colors } = this.context;
    const hint = editor.hints.hints[index];
    const [anchor] = hint ? pathOf(hint) : [];
    window.clearTimeout(this.#faintTimer);
    this.faint = null;
    if (!hint || !anchor) return;
    const at = { x: anchor[0], y: anchor[1] };
    const faint = faintAt(hint.color, colors.lightnessAt(at));
    if (!faint) return;
    this.faint = { ...faint, at };
    this.#faintTimer = window.setTimeout(() => {
      this.faint = null;
      this.context.changed();
    }, FAINT_TIME);
  }

  #paint(action: Action): void {
    const { editor, tools } = this.context;
    if (action.type === "stroke" && action.phase === "begin") {
      const spot = this.#spot(action.at);
      this.#point(spot);
      if (!tools.picked && inside(spot)) tools.suggest(this.colorFor(spot));
      this.#before = editor.hints.size;
    }
    if ("phase" in action) this.#watch(action.phase);
    const { color, brush, eraser } = tools;
    const { photo, viewport } = this.context;
    const { limits, selection } = editor;
    editor.act(action, { photo, view: viewport.view, color, brush, eraser, limits, selection });
    if (action.type === "stroke" && action.phase === "end") this.#stroked();
  }

  #stroked(): void {
    const { editor, predictions, tools } = this.context;
    const { hints } = editor;
    if (hints.size <= this.#before) return;
    const hint = hints.hints.at(-1);
    if (tools.picked) tools.used(tools.color);
    else if (hint) this.#awaiting = keyOf(hint);
    this.checkFaint(hints.size - 1);
    predictions.painted(hint);
  }

  #lasso(action: UseAction): void {
    const { editor, viewport } = this.context;
    const at = this.#pixel(action.at);
    if (action.phase === "begin") this.lasso.begin(at);
    else if (action.phase === "go") this.lasso.go(at);
    else if (action.phase === "cancel") this.lasso.drop();
    else {
      const closed = this.lasso.end(viewport.view.scale, editor.limits.maxRegionPoints);
      if (closed) this.#enclose(closed);
    }
    this.#watch(action.phase);
    this.context.changed();
  }

  /** A tap on what is lit up takes it; elsewhere it lights up what is there. */
  #outline(at: Place): void {
    const { outliner } = this.context;
    const spot = this.#spot(at);
    if (outliner.holds(spot)) this.takeThing();
    else outliner.look(spot);
  }

  /** Make the thing that is lit up a region. */
  takeThing(): boolean {
    const points = this.context.outliner.take();
    if (points.length === 0) return false;
    this.#fence(points);
    return true;
  }

  #enclose(outline: readonly Place[] | null): void {
    const { notices, photo } = this.context;
    const drawn = (outline ?? []).map(
      ({ x, y }): Point => [unit(x / photo.width), unit(y / photo.height)],
    );
    const points = simple(drawn);
    if (points.length < 3 || areaOf(points) < LEAST_AREA) {
      return notices.show("info", t.regionTooSmall);
    }
    this.#fence(points);
  }

  #fence(points: readonly Point[]): void {
    const { editor, notices } = this.context;
    editor.addRegion(regionOf(t.regionName(editor.hints.regions.length + 1), points));
    notices.announce(t.regionAdded);
  }

  #mark(at: Place): void {
    const { predictions } = this.context;
    const spot = this.#spot(at);
    if (!predictions.available || !inside(spot)) return;
    this.#point(spot);
    predictions.mark(spot);
  }

  #pick(action: UseAction): void {
    const { colors, tools } = this.context;
    const spot = this.#spot(action.at);
    if (action.phase === "cancel" || !inside(spot)) return;
    this.#point(spot);
    tools.setColor(labToHex(colors.colorAt(spot)));
    if (action.phase === "end" && tools.tool === "picker") tools.setTool("brush");
  }

  /** Remember the brightness of a spot, for the picker. */
  #point(spot: Place): void {
    if (inside(spot)) this.lightness = this.context.colors.lightnessAt(spot);
    this.context.changed();
  }

  #watch(phase: Phase): void {
    this.busy = true;
    this.painting = phase === "begin" || phase === "go";
    window.clearTimeout(this.#resting);
    if (this.painting) return;
    this.#resting = window.setTimeout(() => {
      this.busy = false;
      this.context.changed();
    }, CALM);
  }

  #spot(at: Place): Place {
    return toPhoto(this.context.viewport.view, at, this.context.photo);
  }

  #pixel(at: Place): Place {
    const { x, y } = this.#spot(at);
    return { x: x * this.context.photo.width, y: y * this.context.photo.height };
  }
}
