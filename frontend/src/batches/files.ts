/** What was chosen or dropped: files with their paths in the folder, however they came. */
import { readDropped } from "../shared/ui/dropped.ts";
import type { PackedFile } from "./zip.ts";

const JUNK = /(^|\/)(\.[^/]*|thumbs\.db|desktop\.ini|__macosx|@eadir)(\/|$)/i;
/** How many pictures are tried for one that can be shown. */
const TRIED = 5;

/** The files of an input: those of a folder know their paths. */
export function fromInput(files: Iterable<File>): PackedFile[] {
  return tidy([...files].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
}

/** The files of a drop, those in dropped folders included. */
export async function fromDrop(data: DataTransfer): Promise<PackedFile[]> {
  return tidy(await readDropped(data));
}

/** The one ZIP that was chosen, if it is one and alone. */
export function onlyZip(files: readonly PackedFile[]): File | null {
  const [only] = files;
  const isZip = files.length === 1 && only?.file instanceof File && /\.zip$/i.test(only.path);
  return isZip ? (only.file as File) : null;
}

/** The first ``count`` pictures that the browser can read, of the first few. */
export async function readable(files: readonly PackedFile[], count: number): Promise<Blob[]> {
  const pictures = files.filter((one) => /\.(jpe?g|png|webp|avif|gif|bmp)$/i.test(one.path));
  const found: Blob[] = [];
  for (const { file } of pictures.slice(0, TRIED)) {
    if (found.length === count) break;
    const bitmap = await createImageBitmap(file).catch(() => null);
    bitmap?.close();
    if (bitmap) found.push(file);
  }
  return found;
}

/** The common first folder of all files, to name the batch after; empty if there is none. */
export function commonFolder(files: readonly PackedFile[]): string {
  const [first] = files;
  const folder = first?.path.includes("/") ? (first.path.split("/")[0] ?? "") : "";
  return folder && files.every((one) => one.path.startsWith(`${folder}/`)) ? folder : "";
}

/** Without what systems leave behind, in the order of the paths. */
export function tidy(files: readonly PackedFile[]): PackedFile[] {
  return files
    .filter((one) => !JUNK.test(one.path))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
