/** Files dropped anywhere on the page, folders included, or pasted. */
import { readDropped } from "./dropped.ts";

/** What is taken of a folder: it holds all sorts of things beside photos. */
const PICTURE =
  /^[^.].*\.(jpe?g|jpe|jfif|png|webp|tiff?|hei[cf]|avif|jxl|jp2|j2k|jpf|bmp|gif|dng)$/i;

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

/** What was dropped itself is meant whatever it is. */
async function filesOf(data: DataTransfer): Promise<File[]> {
  const dropped = await readDropped(data);
  const meant = dropped.filter(({ path, file }) => !path.includes("/") || PICTURE.test(file.name));
  return meant.map(({ file }) => file);
}
