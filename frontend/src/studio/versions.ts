/** A photo's finished versions, and its own facts, over the API. */

import { HintSet } from "../core/hints.ts";
import type { PhotoOut, PhotoPatch, VersionOut } from "../generated/api.ts";
import { requestJson } from "../shared/api/http.ts";

export type Version = VersionOut;

/** The newest ones: as many as the API gives at once. */
export async function readVersions(url: string): Promise<readonly Version[]> {
  const { items } = await requestJson<{ items: readonly Version[] }>("GET", url);
  return items;
}

export function deleteVersion(id: string): Promise<void> {
  return requestJson<void>("DELETE", `/api/versions/${id}`);
}

/** @throws HintError when the hints are not ones that this client knows. */
export async function hintsOfVersion(id: string): Promise<HintSet> {
  const { hints } = await requestJson<{ hints: unknown }>("GET", `/api/versions/${id}/hints`);
  return HintSet.parse(hints);
}

export function changePhoto(url: string, facts: PhotoPatch): Promise<PhotoOut> {
  return requestJson<PhotoOut>("PATCH", url, facts);
}

export function trashPhoto(url: string): Promise<void> {
  return requestJson<void>("DELETE", url);
}
