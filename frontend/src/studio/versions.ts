/** A photo's finished versions, and its own facts, over the API. */
import { requestJson } from "../api/http.ts";
import { HintSet } from "../engine/hints.ts";

export interface Version {
  readonly id: string;
  readonly revision: number;
  readonly model: string;
  readonly created: string;
}

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

export function changePhoto(url: string, facts: { title?: string; starred?: boolean }) {
  return requestJson<{ title: string; starred: boolean }>("PATCH", url, facts);
}

export function trashPhoto(url: string): Promise<void> {
  return requestJson<void>("DELETE", url);
}
