/** Where one looks: zoom and pan of the stage. */
import {
  centred,
  fit,
  type Place,
  panned,
  pinched,
  type Size,
  type View,
  zoomAt,
} from "../engine/geometry.ts";

const STEP = 1.25;

export class Viewport {
  view: View = { scale: 1, x: 0, y: 0 };
  stage: Size = { width: 0, height: 0 };
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

  fit(): void {
    this.#set(fit(this.photo, this.stage), true);
  }

  /** One photo pixel on one pixel of the screen. */
  full(): void {
    this.#set(centred(this.photo, this.stage, 1 / window.devicePixelRatio));
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
