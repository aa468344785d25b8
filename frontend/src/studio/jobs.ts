import type { JobOut } from "../generated/api.ts";
import { requestJson } from "../shared/api/http.ts";

/** Ask for the photo at full size with its saved hints; may answer with one that is done. */
export function requestRender(url: string): Promise<JobOut> {
  return requestJson<JobOut>("POST", url);
}

export function readJob(id: string): Promise<JobOut> {
  return requestJson<JobOut>("GET", `/api/jobs/${id}`);
}
