/**
 * A ZIP of files as they are, without packing: pictures are packed already.
 *
 * The result is a Blob over the files themselves, so that a folder of gigabytes is never in memory.
 * Each file is read once, for its checksum.
 */

export interface PackedFile {
  /** Relative, with forward slashes. */
  readonly path: string;
  readonly file: Blob;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const UTF8_NAMES = 0x0800;
const VERSION = 20;
/** 1 January 1980, the first day of the format: dates would make equal folders unequal ZIPs. */
const DATE = 0x0021;
/** Without ZIP64 neither sizes nor places may reach beyond 4 GiB, nor the files beyond 65,535. */
export const MAX_BYTES = 0xffff_ffff;
export const MAX_FILES = 0xffff;

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});

/** The CRC-32 of `bytes` after those that gave `before`. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before >>> 0;
  for (const byte of bytes) crc = (table[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/**
 * @param progress is told a share in [0, 1].
 * @throws RangeError where the format would need its 64-bit extension.
 */
export async function pack(
  files: readonly PackedFile[],
  progress: (share: number) => void = () => {},
): Promise<Blob> {
  const total = files.reduce((sum, one) => sum + one.file.size, 0);
  if (files.length > MAX_FILES || total > MAX_BYTES) throw new RangeError("too much for a ZIP");
  const parts: BlobPart[] = [];
  const directory: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  let read = 0;
  for (const { path, file } of files) {
    const name = new TextEncoder().encode(path);
    const crc = await checksum(file, (bytes) => {
      read += bytes;
      progress(total ? read / total : 1);
    });
    const facts = { name, crc, size: file.size };
    const head = local(facts);
    parts.push(head, file);
    directory.push(central(facts, offset));
    offset += head.length + file.size;
  }
  const length = directory.reduce((sum, one) => sum + one.length, 0);
  return new Blob([...parts, ...directory, end(files.length, length, offset)], {
    type: "application/zip",
  });
}

async function checksum(file: Blob, progress: (bytes: number) => void): Promise<number> {
  const reader = file.stream().getReader();
  let crc = 0;
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    crc = crc32(piece.value, crc);
    progress(piece.value.length);
  }
  return crc;
}

interface Facts {
  readonly name: Uint8Array;
  readonly crc: number;
  readonly size: number;
}

function local({ name, crc, size }: Facts): Uint8Array<ArrayBuffer> {
  const view = block(30, name);
  view.setUint32(0, LOCAL, true);
  view.setUint16(4, VERSION, true);
  common(view, 6, { name, crc, size });
  return bytes(view);
}

function central(facts: Facts, offset: number): Uint8Array<ArrayBuffer> {
  const view = block(46, facts.name);
  view.setUint32(0, CENTRAL, true);
  view.setUint16(4, VERSION, true);
  view.setUint16(6, VERSION, true);
  common(view, 8, facts);
  view.setUint32(42, offset, true);
  return bytes(view);
}

/** Flags, method 0, time, date, checksum, sizes and the name's length, as both records have them. */
function common(view: DataView<ArrayBuffer>, at: number, { name, crc, size }: Facts): void {
  view.setUint16(at, UTF8_NAMES, true);
  view.setUint16(at + 6, DATE, true);
  view.setUint32(at + 8, crc, true);
  view.setUint32(at + 12, size, true);
  view.setUint32(at + 16, size, true);
  view.setUint16(at + 20, name.length, true);
}

function end(count: number, length: number, offset: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(22));
  view.setUint32(0, END, true);
  view.setUint16(8, count, true);
  view.setUint16(10, count, true);
  view.setUint32(12, length, true);
  view.setUint32(16, offset, true);
  return bytes(view);
}

function block(size: number, name: Uint8Array): DataView<ArrayBuffer> {
  const buffer = new ArrayBuffer(size + name.length);
  new Uint8Array(buffer).set(name, size);
  return new DataView(buffer);
}

function bytes(view: DataView<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(view.buffer);
}
