import { html } from "lit";
import { customElement } from "lit/decorators.js";
import { PALETTE } from "../../core/palette.ts";
import { t } from "../messages.ts";
import { StudioElement } from "./element.ts";

/** Natural colours by name. */
@customElement("rehue-palette")
export class Palette extends StudioElement {
  protected override render() {
    const { model } = this;
    return html`
      <div class="swatches" role="group" aria-label=${t.palette}>
        ${PALETTE.map(({ name, color }) => {
          const words = t.colors[name] ?? name;
          return html`
            <button
              class="swatch"
              type="button"
              data-testid="palette-${name}"
              .style=${`--swatch:${color}`}
              aria-label=${words}
              title=${words}
              aria-pressed=${model.color === color}
              @click=${() => model.setColor(color)}
            ></button>
          `;
        })}
      </div>
    `;
  }
}
