/** Files dropped anywhere on the page, folders included, or pasted. */

/** What is taken of a folder: it holds all sorts of things beside photos. */
const PICTURE = /^[^.].*\.(jpe?g|png|webp|tiff?|hei[cf])$/i;

/** @param words what the page says while files hang over it. */
export function takeFiles(words: string, take: (files: File[]) => void): void {
  const veil = document.createElement("div");
  veil.className = "drop-veil";
  veil.textContent = words;
  veil.hidden = true;
  document.body.append(veil);
  // dragenter and dragleave come for every element crossed.
  let depth = 0;
  const drag = (event: DragEvent, change: 1 | -1) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    depth = Math.max(0, depth + change);
    veil.hidden = depth === 0;
  };
  document.addEventListener("dragenter", (event) => drag(event, 1));
  document.addEventListener("dragleave", (event) => drag(event, -1));
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    veil.hidden = true;
    if (event.dataTransfer) void filesOf(event.dataTransfer).then(take);
  });
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length > 0) take(files);
  });
}

async function filesOf(data: DataTransfer): Promise<File[]> {
  // Entries are gone once this event is over: ask for all of them before waiting for any.
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (!entries.some((entry) => entry?.isDirectory)) return [...data.files];
  const found = await Promise.all(entries.map((entry) => (entry ? below(entry, true) : [])));
  return found.flat();
}

/** @param whole whether the file itself was dropped, so that it is meant whatever it is. */
async function below(entry: FileSystemEntry, whole = false): Promise<File[]> {
  if (entry.isFile) {
    const file = await new Promise<File | null>((resolve) =>
      (entry as FileSystemFileEntry).file(resolve, () => resolve(null)),
    );
    return file && (whole || PICTURE.test(file.name)) ? [file] : [];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const files: File[] = [];
  // A reader gives its entries by the hundred.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve) =>
      reader.readEntries(resolve, () => resolve([])),
    );
    if (some.length === 0) return files;
    for (const one of some) files.push(...(await below(one)));
  }
}
