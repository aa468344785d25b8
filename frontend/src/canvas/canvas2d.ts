/**
 * The compositor for browsers without a graphics card: the same arithmetic on the CPU.
 *
 * While one zooms or pans, the last exact picture is moved, over a coarse one of the whole photo;
 * what is in sight is composed exactly as soon as the hand rests. New colours of the same view are
 * composed in bands, some a frame, so that a hand that paints is followed all the while.
 */
import type { ChromaMap } from "../core/chroma.ts";
import { AS_IT_IS, type Compositor, compose, type Lightness, type Tone } from "../core/compose.ts";
import type { Size, View } from "../core/geometry.ts";

/** Longest side of the coarse picture, in pixels. */
const COARSE_SIDE = 480;
/** A view at rest for this long is composed exactly, in ms. */
const REST = 90;
/** New colours are composed for at most this long a frame, in ms, in bands of so many rows. */
const FRAME_SHARE = 12;
const BAND = 16;

interface Shot {
  readonly canvas: HTMLCanvasElement;
  readonly view: View;
}

/** A shot that is being made, and how many of its rows are there. */
interface Making extends Shot {
  readonly map: ChromaMap | null;
  rows: number;
}

export class Canvas2dCompositor implements Compositor {
  readonly kind = "2d";
  readonly #context: CanvasRenderingContext2D | null;
  #map: ChromaMap | null = null;
  #tone = AS_IT_IS;
  #split = 0;
  #exact: Shot | null = null;
  #coarse: Shot | null = null;
  #making: Making | null = null;
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
  }

  setChroma(map: ChromaMap | null): void {
    this.#map = map;
    this.#coarse = null;
    this.#fresh = false;
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
    } else if (!this.#fresh) this.#renew(last);
    this.#context?.clearRect(0, 0, width, height);
    if (this.#exact) this.#context?.drawImage(this.#exact.canvas, 0, 0);
    this.canvas.toggleAttribute("data-composing", this.#making !== null);
  }

  /** Go on with the picture of the newest colours; the last one is shown until it is whole. */
  #renew({ view, canvas: { width, height } }: Shot): void {
    const canvas = () => Object.assign(document.createElement("canvas"), { width, height });
    this.#making ??= { canvas: canvas(), view, map: this.#map, rows: 0 };
    const making = this.#making;
    const context = making.canvas.getContext("2d");
    const end = performance.now() + FRAME_SHARE;
    while (making.rows < height && performance.now() < end) {
      const rows = Math.min(BAND, height - making.rows);
      const band = this.#compose(making.map, { ...view, y: view.y - making.rows }, width, rows);
      context?.putImageData(band, 0, making.rows);
      making.rows += rows;
    }
    if (making.rows >= height) {
      this.#exact = making;
      this.#making = null;
      this.#fresh = making.map === this.#map;
    }
    if (!this.#fresh) this.redraw();
  }

  dispose(): void {
    window.clearTimeout(this.#resting);
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
    const scale = (view.scale * this.photo.width) / this.plane.width;
    const part = { ...view, scale };
    const pixels = compose(this.plane, map, part, width, height, this.#tone, this.#split);
    return new ImageData(pixels, width, height);
  }
}

function same(one: View, other: View): boolean {
  return one.scale === other.scale && one.x === other.x && one.y === other.y;
}
