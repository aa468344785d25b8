/** The download of the full-size result: the last hints saved, rendered, and handed over. */
import { ProblemError } from "../shared/api/http.ts";
import type { ExportChoice, StudioConfig } from "./config.ts";
import type { PhotoConnection } from "./connection.ts";
import { RenderFailed, Renders, saveVersion } from "./download.ts";
import { requestRender } from "./jobs.ts";
import { t } from "./messages.ts";
import type { Notices } from "./notices.ts";

/** How long a download waits for the last hints to be saved, in ms. */
const SAVE_PATIENCE = 5_000;

export class Exporter {
  busy = false;
  readonly #renders = new Renders();

  constructor(
    readonly config: StudioConfig,
    readonly connection: PhotoConnection,
    readonly notices: Notices,
    readonly changed: () => void,
  ) {}

  async download(choice: ExportChoice | "layers"): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.notices.show("info", t.rendering);
    try {
      saveVersion(this.config, await this.keep(), choice);
      this.notices.show("info", t.downloaded);
    } catch (error) {
      const known = error instanceof ProblemError || error instanceof RenderFailed;
      this.notices.show("error", (known && error.message) || t.renderFailed);
    } finally {
      this.busy = false;
      this.changed();
    }
  }

  /**
   * Make the state on screen a version.
   *
   * @returns the version's id.
   * @throws RenderFailed with a sentence; ProblemError when the server refused.
   */
  async keep(): Promise<string> {
    await this.#saved();
    return this.#renders.render(this.config);
  }

  /** Have the state on screen made a version, and go on without waiting for it. */
  async keepLater(): Promise<void> {
    await this.#saved();
    await requestRender(this.config.urls.renders);
  }

  /** The websocket says that a render is done. */
  finished(job: string, version: string): void {
    this.#renders.finished(job, version);
  }

  /** A full-size result was deleted: the next download has another one made. */
  forget(version: string): void {
    this.#renders.forget(version);
  }

  /** Wait until the server has the last hint. */
  async #saved(): Promise<void> {
    const end = performance.now() + SAVE_PATIENCE;
    while (this.connection.sync.dirty && performance.now() < end) {
      await new Promise((resolve) => window.setTimeout(resolve, 50));
    }
    if (this.connection.sync.dirty) throw new RenderFailed(t.downloadUnsaved);
  }
}
