/** Sending a photo: its file in pieces, and then a photo made of it. */
import type { PhotoOut } from "../../generated/api.ts";
import { ProblemError, requestJson } from "../api/http.ts";
import { t } from "./messages.ts";
import type { Reporter, Sending } from "./queue.ts";
import { isPassing, isTooSoon, ResumableUpload, SLOW_RETRY } from "./resumable.ts";

const ATTEMPTS = 20;

export function sendPhoto(file: File, report: Reporter<PhotoOut>): Sending {
  let cancelled = false;
  const upload = new ResumableUpload(
    file,
    { filename: file.name || "pasted.png" },
    {
      progress: (share) => report.progress(share),
      stalled: () => report.stalled(),
      failed: (problem) => report.failed(sentence(problem)),
      arrived: (url) => {
        report.making();
        void makePhoto(url, () => cancelled).then(
          (photo) => photo && report.done(photo),
          (problem: ProblemError) => {
            // What is no photo will not become one; what there was no room for may be wanted again.
            if (problem.status >= 400 && problem.status !== 429) upload.cancel();
            report.failed(sentence(problem));
          },
        );
      },
    },
  );
  return {
    resume: () => upload.resume(),
    cancel: () => {
      cancelled = true;
      upload.cancel();
    },
  };
}

/** @returns null where it is not wanted any more. */
async function makePhoto(url: string, isCancelled: () => boolean): Promise<PhotoOut | null> {
  for (let attempt = 0; ; attempt++) {
    if (isCancelled()) return null;
    try {
      return await requestJson<PhotoOut>("POST", `${url}/photo`);
    } catch (error) {
      const known = error instanceof ProblemError ? error : new ProblemError(0, "offline", "");
      const again = isPassing(known.status) || isTooSoon(known);
      if (!again || attempt >= ATTEMPTS) throw known;
      const pause = isTooSoon(known) ? SLOW_RETRY : 500 * Math.min(attempt + 1, 10);
      await new Promise((resolve) => window.setTimeout(resolve, pause));
    }
  }
}

function sentence({ status, detail }: ProblemError): string {
  return detail || (status === 0 ? t.offline : t.refused(status));
}
