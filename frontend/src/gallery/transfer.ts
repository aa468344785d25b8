/** Sending one file in pieces (tus), over lost connections and reloads, and making a photo of it. */
import { type DetailedError, type PreviousUpload, Upload } from "tus-js-client";
import { csrfToken, ProblemError, problem, requestJson } from "../api/http.ts";
import type { PhotoOut } from "../api/upload.ts";
import { t } from "../i18n/gallery.ts";
import type { News, Sending } from "./queue.ts";

const ENDPOINT = "/api/uploads";
const PIECE = 2 * 1024 * 1024;
const QUICK_RETRIES = [0, 1_000, 3_000];
/** After the quick retries, one more each so often, and at once when the network is back, in ms. */
const SLOW_RETRY = 10_000;
const MAKING_RETRIES = 20;

/**
 * Settled once an upload has been begun: a newcomer gets a session with the first answer, and
 * several first requests at once would get as many, of which all but one are lost.
 */
let begun: Promise<void> | null = null;

/** Addresses that a file is being sent to: the same file dropped twice needs two. */
const taken = new Set<string>();

export function sendFile(file: File, news: News<PhotoOut>): Sending {
  return new Transfer(file, news);
}

class Transfer implements Sending {
  readonly #upload: Upload;
  readonly #news: News<PhotoOut>;
  #timer = 0;
  #ended = false;
  #pass: () => void = () => {};
  readonly #online = () => this.resume();

  constructor(file: File, news: News<PhotoOut>) {
    this.#news = news;
    this.#upload = new Upload(file, {
      endpoint: ENDPOINT,
      chunkSize: PIECE,
      retryDelays: QUICK_RETRIES,
      removeFingerprintOnSuccess: true,
      metadata: { filename: file.name || "pasted.png" },
      headers: { "X-CSRFToken": csrfToken() },
      onProgress: (sent, total) => news.progress(total > 0 ? sent / total : 0),
      onShouldRetry: (error) => navigator.onLine && passing(statusOf(error)),
      onUploadUrlAvailable: () => {
        if (this.#upload.url) taken.add(this.#upload.url);
        this.#pass();
      },
      onError: (error) => this.#failed(error),
      onSuccess: () => void this.#make(),
    });
    void this.#begin();
  }

  resume(): void {
    this.#rest();
    if (!this.#ended) this.#upload.start();
  }

  cancel(): void {
    this.#end();
    void this.#upload.abort(true).catch(() => {});
  }

  async #begin(): Promise<void> {
    const before = await this.#upload.findPreviousUploads().catch(() => [] as PreviousUpload[]);
    const free = before.find(({ uploadUrl }) => uploadUrl && !taken.has(uploadUrl));
    if (free?.uploadUrl) {
      taken.add(free.uploadUrl);
      this.#upload.resumeFromPreviousUpload(free);
    }
    if (begun) await begun;
    else
      begun = new Promise((resolve) => {
        this.#pass = resolve;
      });
    if (!this.#ended) this.#upload.start();
    else this.#pass();
  }

  #failed(error: Error | DetailedError): void {
    this.#pass();
    const body = "originalResponse" in error ? error.originalResponse?.getBody() : "";
    const known = problem(statusOf(error), body ?? "");
    if (passing(known.status) || hasty(known)) return this.#stall();
    this.#refuse(known);
  }

  /** Wait for the network; what has arrived stays. */
  #stall(): void {
    if (this.#ended) return;
    this.#news.stalled();
    window.addEventListener("online", this.#online, { once: true });
    this.#timer = window.setTimeout(this.#online, SLOW_RETRY);
  }

  #rest(): void {
    window.clearTimeout(this.#timer);
    window.removeEventListener("online", this.#online);
  }

  async #make(): Promise<void> {
    this.#news.making();
    for (let attempt = 0; !this.#ended; attempt++) {
      try {
        const photo = await requestJson<PhotoOut>("POST", `${this.#upload.url}/photo`);
        this.#end();
        return this.#news.done(photo);
      } catch (error) {
        const known = error instanceof ProblemError ? error : new ProblemError(0, "offline", "");
        const again = passing(known.status) || hasty(known);
        if (!again || attempt >= MAKING_RETRIES) return this.#refuse(known);
        const pause = hasty(known) ? SLOW_RETRY : 500 * Math.min(attempt + 1, 10);
        await new Promise((resolve) => window.setTimeout(resolve, pause));
      }
    }
  }

  #refuse({ status, detail }: ProblemError): void {
    if (this.#ended) return;
    this.#end();
    // What is no photo will not become one; what there was no room for may be wanted again.
    if (status >= 400 && status !== 429) void this.#upload.abort(true).catch(() => {});
    this.#news.failed(detail || (status === 0 ? t.uploadOffline : t.uploadFailed(status)));
  }

  #end(): void {
    this.#ended = true;
    this.#pass();
    this.#rest();
    if (this.#upload.url) taken.delete(this.#upload.url);
  }
}

/** Whether what went wrong may pass: no answer, a busy server, or a piece that came twice. */
function passing(status: number): boolean {
  return status === 0 || status >= 500 || status === 409 || status === 423;
}

/** Whether too much was asked for in a minute, which is no matter of quotas. */
function hasty({ status, code }: ProblemError): boolean {
  return status === 429 && code === "too_many_requests";
}

function statusOf(error: Error | DetailedError): number {
  return "originalResponse" in error ? (error.originalResponse?.getStatus() ?? 0) : 0;
}
