import { html } from "lit";
import { customElement } from "lit/decorators.js";
import { type IconName, icon } from "../../shared/ui/icons.ts";
import { t } from "../messages.ts";
import { StudioElement } from "./element.ts";

/** How close one looks. */
@customElement("rehue-zoom")
export class Zoom extends StudioElement {
  protected override render() {
    const { viewport } = this.model;
    return html`
      <div class="zoom" role="group">
        ${button("zoom-out", "minus", t.zoomOut, "-", () => viewport.step(-1))}
        <button
          class="zoom-level"
          type="button"
          data-testid="zoom-100"
          title="${t.zoomFull} (9)"
          @click=${() => viewport.full()}
        >
          <span data-testid="zoom-level">${viewport.percent} %</span>
        </button>
        ${button("zoom-in", "plus", t.zoomIn, "+", () => viewport.step(1))}
        ${button("zoom-fit", "fit", t.zoomFit, "0", () => viewport.fit())}
      </div>
    `;
  }
}

function button(id: string, shape: IconName, words: string, key: string, act: () => void) {
  return html`
    <button
      class="icon-button"
      type="button"
      data-testid=${id}
      aria-label=${words}
      title="${words} (${key})"
      @click=${act}
    >
      ${icon(shape)}
    </button>
  `;
}
