import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { type NamedColor, STARTERS } from "../../core/starters.ts";
import { icon } from "../../shared/ui/icons.ts";
import { t } from "../messages.ts";
import { ALL } from "../palettes.ts";
import { StudioElement } from "./element.ts";

const NEW = "new";
/** Of each thing, where all are in view. */
const FEW = 4;

/** Colours to start with, by thing, and one's own palettes. */
@customElement("rehue-palette")
export class Palette extends StudioElement {
  /** The colours alone, in a row: another of these lets one choose which. */
  @property({ type: Boolean }) strip = false;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.model.palettes.load();
  }

  protected override render() {
    const colors = this.#colors();
    return html`
      ${this.strip ? nothing : this.#head()}
      <div class="swatches" role="group" aria-label=${t.palette}>
        ${colors.map((one) => this.#swatch(one))}
      </div>
      ${this.strip || colors.length ? nothing : html`<p class="quiet small-print">${t.paletteEmpty}</p>`}
      ${this.strip || this.model.palettes.own ? nothing : html`<p class="small-print"><a href="/help#colours" target="_blank">${t.starterSources}</a></p>`}
    `;
  }

  #head() {
    const { palettes, color } = this.model;
    const { own, view, list } = palettes;
    const option = (value: string, words: string) =>
      html`<option value=${value} .selected=${value === view}>${words}</option>`;
    return html`
      <div class="palette-head">
        <select aria-label=${t.palettes} data-testid="palettes" @change=${this.#choose}>
          ${option(ALL, t.palette)}
          ${STARTERS.map(({ thing }) => option(thing, t.things[thing]))}
          ${list.length ? html`<optgroup label=${t.ownPalettes}>${list.map(({ id, name }) => option(id, name))}</optgroup>` : nothing}
          ${option(NEW, t.newPalette)}
        </select>
        ${
          own
            ? html`
          <button class="icon-button small" type="button" data-testid="palette-put" aria-label=${t.putColor(color)}
            title=${t.putColor(color)} @click=${this.#put}>${icon("plus")}</button>
          <button class="icon-button small" type="button" data-testid="palette-edit" aria-label=${t.editPalette}
            title=${t.editPalette} @click=${() => this.#edit()}>${icon("pencil")}</button>`
            : nothing
        }
      </div>
      ${palettes.problem && own ? html`<p class="field-error" role="alert">${palettes.problem}</p>` : nothing}
    `;
  }

  #swatch({ name, color }: NamedColor) {
    const { model } = this;
    const words = t.colors[name] ?? name;
    return html`
      <button class="swatch" type="button" data-testid="palette-${name}" .style=${`--swatch:${color}`}
        aria-label=${words} title=${words} aria-pressed=${model.color === color}
        @click=${() => model.setColor(color)}></button>
    `;
  }

  #colors(): readonly NamedColor[] {
    const { own, view } = this.model.palettes;
    if (own) return own.colors.map((color) => ({ name: color, color }));
    const chosen = STARTERS.find(({ thing }) => thing === view);
    return chosen?.colors ?? STARTERS.flatMap(({ colors }) => few(colors));
  }

  readonly #choose = (event: Event): void => {
    const select = event.currentTarget as HTMLSelectElement;
    if (select.value !== NEW) this.model.palettes.look(select.value);
    else {
      select.value = this.model.palettes.view;
      this.#edit(true);
    }
  };

  readonly #put = (): void => {
    const { palettes, color } = this.model;
    const { own } = palettes;
    if (!own || own.colors.includes(color)) return;
    void palettes.change(own, { colors: [...own.colors, color] });
  };

  #edit(fresh = false): void {
    this.dispatchEvent(new CustomEvent("rehue-edit-palette", { bubbles: true, detail: { fresh } }));
  }
}

/** Some of a thing's colours, from its whole range. */
function few(colors: readonly NamedColor[]): readonly NamedColor[] {
  const step = Math.ceil(colors.length / FEW);
  return colors.filter((_, n) => n % step === 0);
}
