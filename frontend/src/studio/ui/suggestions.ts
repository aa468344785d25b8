import { html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { t } from "../messages.ts";
import { StudioElement } from "./element.ts";
import { hintName } from "./hint-list.ts";

/** ScrollMemory in the row, filled or not: nothing below moves when colours come. */
const SLOTS = 6;

const TOUCH = window.matchMedia("(pointer: coarse)");

/** Colours that suit the place at hand, the likeliest first. */
@customElement("rehue-suggestions")
export class Suggestions extends StudioElement {
  protected override render() {
    const { predictions } = this.model;
    if (!predictions.available) return nothing;
    const title = this.#title();
    return html`
      <section class="suggestions" aria-label=${title}>
        <h2>${title}</h2>
        <div
          class="suggestion-row"
          role="group"
          aria-label=${title}
          aria-busy=${!predictions.fresh}
          data-testid="suggestions"
          data-fresh=${predictions.fresh}
        >
          ${Array.from({ length: SLOTS }, (_, at) => this.#slot(at))}
          ${predictions.subject ? nothing : this.#tip()}
        </div>
      </section>
    `;
  }

  #title(): string {
    const { editor, predictions } = this.model;
    const { subject } = predictions;
    if (subject?.type === "hint") return t.suggestedFor(hintName(editor.hints, subject.index));
    if (subject?.type === "marked") return t.suggestedMarked;
    return subject ? t.suggestedHere : t.suggestions;
  }

  #tip() {
    return html`<p class="quiet suggestion-tip">${TOUCH.matches ? t.suggestTipTouch : t.suggestTip}</p>`;
  }

  #slot(at: number) {
    const { model } = this;
    const { predictions } = model;
    const found = predictions.subject ? predictions.colors[at] : undefined;
    if (!found) return html`<span class="suggestion" data-empty></span>`;
    const { color, weight } = found;
    const percent = Math.max(1, Math.round(weight * 100));
    return html`
      <button
        class="suggestion"
        type="button"
        data-testid="suggestion-${at + 1}"
        .style=${`--swatch:${color};--share:${Math.min(1, weight)}`}
        data-color=${color}
        aria-label=${t.suggestion(at + 1, color, percent)}
        aria-keyshortcuts=${at + 1}
        title=${t.suggestion(at + 1, color, percent)}
        aria-disabled=${!predictions.fresh}
        @click=${() => model.takeSuggestion(at)}
      >
        <span class="suggestion-key" aria-hidden="true">${at + 1}</span>
      </button>
    `;
  }
}
