import { html, LitElement, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { PhotoOut } from "../generated/api.ts";
import { icon } from "../shared/ui/icons.ts";
import { sendPhoto } from "../shared/upload/photo.ts";
import { type Item, UploadQueue } from "../shared/upload/queue.ts";
import { changeMany } from "./api.ts";
import { t } from "./messages.ts";

const PARALLEL = 3;

type Row = Item<File, PhotoOut>;

/** What is being uploaded: a bar for each file, what failed and why, and what was there already. */
@customElement("rehue-uploads")
export class Uploads extends LitElement {
  @state() private folded = false;
  /** Duplicates that the user has decided on. */
  readonly #decided = new Set<string>();
  readonly queue = new UploadQueue<File, PhotoOut>(sendPhoto, PARALLEL, (photo) => {
    if (photo) this.dispatchEvent(new CustomEvent<PhotoOut>("rehue-added", { detail: photo }));
    this.requestUpdate();
  });
  readonly #stay = (event: BeforeUnloadEvent) => {
    if (this.queue.active > 0) event.preventDefault();
  };

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("beforeunload", this.#stay);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("beforeunload", this.#stay);
  }

  add(files: readonly File[]): void {
    if (files.length === 0) return;
    this.folded = false;
    this.queue.add(files);
  }

  protected override render() {
    const { queue } = this;
    if (queue.items.length === 0) return nothing;
    const failed = queue.count("failed");
    return html`
      <section class="uploads-box" aria-label=${t.uploads} data-testid="uploads">
        <header class="uploads-head">
          <p role="status">
            <strong>${t.uploads}</strong>
            <span data-testid="uploads-done">${t.uploadsDone(queue.count("done"), queue.items.length)}</span>
            ${failed > 0 ? html`<span class="uploads-bad">${t.uploadsFailed(failed)}</span>` : nothing}
          </p>
          ${
            failed > 1
              ? html`<button class="button small" type="button" data-testid="retry-all" @click=${() => queue.retryAll()}>${t.retryAll}</button>`
              : nothing
          }
          <button
            class="icon-button small"
            type="button"
            aria-expanded=${!this.folded}
            aria-label=${this.folded ? t.unfold : t.fold}
            @click=${() => this.#fold()}
          >
            ${icon(this.folded ? "plus" : "minus")}
          </button>
          ${
            queue.active === 0
              ? html`<button class="icon-button small" type="button" data-testid="uploads-close" aria-label=${t.close} @click=${() => this.#close()}>${icon("close")}</button>`
              : nothing
          }
        </header>
        <progress max="1" .value=${queue.share} aria-label=${t.uploads}></progress>
        <ul class="uploads-list" ?hidden=${this.folded}>
          ${repeat(
            [...queue.items].sort(byUrgency),
            ({ id }) => id,
            (item) => this.#row(item),
          )}
        </ul>
      </section>
    `;
  }

  #row(item: Row) {
    const { status, source, share, error } = item;
    const again = status === "failed" || status === "stalled";
    return html`
      <li class="upload-row" data-status=${status} data-testid="upload-row">
        <span class="upload-name" title=${source.name}>
          ${item.result ? html`<a href=${item.result.url}>${source.name}</a>` : source.name}
        </span>
        <span class="upload-tools">
          ${
            again
              ? html`<button class="button small" type="button" data-testid="upload-retry" @click=${() => this.queue.retry(item.id)}>${t.retry}</button>`
              : nothing
          }
          <button
            class="icon-button small"
            type="button"
            aria-label=${ended(item) ? t.remove(source.name) : t.stop(source.name)}
            @click=${() => this.queue.remove(item.id)}
          >
            ${icon("close")}
          </button>
        </span>
        ${ended(item) ? nothing : html`<progress max="1" .value=${share} aria-label=${source.name}></progress>`}
        <span class="upload-words" role=${status === "failed" ? "alert" : nothing}>
          ${status === "failed" ? error : words(item)}
        </span>
        ${this.#same(item)}
      </li>
    `;
  }

  /** The same picture was there already: say which, and let the user decide. */
  #same(item: Row) {
    const photo = item.result;
    const older = photo?.same_as;
    if (!photo || !older || this.#decided.has(photo.id)) return nothing;
    return html`
      <div class="upload-same" data-testid="upload-same">
        <p><a href=${older.url}>${t.sameAs(older.title || t.untitled)}</a></p>
        <button class="button small" type="button" data-testid="same-keep" @click=${() => this.#decide(photo.id)}>${t.keepBoth}</button>
        <button class="button small" type="button" data-testid="same-trash" @click=${() => this.#trash(item, photo)}>${t.trashThis}</button>
      </div>
    `;
  }

  #decide(id: string): void {
    this.#decided.add(id);
    this.requestUpdate();
  }

  async #trash(item: Row, photo: PhotoOut): Promise<void> {
    this.#decide(photo.id);
    await changeMany("trash", [photo.id]).catch(() => this.#decided.delete(photo.id));
    if (this.#decided.has(photo.id)) this.queue.remove(item.id);
    else this.requestUpdate();
  }

  #fold(): void {
    this.folded = !this.folded;
  }

  #close(): void {
    for (const { id } of this.queue.items) this.queue.remove(id);
  }
}

const URGENCY: Record<Row["status"], number> = {
  failed: 0,
  stalled: 1,
  sending: 2,
  making: 2,
  waiting: 3,
  done: 4,
};

/** What wants attention first, then what goes on; duplicates before what is simply done. */
function byUrgency(one: Row, other: Row): number {
  const rank = (row: Row) => (row.result?.same_as ? 1 : URGENCY[row.status]);
  return rank(one) - rank(other) || one.id - other.id;
}

function ended({ status }: Row): boolean {
  return status === "done" || status === "failed";
}

function words({ status, share }: Row): string {
  if (status === "sending") return `${Math.round(share * 100)} %`;
  const underway = { waiting: t.uploadWaiting, stalled: t.uploadStalled, making: t.uploadMaking };
  return status === "failed" ? "" : status === "done" ? t.uploadDone : underway[status];
}
