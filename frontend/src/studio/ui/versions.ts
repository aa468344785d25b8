import { html, nothing, svg } from "lit";
import { customElement, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { HintSet } from "../../core/hints.ts";
import { type TreeRow, treeRows } from "../../core/history-tree.ts";
import { ProblemError } from "../../shared/api/http.ts";
import { icon } from "../../shared/ui/icons.ts";
import { RenderFailed } from "../download.ts";
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
/** The tree's measures, in px: between lanes, and from a row's top to its point. */
const LANE = 12;
const MIDDLE = 35;
const MAX_LANES = 5;

const laneX = (lane: number) => Math.min(lane, MAX_LANES - 1) * LANE + LANE / 2;

/** The photo's history as a tree: each point to be named, compared, gone back to, or deleted. */
@customElement("rehue-versions")
export class Versions extends StudioElement {
  @state() private versions: readonly Version[] | null = null;
  @state() private failed = false;
  #known = -1;
  /** The hints last gone back to: as long as they stand, there is nothing new to keep. */
  #returned: HintSet | null = null;

  protected override updated(): void {
    const open = this.querySelector("details")?.open ?? false;
    if (open && this.#known !== this.model.versionsMade) void this.#load();
  }

  protected override render() {
    const rows = treeRows(this.versions ?? []);
    const width = laneX(Math.max(0, ...rows.map(({ lane }) => lane))) + LANE / 2;
    return html`
      <details class="versions" data-testid="versions" @toggle=${() => this.requestUpdate()}>
        <summary><h2>${t.versions}</h2></summary>
        ${this.failed ? html`<p class="quiet" role="alert">${t.versionsFailed}</p>` : nothing}
        <button class="button small" type="button" data-testid="name-state" ?disabled=${this.model.exporter.busy}
          @click=${() => void this.#attempt(() => this.#nameState())}>${t.nameState}</button>
        <label class="bring-in">
          <input class="visually-hidden" type="file" accept="image/*" data-testid="copy-file" @change=${this.#chosen} />
          <span class="button small">${t.bringInCopy}</span>
        </label>
        ${this.versions?.length === 0 ? html`<p class="quiet">${t.noVersions}</p>` : nothing}
        <ul class="version-list">
          ${repeat(
            rows,
            ({ point }) => point.id,
            (row, at) => this.#row(row, rows[at + 1]?.point.id, width),
          )}
        </ul>
      </details>
    `;
  }

  #row(row: TreeRow<Version>, next: string | undefined, width: number) {
    const version = row.point;
    const words = this.#when(version);
    const parent = this.versions?.find(({ id }) => id === version.parent);
    const file = this.model.config.urls.version_image.replace("{id}", version.id);
    return html`
      <li class="version" data-testid="version" data-lane=${row.lane}>
        ${this.#lanes(row, width)}
        <img src="/api/versions/${version.id}/thumbnail" alt="" loading="lazy" width="72" height="54" />
        <div class="version-words">
          ${version.name ? html`<strong>${version.name}</strong>` : nothing}
          <time datetime=${version.session_end ?? version.created}>${words}</time>
          ${version.session_end ? html`<span>${t.sessionEnd}</span>` : nothing}
          ${
            parent && parent.id !== next
              ? html`<span data-testid="version-parent">${t.branchOf(parent.name || this.#when(parent))}</span>`
              : nothing
          }
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

  /** When its hints were on screen. */
  #when(version: Version): string {
    const minute = (one: Version) => (one.session_end ?? one.created).slice(0, 16);
    const isShared = (this.versions ?? []).some(
      (other) => other.id !== version.id && minute(other) === minute(version),
    );
    return new Date(version.session_end ?? version.created).toLocaleString(
      document.documentElement.lang,
      // Two of the same minute are told apart by their seconds.
      { dateStyle: "medium", timeStyle: isShared ? "medium" : "short" },
    );
  }

  /** The row's piece of the tree; the point's branches end in it from above. */
  #lanes({ lane, above, joins, below }: TreeRow<Version>, width: number) {
    const x = laneX(lane);
    return html`
      <svg class="version-lanes" width=${width} aria-hidden="true">
        ${above.map((from) =>
          joins.includes(from)
            ? svg`<path d="M${laneX(from)} 0 C${laneX(from)} ${MIDDLE} ${x} 0 ${x} ${MIDDLE}" />`
            : svg`<line x1=${laneX(from)} y1="0" x2=${laneX(from)} y2="100%" />`,
        )}
        ${below
          .filter((to) => to === lane)
          .map(() => svg`<line x1=${x} y1=${MIDDLE} x2=${x} y2="100%" />`)}
        <circle cx=${x} cy=${MIDDLE} r="4" />
      </svg>
    `;
  }

  #tool(shape: "undo" | "trash" | "pencil", id: string, words: string, act: () => Promise<void>) {
    return html`
      <button class="icon-button small" type="button" data-testid=${id} aria-label=${words} title=${words}
        @click=${() => void this.#attempt(act)}>${icon(shape)}</button>
    `;
  }

  #compare({ id, name }: Version, when: string, url: string) {
    const label = name || t.earlierLabel(when);
    const words = t.compareVersion(when);
    return html`
      <button class="icon-button small" type="button" data-testid="version-compare" aria-label=${words} title=${words}
        aria-pressed=${this.model.compared.some((shown) => shown.id === id)}
        @click=${() => this.model.compareWith({ id, url, label })}>${icon("split")}</button>
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

  /** One step of the history of hints: it can be undone; what stood before is kept as a point. */
  async #restore(version: Version): Promise<void> {
    const hints = await hintsOfVersion(version.id);
    await this.#keepState();
    this.model.editor.commit(hints);
    this.#returned = hints;
    this.model.notices.show("info", t.hintsRestored);
  }

  async #keepState(): Promise<void> {
    const { editor, connection, exporter } = this.model;
    if (editor.hints.isEmpty || this.#returned?.equals(editor.hints)) return;
    const { dirty, savedRevision } = connection.sync;
    const isStored = (one: Version) => !one.brought_in && one.revision === savedRevision;
    if (!dirty && this.versions?.some(isStored)) return;
    try {
      await exporter.keepLater();
    } catch (error) {
      const reason = error instanceof Error ? error.message : "";
      if (!window.confirm(t.backUnkept(reason))) throw error;
    }
  }

  async #nameState(): Promise<void> {
    const name = window.prompt(t.stateName, "");
    if (!name?.trim()) return;
    this.model.notices.show("info", t.keeping);
    await nameVersion(await this.model.exporter.keep(), name.slice(0, NAME_LENGTH));
    await this.#load();
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
    const shown = this.model.compared.find(({ id }) => id === version.id);
    if (shown) this.model.compareWith(shown);
    this.model.exporter.forget(version.id);
    await this.#load(); // what hung on it hangs elsewhere now
  }

  async #attempt(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      const isProblem = error instanceof ProblemError;
      const detail = isProblem ? error.detail : error instanceof RenderFailed ? error.message : "";
      if (isProblem && error.status === 404) await this.#load(); // deleted in another window
      this.model.notices.show("error", detail || t.versionsFailed);
    }
  }
}
