/** Where one looks: zoom and pan of the stage. */
import {
  centred,
  type Edges,
  fit,
  type Place,
  panned,
  pinched,
  type Size,
  toScreen,
  type View,
  zoomAt,
} from "../core/geometry.ts";

const STEP = 1.25;
/** What lies nearer to the stage's edge counts as out of sight, in CSS pixels. */
const EDGE = 8;

export class Viewport {
  view: View = { scale: 1, x: 0, y: 0 };
  stage: Size = { width: 0, height: 0 };
  #bars: Edges | undefined;
  /** Follows the window while nobody has zoomed or panned. */
  #fitted = true;

  constructor(
    readonly photo: Size,
    readonly changed: () => void,
  ) {}

  resize(stage: Size): void {
    const before = this.stage;
    this.stage = stage;
    if (this.#fitted || before.width === 0) return this.fit();
    // The middle of what was seen stays in the middle.
    const dx = (stage.width - before.width) / 2;
    const dy = (stage.height - before.height) / 2;
    this.#set(panned(this.view, dx, dy, this.photo, stage));
  }

  /** What floats over the stage's edges: a fitted photo does not lie under it. */
  leaveRoom(bars: Edges): void {
    if (bars === this.#bars) return;
    this.#bars = bars;
    if (this.#fitted && this.stage.width > 0) this.fit();
  }

  fit(): void {
    this.#set(fit(this.photo, this.stage, this.#bars), true);
  }

  /** One photo pixel on one pixel of the screen. */
  full(): void {
    this.#set(centred(this.photo, this.stage, 1 / window.devicePixelRatio));
  }

  /** Bring a place of the photo (relative) into sight, if it is not. */
  show(at: Place): void {
    const { x, y } = toScreen(this.view, at, this.photo);
    const { width, height } = this.stage;
    if (x > EDGE && y > EDGE && x < width - EDGE && y < height - EDGE) return;
    this.pan(width / 2 - x, height / 2 - y);
  }

  zoom(factor: number, at: Place = this.#middle()): void {
    this.#set(zoomAt(this.view, factor, at, this.photo, this.stage));
  }

  step(direction: 1 | -1): void {
    this.zoom(STEP ** direction);
  }

  pan(dx: number, dy: number): void {
    this.#set(panned(this.view, dx, dy, this.photo, this.stage));
  }

  pinch(before: readonly [Place, Place], after: readonly [Place, Place]): void {
    this.#set(pinched(this.view, before, after, this.photo, this.stage));
  }

  /** Percent of the photo's real size. */
  get percent(): number {
    return Math.round(this.view.scale * window.devicePixelRatio * 100);
  }

  #middle(): Place {
    return { x: this.stage.width / 2, y: this.stage.height / 2 };
  }

  #set(view: View, fitted = false): void {
    this.view = view;
    this.#fitted = fitted;
    this.changed();
  }
}
