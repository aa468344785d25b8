/** The files of a drop, those in dropped folders included, with their paths. */

export interface DroppedFile {
  /** With "/" between folders; the file's own name where none was dropped. */
  readonly path: string;
  readonly file: File;
}

export async function readDropped(data: DataTransfer): Promise<DroppedFile[]> {
  // Entries are gone once the event is over: ask for all of them before waiting for any.
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  const plain = [...data.files];
  if (!entries.some((entry) => entry?.isDirectory)) {
    return plain.map((file) => ({ path: file.name, file }));
  }
  const found = await Promise.all(entries.map((entry) => (entry ? below(entry, "") : [])));
  return found.flat();
}

async function below(entry: FileSystemEntry, folder: string): Promise<DroppedFile[]> {
  const path = folder + entry.name;
  if (entry.isFile) {
    const file = await new Promise<File | null>((resolve) =>
      (entry as FileSystemFileEntry).file(resolve, () => resolve(null)),
    );
    return file ? [{ path, file }] : [];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const files: DroppedFile[] = [];
  // A reader gives its entries by the hundred; none are the end.
  for (let part = await readPart(reader); part.length > 0; part = await readPart(reader)) {
    for (const child of part) files.push(...(await below(child, `${path}/`)));
  }
  return files;
}

function readPart(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
}
