import { html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { doubtColor } from "../engine/doubt.ts";
import { t } from "../i18n/page.ts";
import { StudioElement } from "./element.ts";
import { icon } from "./icons.ts";

/** Where the network is unsure: the map over the photo, what it means, and the next place. */
@customElement("rehue-doubt")
export class Doubt extends StudioElement {
  protected override render() {
    const { opinions } = this.model;
    if (!opinions.available) return nothing;
    return html`
      ${opinions.doubting ? this.#legend() : nothing}
      <div class="doubt-tools" role="group" aria-label=${t.doubt}>
        <button
          class="icon-button doubt-toggle"
          type="button"
          data-testid="doubt"
          aria-pressed=${opinions.doubting}
          aria-keyshortcuts="D"
          aria-label=${t.doubt}
          title="${t.doubt} (D)"
          @click=${() => opinions.toggleDoubt()}
        >
          ${icon("unsure")}<span class="doubt-words">${t.doubt}</span>
        </button>
        <button
          class="icon-button"
          type="button"
          data-testid="next-place"
          aria-keyshortcuts="N"
          aria-label=${t.nextPlace}
          title="${t.nextPlace} (N)"
          @click=${() => opinions.next()}
        >
          ${icon("nextPlace")}
        </button>
      </div>
    `;
  }

  #legend() {
    const { doubt } = this.model.opinions;
    const largest = doubt?.largest ?? 1;
    const stops = [0, 0.25, 0.5, 0.75, 1].map((share) => {
      const [r, g, b] = doubtColor(largest * share, largest);
      return `rgb(${r} ${g} ${b})`;
    });
    return html`
      <div class="doubt-legend" data-testid="doubt-legend" data-ready=${doubt !== null}>
        <span>${t.sure}</span>
        <span class="doubt-ramp" .style=${`background:linear-gradient(90deg,${stops.join()})`}></span>
        <span>${t.unsure}</span>
      </div>
    `;
  }
}
