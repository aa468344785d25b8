import { html } from "lit";
import { customElement } from "lit/decorators.js";
import { t } from "../i18n/page.ts";
import { StudioElement } from "./element.ts";
import { icon } from "./icons.ts";

/** How close one looks. */
@customElement("rehue-zoom")
export class Zoom extends StudioElement {
  protected override render() {
    const { viewport } = this.model;
    return html`
      <div class="zoom" role="group">
        <button class="icon-button" type="button" data-testid="zoom-out" aria-label=${t.zoomOut} title="${t.zoomOut} (-)" @click=${() => viewport.step(-1)}>
          ${icon("minus")}
        </button>
        <button class="zoom-level" type="button" data-testid="zoom-100" title="${t.zoomFull} (1)" @click=${() => viewport.full()}>
          <span data-testid="zoom-level">${viewport.percent} %</span>
        </button>
        <button class="icon-button" type="button" data-testid="zoom-in" aria-label=${t.zoomIn} title="${t.zoomIn} (+)" @click=${() => viewport.step(1)}>
          ${icon("plus")}
        </button>
        <button class="icon-button" type="button" data-testid="zoom-fit" aria-label=${t.zoomFit} title="${t.zoomFit} (0)" @click=${() => viewport.fit()}>
          ${icon("fit")}
        </button>
      </div>
    `;
  }
}
