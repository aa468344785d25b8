/** The lightness picture from the server, as bitmap and as bytes. */
import type { Lightness } from "../core/compose.ts";

/** Enough to read a colour or a lightness under the pointer. */
export const SAMPLE_SIDE = 1024;

/** No colour management and no rotation: the grey values are data. */
export function decodeBitmap(blob: Blob): Promise<ImageBitmap> {
  return createImageBitmap(blob, {
    colorSpaceConversion: "none",
    imageOrientation: "none",
    premultiplyAlpha: "none",
  });
}

/** Read grey values, in strips, so that a large picture is never held four times over. */
export function readLightness(bitmap: ImageBitmap, longest: number): Lightness {
  const ratio = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * ratio));
  const height = Math.max(1, Math.round(bitmap.height * ratio));
  const data = new Uint8Array(width * height);
  const strip = Math.min(height, 256);
  const canvas = Object.assign(document.createElement("canvas"), { width, height: strip });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("There is no 2D canvas here.");
  for (let top = 0; top < height; top += strip) {
    const rows = Math.min(strip, height - top);
    context.drawImage(bitmap, 0, -top, width, height);
    const pixels = context.getImageData(0, 0, width, rows).data;
    for (let at = 0; at < width * rows; at++) data[top * width + at] = pixels[at * 4] as number;
  }
  return { width, height, data };
}
