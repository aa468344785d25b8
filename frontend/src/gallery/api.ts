/** What the gallery asks of the API (docs/reference/http-api.md). */
import { requestJson } from "../shared/api/http.ts";

export type Action =
  | "star"
  | "unstar"
  | "tag"
  | "untag"
  | "collect"
  | "trash"
  | "restore"
  | "delete"
  | "colorize";

export interface Done {
  readonly done: readonly string[];
  readonly missing: readonly string[];
}

export interface Renders {
  readonly ready: readonly string[];
  readonly waiting: readonly string[];
  readonly failed: readonly string[];
}

/** The ids of all photos that a search finds, as its address asks for them. */
export async function findIds(search: string): Promise<readonly string[]> {
  const found = await requestJson<{ ids: readonly string[] }>("GET", `/api/photos/ids?${search}`);
  return found.ids;
}

export function changeMany(action: Action, ids: readonly string[], name = ""): Promise<Done> {
  return requestJson<Done>("POST", "/api/photos/bulk", { action, ids, name });
}

export function askRenders(ids: readonly string[], retry: boolean): Promise<Renders> {
  return requestJson<Renders>("POST", "/api/photos/renders", { ids, retry });
}

export function emptyTrash(): Promise<{ readonly count: number }> {
  return requestJson("DELETE", "/api/trash");
}

export function renameLabel(id: string, name: string): Promise<unknown> {
  return requestJson("PATCH", `/api/labels/${id}`, { name });
}

export function deleteLabel(id: string): Promise<unknown> {
  return requestJson("DELETE", `/api/labels/${id}`);
}
