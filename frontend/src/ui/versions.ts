import { html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { ProblemError } from "../api/http.ts";
import { t } from "../i18n/page.ts";
import { deleteVersion, hintsOfVersion, readVersions, type Version } from "../studio/versions.ts";
import { StudioElement } from "./element.ts";
import { icon } from "./icons.ts";

/** The photo's history: each full-size result, to be downloaded, gone back to, or deleted. */
@customElement("rehue-versions")
export class Versions extends StudioElement {
  @state() private versions: readonly Version[] | null = null;
  @state() private failed = false;
  #known = -1;

  protected override updated(): void {
    const open = this.querySelector("details")?.open ?? false;
    if (open && this.#known !== this.model.versionsMade) void this.#load();
  }

  protected override render() {
    return html`
      <details class="versions" data-testid="versions" @toggle=${() => this.requestUpdate()}>
        <summary><h2>${t.versions}</h2></summary>
        ${this.failed ? html`<p class="quiet" role="alert">${t.versionsFailed}</p>` : nothing}
        ${this.versions?.length === 0 ? html`<p class="quiet">${t.noVersions}</p>` : nothing}
        <ul class="version-list">
          ${repeat(
            this.versions ?? [],
            ({ id }) => id,
            (version) => this.#row(version),
          )}
        </ul>
      </details>
    `;
  }

  #row(version: Version) {
    const when = new Date(version.created);
    const words = when.toLocaleString(document.documentElement.lang, {
      dateStyle: "medium",
      timeStyle: "short",
    });
    const file = this.model.config.urls.version_image.replace("{id}", version.id);
    return html`
      <li class="version" data-testid="version">
        <img src="/api/versions/${version.id}/thumbnail" alt="" loading="lazy" width="72" height="54" />
        <div class="version-words">
          <time datetime=${version.created}>${words}</time>
          <span>${t.versionFacts(version.model, version.revision)}</span>
        </div>
        <div class="version-tools">
          <a
            class="icon-button small"
            href="${file}?format=${this.model.config.format ?? "png"}"
            download
            aria-label=${t.downloadVersion(words)}
            title=${t.download}
            >${icon("download")}</a
          >
          ${this.#tool("undo", "version-restore", t.restoreHints(words), () => this.#restore(version))}
          ${this.#tool("trash", "version-delete", t.deleteVersion(words), () => this.#delete(version))}
        </div>
      </li>
    `;
  }

  #tool(shape: "undo" | "trash", id: string, words: string, act: () => Promise<void>) {
    return html`
      <button class="icon-button small" type="button" data-testid=${id} aria-label=${words} title=${words}
        @click=${() => void this.#attempt(act)}>${icon(shape)}</button>
    `;
  }

  async #load(): Promise<void> {
    this.#known = this.model.versionsMade;
    try {
      this.versions = await readVersions(this.model.config.urls.versions);
      this.failed = false;
    } catch {
      this.failed = true;
    }
  }

  /** One step of the history of hints: it can be undone. */
  async #restore(version: Version): Promise<void> {
    this.model.hinting.commit(await hintsOfVersion(version.id));
    this.model.notices.show("info", t.hintsRestored);
  }

  async #delete(version: Version): Promise<void> {
    if (!window.confirm(t.sureVersion)) return;
    await deleteVersion(version.id);
    this.versions = (this.versions ?? []).filter(({ id }) => id !== version.id);
    this.model.forgetVersion(version.id);
  }

  async #attempt(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      const said = error instanceof ProblemError ? error.detail : "";
      this.model.notices.show("error", said || t.versionsFailed);
    }
  }
}
