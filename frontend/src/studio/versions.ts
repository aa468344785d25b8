/** A photo's finished versions, and its own facts, over the API. */

import { HintSet } from "../core/hints.ts";
import type { PhotoOut, PhotoPatch, VersionOut } from "../generated/api.ts";
import { requestJson } from "../shared/api/http.ts";
import { t } from "./messages.ts";
import type { StudioModel } from "./model.ts";

export type Version = VersionOut;

/** The newest ones: as many as the API gives at once. */
export async function readVersions(url: string): Promise<readonly Version[]> {
  const { items } = await requestJson<{ items: readonly Version[] }>("GET", url);
  return items;
}

/** Give a result a name; an empty one takes it away. */
export function nameVersion(id: string, name: string): Promise<Version> {
  return requestJson<Version>("PATCH", `/api/versions/${id}`, { name });
}

/** Send a copy that was coloured elsewhere: its colours become a result of the photo. */
function bringInCopy(url: string, file: File): Promise<Version> {
  const form = new FormData();
  form.append("file", file);
  return requestJson<Version>("POST", url, form);
}

/** Bring a copy in, say so, and show it in the history. */
export async function takeCopy(model: StudioModel, file: File): Promise<void> {
  model.notices.show("info", t.bringingIn(file.name));
  await bringInCopy(model.config.urls.versions, file);
  model.versionsMade += 1;
  model.notices.show("info", t.broughtIn);
  model.changed();
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
