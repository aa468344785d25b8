import { html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { ProblemError } from "../../shared/api/http.ts";
import { icon } from "../../shared/ui/icons.ts";
import { t } from "../messages.ts";
import {
  deleteVersion,
  hintsOfVersion,
  nameVersion,
  readVersions,
  takeCopy,
  type Version,
} from "../versions.ts";
import { StudioElement } from "./element.ts";

const NAME_LENGTH = 80;

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
        <label class="bring-in">
          <input class="visually-hidden" type="file" accept="image/*" data-testid="copy-file" @change=${this.#chosen} />
          <span class="button small">${t.bringInCopy}</span>
        </label>
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
      // Two of the same minute are told apart by their seconds.
      timeStyle: this.#sameMinute(version) ? "medium" : "short",
    });
    const file = this.model.config.urls.version_image.replace("{id}", version.id);
    return html`
      <li class="version" data-testid="version">
        <img src="/api/versions/${version.id}/thumbnail" alt="" loading="lazy" width="72" height="54" />
        <div class="version-words">
          ${version.name ? html`<strong>${version.name}</strong>` : nothing}
          <time datetime=${version.created}>${words}</time>
          <span>${version.brought_in ? t.broughtInFacts : t.versionFacts(version.hints, version.model)}</span>
        </div>
        <div class="version-tools">
          ${this.#compare(version, words, `${file}?format=webp`)}
          <a
            class="icon-button small"
            href="${file}?format=${this.model.config.format ?? "png"}"
            download
            aria-label=${t.downloadVersion(words)}
            title=${t.download}
            >${icon("download")}</a
          >
          ${
            version.brought_in
              ? nothing
              : this.#tool("undo", "version-restore", t.restoreHints(words), () =>
                  this.#restore(version),
                )
          }
          ${this.#tool("pencil", "version-name", t.nameVersion(words), () => this.#name(version))}
          ${this.#tool("trash", "version-delete", t.deleteVersion(words), () => this.#delete(version))}
        </div>
      </li>
    `;
  }

  #sameMinute({ id, created }: Version): boolean {
    const minute = created.slice(0, 16);
    return (this.versions ?? []).some(
      (other) => other.id !== id && other.created.startsWith(minute),
    );
  }

  #tool(shape: "undo" | "trash" | "pencil", id: string, words: string, act: () => Promise<void>) {
    return html`
      <button class="icon-button small" type="button" data-testid=${id} aria-label=${words} title=${words}
        @click=${() => void this.#attempt(act)}>${icon(shape)}</button>
    `;
  }

  #compare({ id }: Version, when: string, url: string) {
    const words = t.compareVersion(when);
    return html`
      <button class="icon-button small" type="button" data-testid="version-compare" aria-label=${words} title=${words}
        aria-pressed=${this.model.earlier?.id === id}
        @click=${() => this.model.compareWith({ id, url, when })}>${icon("split")}</button>
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
    this.model.editor.commit(await hintsOfVersion(version.id));
    this.model.notices.show("info", t.hintsRestored);
  }

  async #name(version: Version): Promise<void> {
    const name = window.prompt(t.versionName, version.name);
    if (name === null) return;
    const named = await nameVersion(version.id, name.slice(0, NAME_LENGTH));
    this.versions = (this.versions ?? []).map((one) => (one.id === named.id ? named : one));
  }

  readonly #chosen = (event: Event) => {
    const input = event.currentTarget as HTMLInputElement;
    const [file] = input.files ?? [];
    input.value = "";
    if (file) void this.#attempt(() => takeCopy(this.model, file));
  };

  async #delete(version: Version): Promise<void> {
    if (!window.confirm(t.sureVersion)) return;
    await deleteVersion(version.id);
    if (this.model.earlier?.id === version.id) this.model.setSplit(0);
    this.versions = (this.versions ?? []).filter(({ id }) => id !== version.id);
    this.model.exporter.forget(version.id);
  }

  async #attempt(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      const detail = error instanceof ProblemError ? error.detail : "";
      this.model.notices.show("error", detail || t.versionsFailed);
    }
  }
}
