/** Composes rows of the photo beside the page, whose hand is followed all the while. */
import type { ChromaMap } from "../core/chroma.ts";
import { compose, type Lightness, type Tone } from "../core/compose.ts";
import type { View } from "../core/geometry.ts";

/** The arguments of `compose`; the lightness came before. */
export interface RowsRequest {
  readonly map: ChromaMap | null;
  readonly view: View;
  readonly width: number;
  readonly height: number;
  readonly tone: Tone;
  readonly split: number;
}

let plane: Lightness | null = null;

self.onmessage = ({ data }: MessageEvent<Lightness | RowsRequest>) => {
  if ("data" in data) {
    plane = data;
    return;
  }
  if (!plane) throw new Error("Rows were asked for before the lightness came.");
  const { map, view, width, height, tone, split } = data;
  const pixels = compose(plane, map, view, width, height, tone, split);
  self.postMessage(pixels, { transfer: [pixels.buffer] });
};
