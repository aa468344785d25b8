/** What the network thinks of a photo: colours for a place, and where it is unsure. */
import { decodeBitmap, readLightness } from "../canvas/decode.ts";
import type { Place } from "../core/geometry.ts";
import type { HintSet } from "../core/hints.ts";
import type { UncertaintyMap } from "../core/uncertainty.ts";
import { requestJson } from "../shared/api/http.ts";

export interface Suggestion {
  /** sRGB, "#rrggbb", with the lightness of the place. */
  readonly color: string;
  /** How likely, in [0, 1]. */
  readonly weight: number;
}

interface UncertaintyOut {
  readonly unit: number;
  readonly data: string;
}

/** @param hints to think the photo coloured with. */
export async function readSuggestions(
  url: string,
  at: Place,
  hints: HintSet,
): Promise<readonly Suggestion[]> {
  const body = { ...at, hints };
  const answer = await requestJson<{ suggestions: readonly Suggestion[] }>("POST", url, body);
  return answer.suggestions;
}

/** With the hints that are saved. */
export async function readUncertainty(url: string): Promise<UncertaintyMap> {
  const { unit, data } = await requestJson<UncertaintyOut>("POST", url, {});
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const bitmap = await decodeBitmap(new Blob([bytes], { type: "image/png" }));
  const grey = readLightness(bitmap, Math.max(bitmap.width, bitmap.height));
  bitmap.close();
  return { ...grey, unit };
}
