import { html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { uncertaintyColor } from "../../core/uncertainty.ts";
import { icon } from "../../shared/ui/icons.ts";
import { t } from "../messages.ts";
import { StudioElement } from "./element.ts";

/** Where the network is unsure: the map over the photo, what it means, and the next place. */
@customElement("rehue-uncertainty")
export class Uncertainty extends StudioElement {
  protected override render() {
    const { predictions } = this.model;
    if (!predictions.available) return nothing;
    return html`
      ${predictions.showsUncertainty ? this.#legend() : nothing}
      <div class="uncertainty-tools" role="group" aria-label=${t.uncertainty}>
        <button
          class="icon-button uncertainty-toggle"
          type="button"
          data-testid="uncertainty"
          aria-pressed=${predictions.showsUncertainty}
          aria-keyshortcuts="D"
          aria-label=${t.uncertainty}
          title="${t.uncertainty} (D)"
          @click=${() => predictions.toggleUncertainty()}
        >
          ${icon("unsure")}<span class="uncertainty-words">${t.uncertainty}</span>
        </button>
        <button
          class="icon-button"
          type="button"
          data-testid="next-place"
          aria-keyshortcuts="N"
          aria-label=${t.nextPlace}
          title="${t.nextPlace} (N)"
          @click=${() => predictions.next()}
        >
          ${icon("nextPlace")}
        </button>
      </div>
    `;
  }

  #legend() {
    const { uncertainty } = this.model.predictions;
    const largest = uncertainty?.largest ?? 1;
    const stops = [0, 0.25, 0.5, 0.75, 1].map((share) => {
      const [r, g, b] = uncertaintyColor(largest * share, largest);
      return `rgb(${r} ${g} ${b})`;
    });
    return html`
      <div class="uncertainty-legend" data-testid="uncertainty-legend" data-ready=${uncertainty !== null}>
        <span>${t.sure}</span>
        <span class="uncertainty-ramp" .style=${`background:linear-gradient(90deg,${stops.join()})`}></span>
        <span>${t.unsure}</span>
      </div>
    `;
  }
}
