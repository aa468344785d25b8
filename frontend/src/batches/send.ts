/** From chosen files to a batch: uploaded so that a lost connection does no harm, then made. */
import type { BatchIn, BatchOut } from "../generated/api.ts";
import { ProblemError, requestJson } from "../shared/api/http.ts";
import { ResumableUpload } from "../shared/upload/resumable.ts";

export type BatchOptions = Pick<
  BatchIn,
  | "name"
  | "model"
  | "format"
  | "quality"
  | "metadata"
  | "mark"
  | "keep_photos"
  | "hints"
  | "palette"
  | "references"
  | "strength"
>;

export interface Urls {
  readonly batches: string;
  readonly previews: string;
}

export interface ArchiveHooks {
  /** A share in [0, 1]. */
  progress(share: number): void;
  /** The connection is lost; sending goes on by itself when it is back. */
  stalled(): void;
}

/**
 * Upload an archive in pieces; a lost connection is waited for.
 *
 * @returns the upload's id.
 * @throws ProblemError when the server does not take it.
 */
export function uploadArchive(
  archive: Blob,
  name: string,
  chunkSize: number,
  hooks: ArchiveHooks,
): Promise<string> {
  return new Promise((resolve, reject) => {
    new ResumableUpload(
      archive,
      { filename: name, purpose: "archive" },
      {
        progress: hooks.progress,
        stalled: hooks.stalled,
        arrived: (url) => resolve(url.split("/").filter(Boolean).at(-1) ?? ""),
        failed: reject,
      },
      chunkSize,
    );
  });
}

/**
 * Make the batch and return the address of its page.
 *
 * @throws ProblemError; status 0 when the server was not reached.
 */
export async function makeBatch(
  url: string,
  source: Pick<BatchIn, "upload" | "photos">,
  options: BatchOptions,
): Promise<string> {
  try {
    return (await requestJson<BatchOut>("POST", url, { ...options, ...source })).url;
  } catch (error) {
    throw error instanceof ProblemError ? error : new ProblemError(0, "offline", "");
  }
}
