/** The batches pages' words. Korean (batches.ko.ts) has every key of this. */
export const en = {
  chosen: (photos: string, size: string) => `${photos} files, ${size}`,
  chosenZip: (name: string, size: string) => `${name}, ${size}`,
  tooManyFiles: (limit: string) =>
    `One batch takes ${limit} files at most. Please divide the folder.`,
  tooLarge: (limit: string) => `One batch takes ${limit} at most. Please divide the folder.`,
  nothingChosen: "Choose a folder, a ZIP or photos first.",
  noPhotoChosen: "Choose at least one of your photos.",
  noRegion: "A palette needs at least one region.",
  packing: (percent: number) => `Reading the files: ${percent} %`,
  uploading: (percent: number) => `Uploading: ${percent} %`,
  starting: "Starting …",
  offline: "The site cannot be reached. Your choice stays here: try again.",
  failed: (status: number) => `That did not work (${status}). Please try again.`,
  region: "Region",
  colour: "Colour",
  place: "Where",
  addRegion: "Add a region",
  removeRegion: (name: string) => `Remove ${name}`,
  ownRectangle: "a rectangle I draw",
  drawHelp: "Drag on the picture to draw the rectangle.",
  preview: "Where the colours are put on each photo",
  newRegion: "region",
  places: {
    top: "at the top",
    bottom: "at the bottom",
    left: "on the left",
    right: "on the right",
    centre: "in the middle",
    everywhere: "everywhere",
  } as Readonly<Record<string, string>>,
  status: {
    queued: "waiting",
    running: "running",
    paused: "paused",
    done: "done",
    failed: "failed",
    cancelled: "cancelled",
  } as Readonly<Record<string, string>>,
};

export type BatchMessages = typeof en;
