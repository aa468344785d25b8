import { html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { ProblemError } from "../api/http.ts";
import { t } from "../i18n/page.ts";
import { changePhoto, trashPhoto } from "../studio/versions.ts";
import { StudioElement } from "./element.ts";
import { icon } from "./icons.ts";

/** What is done with the photo as a whole: star, rename, trash, back to the gallery. */
@customElement("rehue-photo-menu")
export class PhotoMenu extends StudioElement {
  @state() private open = false;
  @state() private starred = this.model.config.photo.starred ?? false;
  @query("dialog") private dialog!: HTMLDialogElement;
  @query("input") private input!: HTMLInputElement;
  readonly #away = (event: Event) => {
    if (!event.composedPath().includes(this)) this.open = false;
  };

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("pointerdown", this.#away);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("pointerdown", this.#away);
  }

  protected override render() {
    const leave = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || !this.open) return;
      this.open = false;
      this.querySelector<HTMLElement>(".photo-menu-open")?.focus();
    };
    return html`
      <div class="menu" @keydown=${leave}>
        <button
          class="icon-button photo-menu-open"
          type="button"
          data-testid="photo-menu"
          aria-haspopup="true"
          aria-expanded=${this.open}
          aria-label=${t.photoMenu}
          title=${t.photoMenu}
          @click=${() => this.#toggle()}
        >
          ${icon("more")}
        </button>
        ${this.open ? this.#list() : nothing}
      </div>
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
    return html`
      <div class="menu-list">
        ${this.#item("photo-star", this.starred ? t.unstar : t.star, () => this.#star())}
        ${this.#item("photo-rename", t.renameTitle, () => this.#ask())}
        ${this.#item("photo-trash", t.toTrash, () => this.#trash())}
        <a class="menu-item" href="/photos?at=${this.model.config.photo.id}" data-testid="photo-gallery">${t.toGallery}</a>
      </div>
    `;
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
    this.open = false;
    try {
      await act();
    } catch (error) {
      const said = error instanceof ProblemError ? error.detail : "";
      this.model.notices.show("error", said || t.photoUnchanged);
    }
  }

  #toggle(): void {
    this.open = !this.open;
  }
}
