/** From chosen files to a batch: packed, uploaded so that a lost connection does no harm, made. */
import { Upload } from "tus-js-client";
import { csrfToken, ProblemError, problem } from "../api/http.ts";

export interface Wish {
  readonly name: string;
  readonly model: string | null;
  readonly format: string;
  readonly hints: string;
  readonly palette: unknown;
}

export interface Urls {
  readonly batches: string;
  readonly uploads: string;
  readonly previews: string;
}

/** How long to wait before each new try, in ms; after the last one the user is told. */
const RETRIES = [0, 1_000, 3_000, 5_000, 10_000, 20_000, 30_000];

/**
 * Upload an archive in pieces and return its id; a lost connection is waited for.
 *
 * @param progress is told a share in [0, 1].
 * @throws ProblemError; status 0 when the server was not reached for too long.
 */
export function uploadArchive(
  archive: Blob,
  name: string,
  { url, piece }: { url: string; piece: number },
  progress: (share: number) => void,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const upload: Upload = new Upload(archive, {
      endpoint: url,
      chunkSize: piece,
      retryDelays: RETRIES,
      metadata: { filename: name, purpose: "archive" },
      headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
      onProgress: (sent, total) => progress(total ? sent / total : 1),
      onSuccess: () => resolve(upload.url?.split("/").filter(Boolean).at(-1) ?? ""),
      onError: (error) => {
        const response = "originalResponse" in error ? error.originalResponse : null;
        if (response) reject(problem(response.getStatus(), response.getBody()));
        else reject(new ProblemError(0, "offline", ""));
      },
    });
    upload.start();
  });
}

/**
 * Make the batch and return the address of its page.
 *
 * @throws ProblemError; status 0 when the server was not reached.
 */
export async function makeBatch(
  url: string,
  source: { upload: string } | { photos: readonly string[] },
  wish: Wish,
): Promise<string> {
  const response = await fetch(url, {
    method: "POST",
    credentials: "same-origin",
    headers: {
      Accept: "application/json",
      "Content-Type": "application/json",
      "X-CSRFToken": csrfToken(),
    },
    body: JSON.stringify({ ...wish, ...source }),
  }).catch(() => {
    throw new ProblemError(0, "offline", "");
  });
  if (!response.ok) throw problem(response.status, await response.text());
  const batch = (await response.json()) as { url: string };
  return batch.url;
}
