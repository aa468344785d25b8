/** The gallery's words. Korean (messages.ko.ts) has every key of this. */
export const en = {
  photos: (count: number) => (count === 1 ? "1 photo" : `${count} photos`),
  selected: (count: number) => `${count} selected`,
  allThere: (count: number) => `All ${count} photos`,
  allFound: (count: number) => `All ${count} photos of this search`,
  tooManyForZip: (most: number) => `One ZIP takes ${most} photos at most. Choose fewer.`,
  starred: (count: number) => (count === 1 ? "Starred." : `${count} photos starred.`),
  unstarred: (count: number) => (count === 1 ? "Star taken off." : `${count} stars taken off.`),
  tagged: (count: number, name: string) =>
    `${count === 1 ? "1 photo" : `${count} photos`} tagged “${name}”.`,
  untagged: (name: string) => `“${name}” taken off.`,
  collected: (count: number, name: string) =>
    `${count === 1 ? "1 photo" : `${count} photos`} put into “${name}”.`,
  trashed: (count: number) =>
    count === 1 ? "1 photo is in the trash." : `${count} photos are in the trash.`,
  restored: (count: number) => (count === 1 ? "1 photo is back." : `${count} photos are back.`),
  deleted: (count: number) =>
    count === 1 ? "1 photo is deleted for good." : `${count} photos are deleted for good.`,
  colouring: (count: number) =>
    count === 1
      ? "The photo is being coloured again."
      : `${count} photos are being coloured again.`,
  missing: (count: number) =>
    count === 1 ? "1 photo was gone already." : `${count} photos were gone already.`,
  undo: "Undo",
  cancel: "Cancel",
  dismiss: "Dismiss",
  sureDelete: (count: number) =>
    count === 1 ? "Delete this photo for good?" : `Delete these ${count} photos for good?`,
  sureEmpty: "Delete everything in the trash for good?",
  sureWords: "Originals, hints and results go. This cannot be undone.",
  deleteForGood: "Delete for good",
  sureCollection: (name: string) => `Delete the collection “${name}”?`,
  sureCollectionWords: "Its photos stay.",
  deleteCollection: "Delete the collection",
  rendering: (ready: number, all: number) => `Colouring at full size: ${ready} of ${all} …`,
  renderFailed: (count: number) =>
    count === 1
      ? "1 photo could not be coloured and is left out."
      : `${count} photos could not be coloured and are left out.`,
  archiveReady: "The ZIP is on its way.",
  offline: "The server could not be reached. Check your connection and try again.",
  failed: (status: number) => `That did not work (${status}).`,
  dropHere: "Drop photos to add them",
  uploads: "Uploads",
  uploadsDone: (done: number, all: number) => `${done} of ${all} added`,
  uploadsFailed: (count: number) => (count === 1 ? "1 failed" : `${count} failed`),
  uploadWaiting: "Waiting",
  uploadStalled: "Connection lost: goes on by itself",
  uploadMaking: "Opening …",
  uploadDone: "Added",
  sameAs: (title: string) => `You have this photo already: “${title}”.`,
  keepBoth: "Keep both",
  trashThis: "Put this one into the trash",
  untitled: "Untitled",
  retry: "Try again",
  retryAll: "Try all again",
  remove: (name: string) => `Take ${name} off the list`,
  stop: (name: string) => `Stop sending ${name}`,
  close: "Close",
  fold: "Fold",
  unfold: "Unfold",
};

export type GalleryMessages = typeof en;
