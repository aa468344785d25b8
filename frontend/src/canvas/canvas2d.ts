/**
 * The compositor for browsers without a graphics card: the same arithmetic on the CPU.
 *
 * While one zooms or pans, the last exact picture is moved, over a coarse one of the whole photo;
 * what is in sight is composed exactly as soon as the hand rests. New colours of the same view are
 * composed by workers, so that a hand that paints is followed all the while.
 */
import type { ChromaMap } from "../core/chroma.ts";
import { AS_IT_IS, type Compositor, compose, type Lightness, type Tone } from "../core/compose.ts";
import type { Size, View } from "../core/geometry.ts";
import { ComposingWorkers } from "./composing.ts";

/** Longest side of the coarse picture, in pixels. */
const COARSE_SIDE = 480;
/** A view at rest for this long is composed exactly, in ms. */
const REST = 90;

interface Shot {
  readonly canvas: HTMLCanvasElement;
  readonly view: View;
}

export class Canvas2dCompositor implements Compositor {
  readonly kind = "2d";
  readonly #context: CanvasRenderingContext2D | null;
  readonly #workers: ComposingWorkers;
  #map: ChromaMap | null = null;
  #tone = AS_IT_IS;
  #split = 0;
  #exact: Shot | null = null;
  #coarse: Shot | null = null;
  /** The shot that workers make now. */
  #making: Shot | null = null;
  /** Whether the exact picture has the newest colours. */
  #fresh = false;
  #resting = 0;

  /** @param redraw asks for another `draw`. */
  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly photo: Size,
    readonly plane: Lightness,
    readonly redraw: () => void,
  ) {
    this.#context = canvas.getContext("2d");
    this.#workers = new ComposingWorkers(plane);
  }

  setChroma(map: ChromaMap | null): void {
    this.#map = map;
    this.#coarse = null;
    this.#fresh = false;
    if (this.#exact && !this.#making) void this.#renew(this.#exact);
  }

  draw(view: View, width: number, height: number, tone: Tone, split: number): void {
    const { gain, a, b } = this.#tone;
    const asBefore = gain === tone.gain && a === tone.a && b === tone.b && split === this.#split;
    if (!asBefore) this.#exact = this.#coarse = this.#making = null;
    this.#tone = tone;
    this.#split = split;
    const last = this.#exact;
    const fits = last?.canvas.width === width && last.canvas.height === height;
    if (last && fits && !same(last.view, view)) {
      this.#making = null;
      return this.#drawMoved(last, view);
    }
    if (!last || !fits) {
      this.#exact = this.#shoot(view, width, height);
      this.#making = null;
      this.#fresh = true;
    } else if (!this.#fresh && !this.#making) void this.#renew(last);
    this.#context?.clearRect(0, 0, width, height);
    if (this.#exact) this.#context?.drawImage(this.#exact.canvas, 0, 0);
    this.canvas.toggleAttribute("data-composing", this.#making !== null);
  }

  /** Make the picture of the newest colours; the last one is shown until it is whole. */
  async #renew({ view, canvas: { width, height } }: Shot): Promise<void> {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const map = this.#map;
    const making = { canvas, view };
    this.#making = making;
    const [tone, split] = [this.#tone, this.#split];
    await this.#workers.compose(
      { map, view: this.#onPlane(view), width, height, tone, split },
      canvas,
    );
    // Another view, another tone: what was made is of no use.
    if (this.#making !== making) return;
    this.#making = null;
    this.#exact = making;
    this.#fresh = map === this.#map;
    this.redraw();
  }

  dispose(): void {
    window.clearTimeout(this.#resting);
    this.#making = null;
    this.#workers.dispose();
  }

  #drawMoved(last: Shot, view: View): void {
    const { canvas } = this;
    this.#coarse ??= this.#shootWhole();
    this.#context?.clearRect(0, 0, canvas.width, canvas.height);
    for (const shot of [this.#coarse, last]) this.#place(shot, view);
    window.clearTimeout(this.#resting);
    this.#resting = window.setTimeout(() => {
      this.#exact = null;
      this.redraw();
    }, REST);
  }

  /** Draw what was composed for one view where another has it. */
  #place(shot: Shot, view: View): void {
    const ratio = view.scale / shot.view.scale;
    const [x, y] = [view.x - shot.view.x * ratio, view.y - shot.view.y * ratio];
    const { width, height } = shot.canvas;
    this.#context?.drawImage(shot.canvas, x, y, width * ratio, height * ratio);
  }

  #shootWhole(): Shot {
    const { width, height } = this.photo;
    const scale = Math.min(1, COARSE_SIDE / Math.max(width, height));
    return this.#shoot({ scale, x: 0, y: 0 }, Math.ceil(width * scale), Math.ceil(height * scale));
  }

  #shoot(view: View, width: number, height: number): Shot {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    canvas.getContext("2d")?.putImageData(this.#compose(this.#map, view, width, height), 0, 0);
    return { canvas, view };
  }

  #compose(map: ChromaMap | null, view: View, width: number, height: number): ImageData {
    const part = this.#onPlane(view);
    const pixels = compose(this.plane, map, part, width, height, this.#tone, this.#split);
    return new ImageData(pixels, width, height);
  }

  /** The view as screen pixels a pixel of the lightness that is kept. */
  #onPlane(view: View): View {
    return { ...view, scale: (view.scale * this.photo.width) / this.plane.width };
  }
}

function same(one: View, other: View): boolean {
  return one.scale === other.scale && one.x === other.x && one.y === other.y;
}
