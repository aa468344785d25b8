/** Sending one file in pieces (tus), over lost connections and reloads. */
import { type DetailedError, type PreviousUpload, Upload } from "tus-js-client";
import { csrfToken, type ProblemError, problem } from "../api/http.ts";

const ENDPOINT = "/api/uploads";
export const CHUNK_SIZE = 2 * 1024 * 1024;
const QUICK_RETRIES = [0, 1_000, 3_000];
/** After the quick retries, one more each so often, and at once when the network is back, in ms. */
export const SLOW_RETRY = 10_000;

export interface UploadHooks {
  /** How much has arrived, in [0, 1]. */
  progress(share: number): void;
  /** The connection is lost; sending goes on by itself when it is back. */
  stalled(): void;
  /** All has arrived at this address. */
  arrived(url: string): void;
  /** The server does not take it. */
  failed(problem: ProblemError): void;
}

/**
 * Settled once an upload has been begun: a newcomer gets a session with the first answer, and
 * several first requests at once would get as many, of which all but one are lost.
 */
let begun: Promise<void> | null = null;

/** Addresses that a file is being sent to: the same file dropped twice needs two. */
const taken = new Set<string>();

export class ResumableUpload {
  readonly #upload: Upload;
  #timer = 0;
  #ended = false;
  #letOthersStart: () => void = () => {};
  readonly #online = () => this.resume();

  /** @param metadata goes with the upload; its "filename" names the file. */
  constructor(
    readonly blob: Blob,
    metadata: Readonly<Record<string, string>>,
    readonly hooks: UploadHooks,
    chunkSize = CHUNK_SIZE,
  ) {
    this.#upload = new Upload(blob, {
      endpoint: ENDPOINT,
      chunkSize,
      retryDelays: QUICK_RETRIES,
      removeFingerprintOnSuccess: true,
      metadata: { ...metadata },
      headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
      onProgress: (sent, total) => hooks.progress(total > 0 ? sent / total : 0),
      onShouldRetry: (error) => navigator.onLine && isPassing(statusOf(error)),
      onUploadUrlAvailable: () => {
        if (this.#upload.url) taken.add(this.#upload.url);
        this.#letOthersStart();
      },
      onError: (error) => this.#failed(error),
      onSuccess: () => this.#arrived(),
    });
    void this.#begin();
  }

  /** Go on now with what has stalled. */
  resume(): void {
    this.#rest();
    if (!this.#ended) this.#upload.start();
  }

  /** Stop, and have the server forget what has arrived. */
  cancel(): void {
    this.#end();
    void this.#upload.abort(true).catch(() => {});
  }

  async #begin(): Promise<void> {
    await this.#findBefore();
    if (begun) await begun;
    else
      begun = new Promise((resolve) => {
        this.#letOthersStart = resolve;
      });
    if (!this.#ended) this.#upload.start();
    else this.#letOthersStart();
  }

  /** What a file's name and date say of it, a blob made on the page does not. */
  async #findBefore(): Promise<void> {
    if (!(this.blob instanceof File)) return;
    const before = await this.#upload.findPreviousUploads().catch(() => [] as PreviousUpload[]);
    const free = before.find(({ uploadUrl }) => uploadUrl && !taken.has(uploadUrl));
    if (!free?.uploadUrl) return;
    taken.add(free.uploadUrl);
    this.#upload.resumeFromPreviousUpload(free);
  }

  #failed(error: Error | DetailedError): void {
    this.#letOthersStart();
    const body = "originalResponse" in error ? error.originalResponse?.getBody() : "";
    const known = problem(statusOf(error), body ?? "");
    if (isPassing(known.status) || isTooSoon(known)) return this.#stall();
    if (this.#ended) return;
    this.#end();
    // What there was no room for may be wanted again.
    if (known.status !== 429) void this.#upload.abort(true).catch(() => {});
    this.hooks.failed(known);
  }

  /** Wait for the network; what has arrived stays. */
  #stall(): void {
    if (this.#ended) return;
    this.hooks.stalled();
    window.addEventListener("online", this.#online, { once: true });
    this.#timer = window.setTimeout(this.#online, SLOW_RETRY);
  }

  #rest(): void {
    window.clearTimeout(this.#timer);
    window.removeEventListener("online", this.#online);
  }

  #arrived(): void {
    if (this.#ended) return;
    this.#end();
    this.hooks.arrived(this.#upload.url ?? "");
  }

  #end(): void {
    this.#ended = true;
    this.#letOthersStart();
    this.#rest();
    if (this.#upload.url) taken.delete(this.#upload.url);
  }
}

/** Whether what went wrong may pass: no answer, a busy server, or a piece that came twice. */
export function isPassing(status: number): boolean {
  return status === 0 || status >= 500 || status === 409 || status === 423;
}

/** Whether too much was requested in a minute, which is no matter of quotas. */
export function isTooSoon({ status, code }: ProblemError): boolean {
  return status === 429 && code === "too_many_requests";
}

function statusOf(error: Error | DetailedError): number {
  return "originalResponse" in error ? (error.originalResponse?.getStatus() ?? 0) : 0;
}
