import { html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { PhotoOut } from "../../generated/api.ts";
import { takeFiles } from "../../shared/ui/drop.ts";
import { addHintFile } from "../clipboard.ts";
import { MAX_HINT_FILE } from "../hint-files.ts";
import { t } from "../messages.ts";
import { takeReference, uploadFor } from "../references.ts";
import { takeCopy } from "../versions.ts";
import { StudioElement } from "./element.ts";

/** A file dropped on the open studio: asks what is to be done with it. */
@customElement("rehue-drop")
export class DropDialog extends StudioElement {
  @state() private files: readonly File[] = [];
  @state() private sending = "";
  @query("dialog") private dialog!: HTMLDialogElement;

  protected override firstUpdated(): void {
    takeFiles(t.dropHere, (files) => void this.#take(files));
  }

  protected override render() {
    const [first] = this.files;
    return html`
      <dialog class="ask" data-testid="drop-dialog" aria-labelledby="drop-title" @close=${() => this.#closed()}>
        <h2 id="drop-title">${this.files.length > 1 ? t.droppedMany(this.files.length) : t.dropped(first?.name ?? "")}</h2>
        ${this.sending ? html`<p role="status">${this.sending}</p>` : html`<p>${t.droppedHelp}</p>`}
        <p class="dialog-end">
          <button class="button" type="button" @click=${() => this.dialog.close()}>${t.cancel}</button>
          ${
            this.sending
              ? nothing
              : html`${this.files.length === 1 && this.model.controllable ? this.#colors() : nothing}<button class="button primary" type="button" autofocus data-testid="drop-open" @click=${() => void this.#send()}>
                  ${this.files.length > 1 ? t.addPhotos : t.openPhoto}
                </button>`
          }
        </p>
      </dialog>
    `;
  }

  #colors() {
    return html`<button class="button" type="button" data-testid="drop-copy" @click=${() => void this.#bringIn()}>${t.isCopy}</button>
      <button class="button" type="button" data-testid="drop-reference" @click=${() => void this.#refer()}>${t.takeItsColors}</button>`;
  }

  async #bringIn(): Promise<void> {
    const [file] = this.files;
    this.dialog.close();
    if (!file) return;
    try {
      await takeCopy(this.model, file);
    } catch (error) {
      this.model.notices.show("error", (error as Error).message || t.versionsFailed);
    }
  }

  async #refer(): Promise<void> {
    const [file] = this.files;
    const photo = file && (await this.#upload(file));
    this.dialog.close();
    if (photo) takeReference(this.model, photo);
  }

  async #take(files: readonly File[]): Promise<void> {
    const [first] = files;
    if (!first || this.dialog.open) return;
    if (files.length === 1 && /\.json$/i.test(first.name)) return this.#read(first);
    this.files = files;
    await this.updateComplete;
    this.dialog.showModal();
  }

  async #read(file: File): Promise<void> {
    const { notices } = this.model;
    if (file.size > MAX_HINT_FILE) return notices.show("error", t.hintsTooLarge);
    try {
      addHintFile(this.model, await file.text());
    } catch (error) {
      notices.show("error", (error as Error).message);
    }
  }

  async #send(): Promise<void> {
    let address = "";
    for (const file of this.files) {
      const photo = await this.#upload(file);
      address ||= photo?.url ?? "";
    }
    if (!this.dialog.open) return;
    this.dialog.close();
    if (address) location.assign(this.files.length > 1 ? "/photos" : address);
  }

  #upload(file: File): Promise<PhotoOut | null> {
    return uploadFor(this.model, file, (text) => {
      this.sending = text;
    });
  }

  #closed(): void {
    this.sending = "";
  }
}
