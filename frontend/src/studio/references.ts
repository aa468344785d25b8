/** Photos that give their colours to this one. */
import { MAX_REFERENCES } from "../core/hints.ts";
import type { PhotoOut } from "../generated/api.ts";
import { requestJson } from "../shared/api/http.ts";
import { t } from "./messages.ts";
import type { StudioModel } from "./model.ts";

const LISTED = 60;

/** The newest photos with colours of their own, without this one. */
export async function readColorPhotos(without: string): Promise<readonly PhotoOut[]> {
  const page = await requestJson<{ items: readonly PhotoOut[] }>(
    "GET",
    `/api/photos?limit=${LISTED}`,
  );
  return page.items.filter((photo) => !photo.is_grey && photo.id !== without);
}

export function previewOf(id: string): string {
  return `/api/photos/${id}/preview`;
}

export function takeReference(model: StudioModel, photo: Pick<PhotoOut, "id" | "is_grey">): void {
  const { references } = model.editor.hints.controls;
  if (photo.is_grey) return model.notices.show("error", t.referenceGrey);
  if (references.includes(photo.id)) return;
  if (references.length >= MAX_REFERENCES) {
    return model.notices.show("error", t.tooManyReferences(MAX_REFERENCES));
  }
  model.editor.refer([...references, photo.id]);
  model.notices.announce(t.referenceTaken);
}

/**
 * Send a file that becomes a photo.
 *
 * @param say what happens meanwhile.
 * @returns null where it was refused, which the person was told.
 */
export async function uploadFor(
  model: StudioModel,
  file: File,
  say: (text: string) => void,
): Promise<PhotoOut | null> {
  const { sendPhoto } = await import("../shared/upload/photo.ts");
  return new Promise((resolve) => {
    sendPhoto(file, {
      progress: (share) => say(t.sending(file.name, Math.round(share * 100))),
      stalled: () => say(t.sendingStalled),
      making: () => say(t.opening(file.name)),
      done: resolve,
      failed: (sentence) => {
        model.notices.show("error", `${file.name}: ${sentence}`);
        resolve(null);
      },
    });
  });
}
