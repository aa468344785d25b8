import { html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { PaletteOut } from "../../generated/api.ts";
import { icon } from "../../shared/ui/icons.ts";
import { t } from "../messages.ts";
import { StudioElement } from "./element.ts";

/** Of the name, as the server has it. */
const NAME_LENGTH = 60;

/** One's palette: made, renamed, weeded out, shared by a link, deleted. */
@customElement("rehue-palette-dialog")
export class PaletteDialog extends StudioElement {
  /** Whether a new one is made. */
  @state() private fresh = false;
  @state() private copied = false;
  @query("dialog") private dialog!: HTMLDialogElement;
  @query("input[name=name]") private field!: HTMLInputElement;
  readonly #show = (event: Event) => this.#open((event as CustomEvent<{ fresh: boolean }>).detail);

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("rehue-edit-palette", this.#show);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("rehue-edit-palette", this.#show);
  }

  protected override render() {
    const { palettes, config } = this.model;
    const own = this.fresh ? null : palettes.own;
    return html`
      <dialog class="ask share-dialog" data-testid="palette-dialog" aria-labelledby="palette-title">
        <h2 id="palette-title">${this.fresh ? t.newPaletteTitle : t.editPalette}</h2>
        ${
          config.guest
            ? this.#guest(config.guest.sign_up)
            : html`
          <form @submit=${this.#save}>
            <label>${t.paletteName}
              <input name="name" required maxlength=${NAME_LENGTH} autocomplete="off" data-testid="palette-name"
                .defaultValue=${own?.name ?? ""} />
            </label>
            ${own ? this.#colors(own) : nothing}
            ${own ? this.#link(own) : nothing}
            ${palettes.problem ? html`<p class="field-error" role="alert" data-testid="palette-problem">${palettes.problem}</p>` : nothing}
            <p class="dialog-end">
              ${own ? html`<button class="button danger" type="button" data-testid="palette-delete" @click=${() => this.#delete(own)}>${t.deletePalette}</button>` : nothing}
              <button class="button" type="button" @click=${() => this.dialog.close()}>${t.close}</button>
              <button class="button primary" type="submit" data-testid="palette-save">${t.savePalette}</button>
            </p>
          </form>`
        }
      </dialog>
    `;
  }

  #guest(address: string) {
    return html`
      <p>${t.palettesOfGuests}</p>
      <p class="dialog-end">
        <button class="button" type="button" @click=${() => this.dialog.close()}>${t.close}</button>
        <a class="button primary" href=${address}>${t.signUp}</a>
      </p>
    `;
  }

  #colors(own: PaletteOut) {
    if (own.colors.length === 0) return nothing;
    return html`
      <div class="swatches removable" role="group" aria-label=${t.paletteColors}>
        ${own.colors.map(
          (color) => html`
          <button class="swatch" type="button" .style=${`--swatch:${color}`} aria-label=${t.removeColor(color)}
            title=${t.removeColor(color)} @click=${() => this.#remove(own, color)}>${icon("close")}</button>`,
        )}
      </div>
    `;
  }

  #link(own: PaletteOut) {
    const { palettes } = this.model;
    const { url } = own;
    if (!url) {
      return html`<button class="button" type="button" data-testid="palette-share" @click=${() => void palettes.share(own)}>${t.sharePalette}</button>`;
    }
    return html`
      <p class="small-print">${t.sharedPalette}</p>
      <div class="palette-link">
        <input readonly .value=${url} aria-label=${t.link} data-testid="palette-url"
          @focus=${(event: Event) => (event.currentTarget as HTMLInputElement).select()} />
        <button class="button" type="button" @click=${() => void this.#copy(url)}>${this.copied ? t.copied : t.copyLink}</button>
        <button class="icon-button small" type="button" data-testid="palette-revoke" aria-label=${t.revokeLink}
          title=${t.revokeLink} @click=${() => void palettes.revoke(own)}>${icon("close")}</button>
      </div>
    `;
  }

  #open({ fresh }: { fresh: boolean }): void {
    this.fresh = fresh;
    this.copied = false;
    this.model.palettes.problem = "";
    this.querySelector("form")?.reset();
    this.dialog.showModal();
  }

  readonly #save = (event: SubmitEvent): void => {
    event.preventDefault();
    void this.#store(this.field.value.trim());
  };

  async #store(name: string): Promise<void> {
    const { palettes, color, tools } = this.model;
    const { own } = palettes;
    if (!name) return;
    const stored =
      this.fresh || !own
        ? await palettes.add(name, tools.recent.length ? tools.recent : [color])
        : name === own.name || (await palettes.change(own, { name }));
    if (stored) this.dialog.close();
  }

  #remove(own: PaletteOut, color: string): void {
    const colors = own.colors.filter((other) => other !== color);
    void this.model.palettes.change(own, { colors });
  }

  #delete(own: PaletteOut): void {
    void this.model.palettes.remove(own).then((gone) => gone && this.dialog.close());
  }

  async #copy(url: string): Promise<void> {
    await navigator.clipboard?.writeText(url);
    this.copied = true;
  }
}
