/** The full-size result: asked for, waited for, handed to the browser as a file. */

import type { JobOut } from "../generated/api.ts";
import type { ExportChoice, StudioConfig } from "./config.ts";
import { readJob, requestRender } from "./jobs.ts";

/** How often a job is asked after, in case its event got lost, in ms. */
const POLL_INTERVAL = 700;
const PATIENCE = 180_000;

export class RenderFailed extends Error {}

/** Render jobs by id, as the websocket tells of them. */
export class Renders {
  #versions = new Map<string, string>();
  #waiting = new Map<string, () => void>();

  finished(job: string, version: string): void {
    this.#versions.set(job, version);
    this.#waiting.get(job)?.();
  }

  forget(version: string): void {
    for (const [job, id] of this.#versions) if (id === version) this.#versions.delete(job);
  }

  /**
   * Render the saved hints at full size.
   *
   * @returns the version's id.
   * @throws RenderFailed with the server's sentence; ProblemError when it refused.
   */
  async render(config: StudioConfig): Promise<string> {
    let job = await requestRender(config.urls.renders);
    const end = performance.now() + PATIENCE;
    while (performance.now() < end) {
      const version = this.#versions.get(job.id) ?? job.version_id;
      if (version) return version;
      if (job.status !== "queued" && job.status !== "running") break;
      await this.#pause(job.id);
      if (!this.#versions.has(job.id)) job = await readJob(job.id);
    }
    throw new RenderFailed(sentence(job));
  }

  #pause(job: string): Promise<void> {
    return new Promise((resolve) => {
      const timer = window.setTimeout(resolve, POLL_INTERVAL);
      this.#waiting.set(job, () => {
        window.clearTimeout(timer);
        resolve();
      });
    });
  }
}

export function saveVersion(
  config: StudioConfig,
  version: string,
  choice: ExportChoice | "layers",
): void {
  const link = document.createElement("a");
  link.href = addressOf(config, version, choice);
  link.download = "";
  document.body.append(link);
  link.click();
  link.remove();
}

function addressOf(config: StudioConfig, version: string, choice: ExportChoice | "layers"): string {
  if (choice === "layers") return config.urls.version_layers.replace("{id}", version);
  const query = new URLSearchParams(Object.entries(choice).map(([k, v]) => [k, String(v)]));
  return `${config.urls.version_image.replace("{id}", version)}?${query}`;
}

function sentence(job: JobOut): string {
  return job.error;
}
