import { html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { icon } from "../../shared/ui/icons.ts";
import { t } from "../messages.ts";
import { StudioElement } from "./element.ts";

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
          ({ id, kind, text, remedy }) => html`
            <div
              class="toast"
              data-kind=${kind}
              data-testid="toast"
              role=${kind === "error" ? "alert" : "status"}
            >
              <span>${text}</span>
              ${
                remedy
                  ? html`<button
                      class="toast-button"
                      type="button"
                      data-testid="toast-remedy"
                      @click=${() => {
                        notices.dismiss(id);
                        remedy.act();
                      }}
                    >
                      ${remedy.text}
                    </button>`
                  : nothing
              }
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
