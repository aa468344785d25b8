import { html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { atLightness } from "../../core/color.ts";
import { NOTATIONS, type Notation, readColor, writeColor } from "../../core/color-notation.ts";
import { t } from "../messages.ts";
import { StudioElement } from "./element.ts";
import { hintName } from "./hint-list.ts";
import "./plane.ts";

const NAMES: Record<Notation, string> = { hex: "Hex", rgb: "RGB", lab: "Lab" };

/** The colour in hand: by hue and saturation, by code, and the ones used last. */
@customElement("rehue-picker")
export class Picker extends StudioElement {
  @state() private wrong = false;
  @state() private notation: Notation = "hex";

  protected override render() {
    const { model } = this;
    const { color, editor } = model;
    const shown = atLightness(color, model.lightnessHere);
    const hinted = editor.chosen !== null;
    const title = editor.chosen ? t.editingHint(hintName(editor.hints, editor.selected)) : t.colour;
    return html`
      <section class="picker" aria-label=${title}>
        <h2>${title}</h2>
        <rehue-plane></rehue-plane>
        <div class="picker-row">
          <span class="color-chip" title=${t.hereTitle}>
            <span class="chip-wanted" .style=${`--swatch:${color}`}></span>
            <span class="chip-here" .style=${`--swatch:${shown}`}></span>
          </span>
          <span class="chip-label">${t.here}</span>
          ${hinted ? nothing : this.#automatic()}
        </div>
        <div class="picker-row">
          <label class="notation-label">
            <span class="visually-hidden">${t.notation}</span>
            <select class="notation" data-testid="notation" @change=${this.#note}>
              ${NOTATIONS.map((name) => html`<option value=${name} ?selected=${name === this.notation}>${NAMES[name]}</option>`)}
            </select>
          </label>
          <label class="hex-label">
            <span class="visually-hidden">${t.hex}</span>
            <input
              class="hex"
              data-testid="hex"
              spellcheck="false"
              autocomplete="off"
              maxlength="40"
              .value=${writeColor(color, this.notation)}
              aria-invalid=${this.wrong}
              @change=${this.#write}
              @keydown=${(event: KeyboardEvent) => event.key === "Enter" && this.#write(event)}
            />
          </label>
        </div>
        ${this.wrong ? html`<p class="field-error" role="alert">${t.hexWrong}</p>` : nothing}
        ${this.#recent()}
      </section>
    `;
  }

  /** Until a colour is picked, each place's likeliest is taken; and again when wanted. */
  #automatic() {
    const { tools } = this.model;
    return html`
      <button class="button small automatic" type="button" data-testid="automatic"
        aria-pressed=${!tools.picked} title=${t.automaticHelp} @click=${() => tools.unpick()}>${t.automatic}</button>
    `;
  }

  #note(event: Event): void {
    this.notation = (event.currentTarget as HTMLSelectElement).value as Notation;
  }

  #recent() {
    const { model } = this;
    if (model.tools.recent.length === 0) return nothing;
    return html`
      <div class="swatches recent-colors" role="group" aria-label=${t.recent}>
        ${model.tools.recent.map(
          (color) => html`
            <button
              class="swatch"
              type="button"
              data-testid="recent-color"
              .style=${`--swatch:${color}`}
              aria-label=${color}
              title="${t.recent}: ${color}"
              aria-pressed=${model.color === color}
              @click=${() => model.setColor(color)}
            ></button>
          `,
        )}
      </div>
    `;
  }

  #write(event: Event): void {
    const color = readColor((event.currentTarget as HTMLInputElement).value);
    this.wrong = color === null;
    if (color && color !== this.model.color) this.model.setColor(color);
  }
}
