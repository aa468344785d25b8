/** The studio's two canvases: the picture below, hints and cursor above; drawn on change. */
import { atLightness } from "../core/color.ts";
import { type Compositor, GREY } from "../core/compose.ts";
import { inside, type Place, radiusOnScreen, toPhoto } from "../core/geometry.ts";
import { Canvas2dCompositor } from "./canvas2d.ts";
import { decodeBitmap, readLightness, SAMPLE_SIDE } from "./decode.ts";
import type { Cursor } from "./overlay.ts";
import { OverlayCanvas } from "./overlay-canvas.ts";
import { PointerInputs } from "./pointers.ts";
import type { StageModel } from "./stage-model.ts";
import { WebGlCompositor } from "./webgl.ts";

/** The CPU draws at maxPixels this many pixels a frame. */
const CPU_PIXELS = 1_500_000;
/** The CPU keeps at maxPixels this long a side of the photo in memory. */
const CPU_SIDE = 4096;
/** A lost graphics context that does not come back within this time is given up, in ms. */
const LOSS_PATIENCE = 3_000;

export class Stage {
  readonly overlay = document.createElement("canvas");
  readonly #marks = new OverlayCanvas(this.overlay);
  #photo = photoCanvas();
  #compositor: Compositor | null = null;
  #lightness: Blob | null = null;
  #shown: unknown = null;
  /** What the picture was drawn with: a moving cursor does not draw it again. */
  #drawn: readonly unknown[] = [];
  #frame = 0;
  readonly #inputs: PointerInputs;
  readonly #ending = new AbortController();

  constructor(
    readonly host: HTMLElement,
    readonly model: StageModel,
  ) {
    this.overlay.className = "overlay-canvas";
    this.overlay.dataset.testid = "overlay-canvas";
    host.append(this.#photo, this.overlay);
    // Who came by pointer needs no focus ring, also when pressing keys later.
    host.addEventListener("pointerdown", () => host.toggleAttribute("data-pointed", true));
    host.addEventListener("blur", () => host.toggleAttribute("data-pointed", false));
    this.#inputs = new PointerInputs(this.overlay, model, () => this.redraw());
    const sizes = new ResizeObserver(() => this.#measure());
    sizes.observe(host);
    const stop = model.listen(() => {
      this.#takeChroma();
      this.redraw();
    });
    this.#ending.signal.addEventListener("abort", () => {
      sizes.disconnect();
      stop();
      this.#inputs.dispose();
      this.#compositor?.dispose();
      cancelAnimationFrame(this.#frame);
    });
    this.#measure();
  }

  get inputs(): PointerInputs {
    return this.#inputs;
  }

  dispose(): void {
    this.#ending.abort();
  }

  /** Fetch the lightness picture and bring it on the canvas. */
  async open(): Promise<void> {
    const { model } = this;
    try {
      const { lightnessUrl } = model;
      const response = await fetch(lightnessUrl, { signal: this.#ending.signal });
      if (!response.ok) throw new Error(`${lightnessUrl}: ${response.status}`);
      this.#lightness = await response.blob();
      await this.#start(new URLSearchParams(location.search).get("compositor"));
    } catch {
      if (!this.#ending.signal.aborted) model.opened(null);
    }
  }

  redraw(): void {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #redrawPhoto(): void {
    this.#drawn = [];
    this.redraw();
  }

  /** @param wanted "webgl2" or "2d" to have that one, else the quicker one is taken. */
  async #start(wanted: string | null): Promise<void> {
    const { model } = this;
    const blob = this.#lightness as Blob;
    const decode = () => decodeBitmap(blob);
    const bitmap = await decode();
    const hooks = {
      lost: () => window.setTimeout(() => this.#giveUpIfLost(), LOSS_PATIENCE),
      restored: () => this.#redrawPhoto(),
    };
    const slowly = wanted === "webgl2";
    const webgl =
      wanted === "2d"
        ? null
        : await WebGlCompositor.create(this.#photo, model.photo, decode, hooks, slowly);
    model.colors.plane = readLightness(bitmap, webgl ? SAMPLE_SIDE : CPU_SIDE);
    bitmap.close();
    if (!webgl) this.#renewPhotoCanvas();
    this.#compositor =
      webgl ??
      new Canvas2dCompositor(this.#photo, model.photo, model.colors.plane, () =>
        this.#redrawPhoto(),
      );
    this.#shown = null;
    this.#measure();
    model.opened(this.#compositor.kind);
  }

  /** The graphics card went away for good: the CPU takes over on a new canvas. */
  #giveUpIfLost(): void {
    const gl = this.#photo.getContext("webgl2");
    if (!gl?.isContextLost() || this.#ending.signal.aborted) return;
    this.#compositor?.dispose();
    void this.#start("2d");
  }

  /** A canvas that had a WebGL context never gets a 2D one. */
  #renewPhotoCanvas(): void {
    const canvas = photoCanvas();
    this.#photo.replaceWith(canvas);
    this.#photo = canvas;
  }

  #measure(): void {
    const { clientWidth: width, clientHeight: height } = this.host;
    if (width === 0 || height === 0) return;
    const density = window.devicePixelRatio;
    setSize(this.overlay, width * density, height * density);
    const maxPixels = this.#compositor?.kind === "2d" ? CPU_PIXELS : Number.POSITIVE_INFINITY;
    const shrink = Math.min(1, Math.sqrt(maxPixels / (width * density * height * density)));
    setSize(this.#photo, width * density * shrink, height * density * shrink);
    const { stage } = this.model.viewport;
    if (stage.width !== width || stage.height !== height)
      this.model.viewport.resize({ width, height });
    this.#draw();
  }

  #draw(): void {
    const { model } = this;
    const { view, stage } = model.viewport;
    if (stage.width === 0) return;
    this.#drawPhoto();
    this.#drawOverlay();
    const { dataset } = this.#photo;
    dataset.viewScale = String(view.scale);
    dataset.viewX = String(view.x);
    dataset.viewY = String(view.y);
  }

  /** Newer colours go to the compositor at once: what it makes of them need not wait for a frame. */
  #takeChroma(): void {
    const { chroma } = this.model.colors;
    if (!this.#compositor || chroma === this.#shown) return;
    this.#shown = chroma;
    this.#compositor.setChroma(chroma);
  }

  #drawPhoto(): void {
    const compositor = this.#compositor;
    if (!compositor) return;
    this.#takeChroma();
    const { chroma } = this.model.colors;
    const { view, stage } = this.model.viewport;
    const { width, height } = this.#photo;
    const tone = this.model.comparing ? GREY : this.model.tone();
    const now = [
      compositor,
      chroma,
      view,
      width,
      height,
      tone.gain,
      tone.a,
      tone.b,
      this.model.split,
    ];
    if (now.every((part, at) => part === this.#drawn[at])) return;
    this.#drawn = now;
    const density = width / stage.width;
    compositor.draw(
      { scale: view.scale * density, x: view.x * density, y: view.y * density },
      width,
      height,
      tone,
      this.model.split * width,
    );
  }

  #drawOverlay(): void {
    const { model, overlay } = this;
    const density = overlay.width / model.viewport.stage.width;
    const marks = model.marks();
    const scene = {
      ...marks,
      // A place to give a hint at stays; one looked at goes with the pointer.
      spot: marks.spot?.marked || !this.#inputs.cursor.at ? marks.spot : null,
      photo: model.photo,
      view: model.viewport.view,
      cursor: this.#cursor(),
      pointer: this.#inputs.cursor.at,
      lightness: (at: Place) => model.colors.lightnessAt(at),
    };
    this.#marks.draw(scene, density);
  }

  #cursor(): Cursor | null {
    const { model } = this;
    const { at, shape } = this.#inputs.cursor;
    if (!at || shape === "move" || shape === "over") return null;
    if (shape === "pan" || shape === "panning") return null;
    const spot = toPhoto(model.viewport.view, at, model.photo);
    const relative = shape === "eraser" ? model.tools.eraser : model.tools.brush;
    const radius = radiusOnScreen(model.viewport.view, relative, model.photo);
    const color = inside(spot) ? model.colorFor(spot) : "#8a8a8a";
    return { at, radius, shape, color: atLightness(color, this.#lightnessAt(spot)) };
  }

  #lightnessAt(spot: Place): number {
    const { model } = this;
    return inside(spot) ? model.colors.lightnessAt(spot) : model.lightnessHere;
  }
}

function photoCanvas(): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.className = "photo-canvas";
  canvas.dataset.testid = "photo-canvas";
  return canvas;
}

function setSize(canvas: HTMLCanvasElement, width: number, height: number): void {
  const [w, h] = [Math.max(1, Math.round(width)), Math.max(1, Math.round(height))];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
}
