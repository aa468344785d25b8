import { html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { rgbToHex } from "../../core/color.ts";
import { NEUTRAL } from "../../core/hints.ts";
import type { PhotoOut } from "../../generated/api.ts";
import { icon } from "../../shared/ui/icons.ts";
import { t } from "../messages.ts";
import { previewOf, readColorPhotos, takeReference, uploadFor } from "../references.ts";
import { StudioElement } from "./element.ts";
import { range } from "./range.ts";

/** "Colours from another photo": those that give theirs, how much, and an eyedropper on each. */
@customElement("rehue-references")
export class References extends StudioElement {
  @state() private photos: readonly PhotoOut[] | null = null;
  @state() private sending = "";
  @query("dialog") private dialog!: HTMLDialogElement;

  protected override render() {
    const { model } = this;
    if (!model.controllable) return nothing;
    const { references, strength } = model.editor.hints.controls;
    const percent = Math.round(strength * 100);
    return html`
      <section class="references" aria-label=${t.references}>
        <h2>${t.references}</h2>
        <ul class="reference-list">${references.map((id, at) => this.#row(id, at))}</ul>
        ${
          references.length === 0
            ? html`<p class="quiet">${t.noReferences}</p>`
            : range({
                id: "strength",
                name: t.strength,
                min: 0,
                max: 100,
                value: percent,
                text: `${percent} %`,
                initial: NEUTRAL.strength * 100,
                set: (value, done) => model.editor.control({ strength: value / 100 }, done),
              })
        }
        <button class="button" type="button" data-testid="reference-choose" @click=${() => void this.#open()}>${t.chooseReference}</button>
        ${this.#chooser()}
      </section>
    `;
  }

  #row(id: string, at: number) {
    const { editor } = this.model;
    const others = editor.hints.controls.references.filter((other) => other !== id);
    const name = t.referenceName(at + 1);
    return html`
      <li data-testid="reference">
        <button class="reference-picture" type="button" data-testid="reference-pick" title=${t.pickFromReference}
          aria-label="${name}: ${t.pickFromReference}" @click=${this.#pick}>
          <img src=${previewOf(id)} alt="" crossorigin="anonymous" @error=${this.#gone} />
        </button>
        <button class="icon-button small" type="button" data-testid="reference-remove" aria-label=${t.deleteHint(name)}
          title=${t.deleteHint(name)} @click=${() => editor.refer(others)}>${icon("close")}</button>
      </li>
    `;
  }

  #chooser() {
    return html`
      <dialog class="ask reference-dialog" data-testid="reference-dialog" aria-labelledby="reference-title">
        <h2 id="reference-title">${t.chooseReference}</h2>
        <p class="quiet">${this.sending || t.referenceHelp}</p>
        <ul class="reference-grid">
          ${(this.photos ?? []).map(
            (photo) => html`
              <li>
                <button type="button" data-testid="reference-photo" aria-label=${photo.title || t.untitled}
                  title=${photo.title || t.untitled} @click=${() => this.#take(photo)}>
                  <img src=${previewOf(photo.id)} alt="" loading="lazy" />
                </button>
              </li>
            `,
          )}
        </ul>
        ${this.photos?.length === 0 ? html`<p class="quiet">${t.noColorPhotos}</p>` : nothing}
        <p class="dialog-end">
          <button class="button" type="button" @click=${() => this.dialog.close()}>${t.cancel}</button>
          <label class="button primary file-button">
            ${t.uploadReference}
            <input type="file" accept="image/*" data-testid="reference-file" ?disabled=${this.sending !== ""} @change=${this.#upload} />
          </label>
        </p>
      </dialog>
    `;
  }

  async #open(): Promise<void> {
    this.dialog.showModal();
    try {
      this.photos = await readColorPhotos(this.model.config.photo.id);
    } catch {
      this.model.notices.show("error", t.versionsFailed);
    }
  }

  #take(photo: PhotoOut): void {
    this.dialog.close();
    takeReference(this.model, photo);
  }

  readonly #upload = async (event: Event): Promise<void> => {
    const input = event.currentTarget as HTMLInputElement;
    const [file] = input.files ?? [];
    input.value = "";
    if (!file) return;
    const photo = await uploadFor(this.model, file, (text) => {
      this.sending = text;
    });
    this.sending = "";
    if (photo && this.dialog.open) this.#take(photo);
  };

  /** Its photo was deleted: it gives nothing any more, and can be removed. */
  readonly #gone = (event: Event): void => {
    (event.currentTarget as HTMLElement).closest("li")?.toggleAttribute("data-gone", true);
  };

  /** Take the colour that was clicked; by keyboard, that of the middle. */
  readonly #pick = (event: MouseEvent): void => {
    const picture = (event.currentTarget as HTMLElement).querySelector("img");
    const context = document.createElement("canvas").getContext("2d");
    if (!picture?.naturalWidth || !context) return;
    const box = picture.getBoundingClientRect();
    const byKeys = event.detail === 0;
    const x = byKeys ? 0.5 : (event.clientX - box.left) / box.width;
    const y = byKeys ? 0.5 : (event.clientY - box.top) / box.height;
    const { naturalWidth: width, naturalHeight: height } = picture;
    context.drawImage(picture, -Math.floor(x * width), -Math.floor(y * height));
    const [r = 0, g = 0, b = 0] = context.getImageData(0, 0, 1, 1).data;
    this.model.setColor(rgbToHex([r, g, b]));
  };
}
