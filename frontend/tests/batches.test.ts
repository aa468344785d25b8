import assert from "node:assert/strict";
import { test } from "node:test";
import { between, pointsOf, type Rules } from "../src/batches/palette.ts";
import { crc32, pack } from "../src/batches/zip.ts";

const RULES: Rules = {
  spacing: 0.16,
  radius: 0.012,
  places: { top: { x: 0, y: 0, width: 1, height: 0.3 } },
  regions: [],
};
const bytes = (text: string) => new TextEncoder().encode(text);

test("the checksum is the one that ZIPs carry", () => {
  assert.equal(crc32(bytes("123456789")), 0xcbf43926);
  assert.equal(crc32(bytes("456789"), crc32(bytes("123"))), 0xcbf43926);
});

test("files are packed as they are, with their names in UTF-8 and a directory at the end", async () => {
  const shares: number[] = [];
  const files = [
    { path: "a/할머니.jpg", file: new Blob(["one"]) },
    { path: "b.jpg", file: new Blob(["three"]) },
  ];
  const archive = new Uint8Array(await (await pack(files, (s) => shares.push(s))).arrayBuffer());
  const view = new DataView(archive.buffer);
  const end = archive.length - 22;
  assert.equal(view.getUint32(end, true), 0x06054b50);
  assert.equal(view.getUint16(end + 10, true), 2);
  const directory = view.getUint32(end + 16, true);
  assert.equal(view.getUint32(directory, true), 0x02014b50);
  assert.equal(view.getUint32(directory + 16, true), crc32(bytes("one")));
  const length = view.getUint16(directory + 28, true);
  const name = archive.slice(directory + 46, directory + 46 + length);
  assert.equal(new TextDecoder().decode(name), "a/할머니.jpg");
  const second = view.getUint32(directory + 46 + length + 42, true);
  assert.equal(view.getUint32(second, true), 0x04034b50);
  assert.equal(shares.at(-1), 1);
});

test("a folder too large for a plain ZIP is refused", async () => {
  const file = { size: 3 * 2 ** 30 } as Blob;
  const files = [
    { path: "a", file },
    { path: "b", file },
  ];
  await assert.rejects(pack(files), RangeError);
});

test("a region's points are those that the site puts on photos", () => {
  const points = pointsOf({ name: "sky", color: "#87a7c7", place: "top" }, RULES);
  assert.equal(points.length, 6);
  assert.ok(points.every(({ y }) => Math.abs(y - 0.15) < 1e-9));
  const small = { x: 0.4, y: 0.2, width: 0.1, height: 0.1 };
  assert.equal(pointsOf({ name: "face", color: "#d9a688", place: small }, RULES).length, 1);
});

test("a drawn rectangle lies within the photo and has an inside", () => {
  assert.deepEqual(between({ x: 0.5, y: 0.6 }, { x: 0.1, y: 0.2 }), {
    x: 0.1,
    y: 0.2,
    width: 0.4,
    height: 0.4,
  });
  for (const end of [-1, 0, 0.5, 1, 2]) {
    const { x, y, width, height } = between({ x: 1, y: 1 }, { x: end, y: end });
    assert.ok(width > 0 && height > 0 && x >= 0 && y >= 0 && x + width <= 1 && y + height <= 1);
  }
});
