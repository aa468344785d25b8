import { html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { ProblemError } from "../../shared/api/http.ts";
import { icon } from "../../shared/ui/icons.ts";
import { t } from "../messages.ts";
import { galleryAddress, type Neighbours, readNeighbours } from "../neighbours.ts";
import { changePhoto, trashPhoto } from "../versions.ts";
import { MenuElement } from "./menu.ts";

const TOUCH = window.matchMedia("(pointer: coarse)");

/** What is done with the photo as a whole: star, rename, trash, back to the gallery. */
@customElement("rehue-photo-menu")
export class PhotoMenu extends MenuElement {
  @state() private starred = this.model.config.photo.starred ?? false;
  @query("dialog") private dialog!: HTMLDialogElement;
  @query("input") private input!: HTMLInputElement;

  @state() private neighbours: Neighbours | null = null;

  protected override toggle(): void {
    super.toggle();
    if (this.neighbours) return;
    void readNeighbours(this.model.config.photo.id).then(
      (neighbours) => {
        this.neighbours = neighbours;
      },
      () => null,
    );
  }

  protected override render() {
    const opener = html`
      <button
        class="icon-button photo-menu-open"
        type="button"
        data-testid="photo-menu"
        aria-haspopup="true"
        aria-expanded=${this.open}
        aria-label=${t.photoMenu}
        title=${t.photoMenu}
        @click=${() => this.toggle()}
      >
        ${icon("more")}
      </button>
    `;
    return html`
      ${this.menu(opener, () => this.#list())}
      <dialog class="rename">
        <form method="dialog" @submit=${() => void this.#rename()}>
          <label>${t.renameTo} <input name="title" maxlength="200" autocomplete="off" data-testid="rename-input" /></label>
          <p>
            <button class="button" type="button" @click=${() => this.dialog.close()}>${t.cancel}</button>
            <button class="button primary" type="submit" data-testid="rename-ok">${t.rename}</button>
          </p>
        </form>
      </dialog>
    `;
  }

  #list() {
    const guide = () => void this.dispatchEvent(new CustomEvent("rehue-guide", { bubbles: true }));
    const share = () => void this.dispatchEvent(new CustomEvent("rehue-share", { bubbles: true }));
    const help = () => void this.dispatchEvent(new CustomEvent("rehue-help", { bubbles: true }));
    return html`
        ${this.#item("photo-star", this.starred ? t.unstar : t.star, () => this.#star())}
        ${this.#item("photo-rename", t.renameTitle, () => this.#ask())}
        ${this.#item("photo-share", t.shareTitle, share)}
        ${this.#item("photo-trash", t.toTrash, () => this.#trash())}
        ${this.#step("previous", t.previousPhoto)} ${this.#step("next", t.nextPhoto)}
        <a class="menu-item" href=${galleryAddress(this.model.config.photo.id)} data-testid="photo-gallery">${t.toGallery}</a>
        ${this.#item("photo-help", TOUCH.matches ? t.gestures : t.shortcuts, help)}
        ${this.#item("photo-guide", t.showGuide, guide)}
    `;
  }

  /** On a phone the header has no room for these. */
  #step(to: keyof Neighbours, words: string) {
    const address = this.neighbours?.[to];
    return address ? html`<a class="menu-item narrow-only" href=${address}>${words}</a>` : nothing;
  }

  #item(id: string, words: string, act: () => Promise<void> | void) {
    return html`
      <button class="menu-item" type="button" data-testid=${id} @click=${() => void this.#attempt(act)}>
        ${words}
      </button>
    `;
  }

  async #star(): Promise<void> {
    const facts = await changePhoto(this.model.config.urls.photo, { starred: !this.starred });
    this.starred = facts.starred;
    this.model.notices.show("info", facts.starred ? t.starredNow : t.unstarredNow);
  }

  #ask(): void {
    this.input.value = document.querySelector(".photo-name")?.textContent?.trim() ?? "";
    this.dialog.showModal();
    this.input.select();
  }

  #rename(): Promise<void> {
    const title = this.input.value;
    return this.#attempt(async () => {
      const facts = await changePhoto(this.model.config.urls.photo, { title });
      const name = document.querySelector(".photo-name");
      if (name) name.textContent = facts.title || t.untitled;
      document.title = `${facts.title || t.untitled} · Rehue`;
    });
  }

  async #trash(): Promise<void> {
    await trashPhoto(this.model.config.urls.photo);
    location.assign("/photos");
  }

  async #attempt(act: () => Promise<void> | void): Promise<void> {
    this.close();
    try {
      await act();
    } catch (error) {
      const detail = error instanceof ProblemError ? error.detail : "";
      this.model.notices.show("error", detail || t.photoUnchanged);
    }
  }
}
