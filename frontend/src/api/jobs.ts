import { requestJson } from "./http.ts";

export interface JobOut {
  readonly id: string;
  readonly status: "queued" | "running" | "done" | "failed" | "superseded" | "cancelled";
  readonly error: string;
  readonly version_id: string | null;
}

/** Ask for the photo at full size with its saved hints; may answer with one that is done. */
export function requestRender(url: string): Promise<JobOut> {
  return requestJson<JobOut>("POST", url);
}

export function readJob(id: string): Promise<JobOut> {
  return requestJson<JobOut>("GET", `/api/jobs/${id}`);
}
