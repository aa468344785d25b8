import { html } from "lit";
import { customElement } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { t } from "../i18n/page.ts";
import { StudioElement } from "./element.ts";
import { icon } from "./icons.ts";

/** What just happened, in sentences. */
@customElement("rehue-toasts")
export class Toasts extends StudioElement {
  protected override render() {
    const { notices } = this.model;
    return html`
      <div class="toasts">
        ${repeat(
          notices.toasts,
          ({ id }) => id,
          ({ id, kind, text }) => html`
            <div
              class="toast"
              data-kind=${kind}
              data-testid="toast"
              role=${kind === "error" ? "alert" : "status"}
            >
              <span>${text}</span>
              <button
                class="icon-button small"
                type="button"
                aria-label=${t.dismiss}
                @click=${() => notices.dismiss(id)}
              >
                ${icon("close")}
              </button>
            </div>
          `,
        )}
      </div>
      <p class="visually-hidden" role="status" aria-live="polite">${notices.status}</p>
    `;
  }
}
