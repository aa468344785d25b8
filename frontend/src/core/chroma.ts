/** The small ab result of a colouring, as the server sends it. */

export interface ChromaMap {
  readonly width: number;
  readonly height: number;
  /** CIELAB units, row by row. */
  readonly a: Int8Array;
  readonly b: Int8Array;
}

/**
 * Unpack "ab8-deflate": zlib over the a plane then the b plane, one signed byte a value, in base64.
 *
 * @throws Error when the data are damaged or of another size than announced.
 */
export async function unpackChroma(
  width: number,
  height: number,
  data: string,
): Promise<ChromaMap> {
  const packed = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const plain = await new Response(stream).arrayBuffer();
  const count = width * height;
  if (plain.byteLength !== 2 * count) {
    throw new Error(`A chroma map of ${width} x ${height} has ${plain.byteLength} bytes.`);
  }
  return {
    width,
    height,
    a: new Int8Array(plain, 0, count),
    b: new Int8Array(plain, count, count),
  };
}

/** Interleaved bytes for a two-channel texture: value + 128. */
export function toTexels(map: ChromaMap): Uint8Array<ArrayBuffer> {
  const texels = new Uint8Array(2 * map.a.length);
  for (let at = 0; at < map.a.length; at++) {
    texels[2 * at] = (map.a[at] as number) + 128;
    texels[2 * at + 1] = (map.b[at] as number) + 128;
  }
  return texels;
}
