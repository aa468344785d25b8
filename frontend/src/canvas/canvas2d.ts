/** The compositor for browsers without WebGL2: the same arithmetic on the CPU, for what is seen. */
import type { ChromaMap } from "../engine/chroma.ts";
import { type Compositor, compose, type Lightness } from "../engine/compose.ts";
import type { Size, View } from "../engine/geometry.ts";

export class Canvas2dCompositor implements Compositor {
  readonly kind = "2d";
  #map: ChromaMap | null = null;
  readonly #context: CanvasRenderingContext2D | null;

  constructor(
    canvas: HTMLCanvasElement,
    readonly photo: Size,
    readonly plane: Lightness,
  ) {
    this.#context = canvas.getContext("2d");
  }

  setChroma(map: ChromaMap | null): void {
    this.#map = map;
  }

  draw(view: View, width: number, height: number, grey: boolean): void {
    const scale = (view.scale * this.photo.width) / this.plane.width;
    const pixels = compose(this.plane, grey ? null : this.#map, { ...view, scale }, width, height);
    this.#context?.putImageData(new ImageData(pixels, width, height), 0, 0);
  }

  dispose(): void {}
}
