/** The palette: regions in a list, and a sample photo that shows where their colours are put. */
import { html, LitElement, svg } from "lit";
import { customElement } from "lit/decorators.js";
import { ProblemError } from "../shared/api/http.ts";
import { readConfig } from "./config.ts";
import { t } from "./messages.ts";
import { between, pointsOf, type Rectangle, type Region, rectangleOf } from "./palette.ts";
import { Previews } from "./preview.ts";

const OWN = "own";
const FIRST_RECTANGLE: Rectangle = { x: 0.35, y: 0.35, width: 0.3, height: 0.3 };
/** The sample is drawn in these units, whatever its size on the screen. */
const UNITS = 1000;

@customElement("rehue-palette-editor")
export class PaletteEditor extends LitElement {
  readonly #config = readConfig();
  #sample = "";
  #list: readonly Region[] = this.#config.palette.regions.slice(0, 3);
  #chosen = 0;
  /** Height of the sample by its width. */
  #aspect = 1;
  #corner: { x: number; y: number } | null = null;
  #model = "";
  /** Nobody looks at a palette that no batch is to have. */
  #seen = false;
  #coloured = "";
  #words = "";
  #dots = true;
  readonly #previews = new Previews(
    this.#config.urls.previews,
    (address) => this.#showColoured(address, ""),
    (error) => this.#showColoured("", error instanceof ProblemError ? error.detail : ""),
  );

  /** The regions as they stand, for the batch. */
  get regions(): readonly Region[] {
    return this.#list;
  }

  /** The address of the picture that shows the places. */
  set sample(address: string) {
    if (address === this.#sample) return;
    this.#sample = address;
    this.#showColoured("", "");
  }

  /** Whether the palette is to be seen, and the model that colours the sample with it. */
  look(seen: boolean, model: string): void {
    if (seen === this.#seen && model === this.#model) return;
    this.#seen = seen;
    this.#model = model;
    this.#colourSoon();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#previews.stop();
    this.#showColoured("", "");
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    const full = this.#list.length >= this.#config.limits.regions;
    return html`
      <div class="palette">
        <div class="palette-list">
          <ol class="palette-regions">${this.#list.map((region, n) => this.#row(region, n))}</ol>
          <button class="button small" type="button" data-testid="add-region"
            ?disabled=${full} @click=${this.#add}>${t.addRegion}</button>
        </div>
        <figure class="palette-preview">
          <div class="palette-picture">
            <img class="palette-sample" src=${this.#sample || (this.dataset.sample ?? "")} alt=""
              @load=${this.#loaded} />
            ${this.#coloured ? html`<img class="palette-coloured" src=${this.#coloured} alt=${t.previewColours} data-testid="palette-coloured" />` : ""}
            ${this.#overlay()}
          </div>
          <figcaption>
            <span role="status">${this.#words || (this.#drawing ? t.drawHelp : t.preview)}</span>
            <label class="palette-dots"><input type="checkbox" .checked=${this.#dots}
              data-testid="palette-dots" @change=${this.#toggleDots} /> ${t.showPlaces}</label>
          </figcaption>
        </figure>
      </div>
    `;
  }

  #row(region: Region, n: number) {
    const place = typeof region.place === "string" ? region.place : OWN;
    const names = this.#config.palette.regions.map((one) => one.name);
    return html`
      <li class="palette-region ${n === this.#chosen ? "is-chosen" : ""}" data-testid="region"
        @focusin=${() => this.#choose(n)}>
        <input type="color" .value=${region.color} aria-label=${t.colour}
          @input=${(event: Event) => this.#set(n, { color: textOf(event) })} />
        <input class="palette-name" maxlength="40" list="region-names" required
          .value=${region.name} aria-label=${t.region}
          @change=${(event: Event) => this.#set(n, { name: textOf(event) || t.newRegion })} />
        <select aria-label=${t.place}
          @change=${(event: Event) => this.#place(n, textOf(event))}>
          ${[...Object.keys(this.#config.palette.places), OWN].map(
            (name) => html`<option value=${name} ?selected=${name === place}>
              ${name === OWN ? t.ownRectangle : (t.places[name] ?? name)}
            </option>`,
          )}
        </select>
        <button class="icon-button small" type="button" aria-label=${t.removeRegion(region.name)}
          @click=${() => this.#remove(n)}>
          <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M6 6l12 12M18 6 6 18" /></svg>
        </button>
        ${n === 0 ? html`<datalist id="region-names">${names.map((name) => html`<option value=${name}></option>`)}</datalist>` : ""}
      </li>
    `;
  }

  #overlay() {
    const { palette } = this.#config;
    const height = UNITS * this.#aspect;
    const radius = Math.max(9, palette.radius * Math.max(UNITS, height));
    const dots = this.#list.flatMap((region, n) =>
      pointsOf(region, palette).map(
        ({ x, y }) => svg`<circle class=${n === this.#chosen ? "is-chosen" : ""}
          cx=${x * UNITS} cy=${y * height} r=${radius} fill=${region.color} />`,
      ),
    );
    const region = this.#list[this.#chosen];
    const box = region && rectangleOf(region, palette);
    const frame = box
      ? svg`<rect class="palette-frame" x=${box.x * UNITS} y=${box.y * height}
          width=${box.width * UNITS} height=${box.height * height} />`
      : "";
    return html`<svg class="palette-overlay ${this.#drawing ? "is-drawing" : ""}"
      data-testid="palette-overlay" viewBox="0 0 ${UNITS} ${height}" preserveAspectRatio="none"
      aria-hidden="true" @pointerdown=${this.#begin} @pointermove=${this.#draw}
      @pointerup=${this.#end} @pointercancel=${this.#end}>${this.#dots ? [frame, dots] : ""}</svg>`;
  }

  get #drawing(): boolean {
    const region = this.#list[this.#chosen];
    return region !== undefined && typeof region.place !== "string";
  }

  #loaded(event: Event): void {
    const { naturalWidth, naturalHeight } = event.target as HTMLImageElement;
    if (naturalWidth > 0) this.#aspect = naturalHeight / naturalWidth;
    this.#colourSoon();
  }

  /** The colours on the sample are old: have it coloured anew, where it is to be seen. */
  #colourSoon(): void {
    this.requestUpdate();
    const picture = this.querySelector<HTMLImageElement>(".palette-sample");
    const ready = this.#seen && this.#list.length > 0 && picture?.complete;
    if (!ready || picture.naturalWidth === 0) return this.#previews.stop();
    this.#previews.ask(picture, { regions: this.#list, model: this.#model });
  }

  #showColoured(address: string, words: string): void {
    if (this.#coloured) URL.revokeObjectURL(this.#coloured);
    this.#coloured = address;
    this.#words = words;
    this.requestUpdate();
  }

  #toggleDots(event: Event): void {
    this.#dots = (event.target as HTMLInputElement).checked;
    this.requestUpdate();
  }

  #choose(n: number): void {
    this.#chosen = n;
    this.requestUpdate();
  }

  #set(n: number, change: Partial<Region>): void {
    this.#list = this.#list.map((one, m) => (m === n ? { ...one, ...change } : one));
    this.#colourSoon();
  }

  #place(n: number, name: string): void {
    this.#chosen = n;
    this.#set(n, { place: name === OWN ? FIRST_RECTANGLE : name });
  }

  #add(): void {
    const used = new Set(this.#list.map((one) => one.name));
    const fresh = this.#config.palette.regions.find((one) => !used.has(one.name));
    const region = fresh ?? { name: t.newRegion, color: "#8a7f72", place: "centre" };
    this.#list = [...this.#list, region];
    this.#choose(this.#list.length - 1);
    this.#colourSoon();
  }

  #remove(n: number): void {
    this.#list = this.#list.filter((_, m) => m !== n);
    this.#choose(Math.max(0, Math.min(this.#chosen, this.#list.length - 1)));
    this.#colourSoon();
  }

  #begin(event: PointerEvent): void {
    if (!this.#drawing) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.#corner = at(event);
  }

  #draw(event: PointerEvent): void {
    if (this.#corner) this.#set(this.#chosen, { place: between(this.#corner, at(event)) });
  }

  #end(): void {
    this.#corner = null;
  }
}

function textOf(event: Event): string {
  return (event.target as HTMLInputElement | HTMLSelectElement).value;
}

function at(event: PointerEvent): { x: number; y: number } {
  const box = (event.currentTarget as Element).getBoundingClientRect();
  return {
    x: (event.clientX - box.left) / box.width,
    y: (event.clientY - box.top) / box.height,
  };
}
