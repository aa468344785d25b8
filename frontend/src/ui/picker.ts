import { html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { atLightness, normalHex } from "../engine/color.ts";
import { t } from "../i18n/page.ts";
import { StudioElement } from "./element.ts";
import { hintName } from "./hint-list.ts";
import "./plane.ts";

/** The colour in hand: by hue and saturation, by code, and the ones used last. */
@customElement("rehue-picker")
export class Picker extends StudioElement {
  @state() private wrong = false;

  protected override render() {
    const { model } = this;
    const { color, hinting } = model;
    const shown = atLightness(color, model.lightnessHere);
    const title = hinting.chosen
      ? t.editingHint(hintName(hinting.hints, hinting.selected))
      : t.colour;
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
          <label class="hex-label">
            <span class="visually-hidden">${t.hex}</span>
            <input
              class="hex"
              data-testid="hex"
              spellcheck="false"
              autocomplete="off"
              maxlength="7"
              .value=${color}
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

  #recent() {
    const { model } = this;
    if (model.desk.recent.length === 0) return nothing;
    return html`
      <div class="swatches recent-colors" role="group" aria-label=${t.recent}>
        ${model.desk.recent.map(
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
    const color = normalHex((event.currentTarget as HTMLInputElement).value);
    this.wrong = color === null;
    if (color && color !== this.model.color) this.model.setColor(color);
  }
}
