import { html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { ExportChoice, Format } from "../config.ts";
import { t } from "../messages.ts";
import { StudioElement } from "./element.ts";

/** A download with choices of its own: format, depth, quality, and what it carries along. */
@customElement("rehue-export")
export class ExportDialog extends StudioElement {
  @state() private format: Format = this.model.config.format ?? "png";
  @state() private quality = 95;
  @query("dialog") private dialog!: HTMLDialogElement;
  readonly #show = () => this.dialog.showModal();

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("rehue-export", this.#show);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("rehue-export", this.#show);
  }

  protected override render() {
    const { formats, photo, metadata } = this.model.config;
    const chosen = formats.find(({ format }) => format === this.format);
    const lossy = this.format === "jpeg" || this.format === "webp";
    return html`
      <dialog class="form-dialog" data-testid="export-dialog" aria-label=${t.exportTitle}>
        <form method="dialog" @submit=${this.#submit}>
          <h2>${t.exportTitle}</h2>
          <label class="field-line">${t.exportFormat}
            <select name="format" data-testid="export-format" @change=${this.#choose}>
              ${formats.map(
                ({ format, name, fits }) => html`
                  <option value=${format} ?selected=${format === this.format} ?disabled=${!fits}>${name}</option>
                `,
              )}
            </select>
          </label>
          ${formats.map(({ name, fits, max_side }) =>
            fits ? nothing : html`<p class="quiet">${t.tooLargeFor(name, max_side)}</p>`,
          )}
          ${
            chosen?.deep && photo.bits === 16
              ? html`<fieldset class="field-choice"><legend>${t.exportBits}</legend>
                  <label><input type="radio" name="bits" value="16" checked /> ${t.bits16}</label>
                  <label><input type="radio" name="bits" value="8" /> ${t.bits8}</label>
                </fieldset>`
              : nothing
          }
          ${
            lossy
              ? html`<label class="field-line">${t.exportQuality(this.quality)}
                  <input type="range" name="quality" min="50" max="100" .value=${String(this.quality)}
                    data-testid="export-quality" @input=${this.#grade} /></label>`
              : nothing
          }
          ${
            this.format === "jpeg"
              ? html`<label class="field-line">${t.exportSubsampling}
                  <select name="subsampling">
                    <option value="4:4:4">${t.subsampling444}</option>
                    <option value="4:2:2">4:2:2</option>
                    <option value="4:2:0">${t.subsampling420}</option>
                  </select></label>`
              : nothing
          }
          <label class="field-line">${t.exportMetadata}
            <select name="metadata" data-testid="export-metadata">
              ${(["all", "no_place", "none"] as const).map(
                (carry) =>
                  html`<option value=${carry} ?selected=${carry === metadata}>${t.carry[carry]}</option>`,
              )}
            </select>
          </label>
          <label class="field-line">${t.exportMark}
            <select name="mark" data-testid="export-mark">
              ${(["none", "corner", "caption"] as const).map(
                (place) => html`<option value=${place}>${t.marks[place]}</option>`,
              )}
            </select>
          </label>
          <p class="dialog-end">
            <button class="button" type="button" @click=${() => this.dialog.close()}>${t.cancel}</button>
            <button class="button primary" type="submit" data-testid="export-ok">${t.download}</button>
          </p>
        </form>
      </dialog>
    `;
  }

  readonly #choose = (event: Event) => {
    this.format = (event.currentTarget as HTMLSelectElement).value as Format;
  };

  readonly #grade = (event: Event) => {
    this.quality = Number((event.currentTarget as HTMLInputElement).value);
  };

  readonly #submit = (event: SubmitEvent) => {
    const values = Object.fromEntries(new FormData(event.currentTarget as HTMLFormElement));
    void this.model.exporter.download(values as unknown as ExportChoice);
  };
}
