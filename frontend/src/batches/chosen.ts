/** What was chosen or dropped: files with their paths in the folder, however they came. */
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
  // Entries have to be asked for before the first await: the list is emptied then.
  const entries = [...data.items].map((item) => item.webkitGetAsEntry());
  const plain = [...data.files];
  if (!entries.some((entry) => entry?.isDirectory)) return fromInput(plain);
  const found: PackedFile[] = [];
  for (const entry of entries) if (entry) await walk(entry, "", found);
  return tidy(found);
}

/** The one ZIP that was chosen, if it is one and alone. */
export function onlyZip(files: readonly PackedFile[]): File | null {
  const [only] = files;
  const isZip = files.length === 1 && only?.file instanceof File && /\.zip$/i.test(only.path);
  return isZip ? (only.file as File) : null;
}

/** The first picture that the browser can show; null where there is none among the first few. */
export async function firstReadable(files: readonly PackedFile[]): Promise<Blob | null> {
  const pictures = files.filter((one) => /\.(jpe?g|png|webp)$/i.test(one.path));
  for (const { file } of pictures.slice(0, TRIED)) {
    const bitmap = await createImageBitmap(file).catch(() => null);
    bitmap?.close();
    if (bitmap) return file;
  }
  return null;
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

async function walk(entry: FileSystemEntry, folder: string, found: PackedFile[]): Promise<void> {
  const path = folder + entry.name;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
    found.push({ path, file });
  } else {
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    // A folder is read in parts, a hundred entries at a time; an empty part is the end.
    for (let part = await readPart(reader); part.length > 0; part = await readPart(reader)) {
      for (const one of part) await walk(one, `${path}/`, found);
    }
  }
}

function readPart(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => {
    reader.readEntries(resolve, reject);
  });
}
