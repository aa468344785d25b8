/** A whole picture composed by workers, a share of its rows each. */
import { compose, type Lightness } from "../core/compose.ts";
import type { RowsRequest } from "./compose-worker.ts";

/** Each keeps the photo's lightness: more of them cost more memory than they save time. */
const MAX_WORKERS = 4;

type Rows = Uint8ClampedArray<ArrayBuffer>;

interface Helper {
  readonly worker: Worker;
  /** Rejected when the worker fails, and for good. */
  readonly failure: Promise<never>;
}

export class ComposingWorkers {
  readonly #helpers: readonly Helper[];
  #last = Promise.resolve();

  constructor(readonly plane: Lightness) {
    const count = Math.min(MAX_WORKERS, Math.max(1, navigator.hardwareConcurrency));
    this.#helpers = Array.from({ length: count }, () => {
      const worker = new Worker(new URL("./compose-worker.ts", import.meta.url), {
        type: "module",
      });
      worker.postMessage(plane);
      return { worker, failure: failureOf(worker) };
    });
  }

  /** Compose into a canvas, after what was asked for before. */
  compose(request: RowsRequest, canvas: HTMLCanvasElement): Promise<void> {
    this.#last = this.#last.then(() => this.#compose(request, canvas));
    return this.#last;
  }

  async #compose(request: RowsRequest, canvas: HTMLCanvasElement): Promise<void> {
    const { view, width, height } = request;
    const share = Math.ceil(height / this.#helpers.length);
    const context = canvas.getContext("2d");
    const parts = this.#helpers.map(async ({ worker, failure }, at) => {
      const top = at * share;
      const rows = Math.min(share, height - top);
      if (rows <= 0) return;
      const part = { ...request, view: { ...view, y: view.y - top }, height: rows };
      // Where workers fail, the page composes by itself.
      const answer = Promise.race([failure, answerOf(worker, part)]);
      const pixels = await answer.catch(() => this.#composeHere(part));
      context?.putImageData(new ImageData(pixels, width, rows), 0, top);
    });
    await Promise.all(parts);
  }

  dispose(): void {
    for (const { worker } of this.#helpers) worker.terminate();
  }

  #composeHere({ map, view, width, height, tone, split }: RowsRequest): Rows {
    return compose(this.plane, map, view, width, height, tone, split);
  }
}

function failureOf(worker: Worker): Promise<never> {
  const failure = new Promise<never>((_, fail) => {
    worker.addEventListener("error", () => fail(new Error("A composing worker failed.")), {
      once: true,
    });
  });
  // It may fail before there is a request that could hear of it.
  failure.catch(() => undefined);
  return failure;
}

function answerOf(worker: Worker, request: RowsRequest): Promise<Rows> {
  return new Promise((done) => {
    worker.onmessage = ({ data }: MessageEvent<Rows>) => done(data);
    worker.postMessage(request);
  });
}
