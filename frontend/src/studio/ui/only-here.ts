import { html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { t } from "../messages.ts";
import { StudioElement } from "./element.ts";

/** Beside the tool "only here": whether one draws around a thing or taps it, and how large it is. */
@customElement("rehue-only-here")
export class OnlyHere extends StudioElement {
  protected override render() {
    const { tool } = this.model.tools;
    if (tool !== "lasso" && tool !== "outline") return nothing;
    return html`
      <div class="only-here" role="group" aria-label=${t.regions}>
        <div class="segments">
          ${this.#mode("lasso", t.drawAround, "L")} ${this.#mode("outline", t.tapThing, "O")}
        </div>
        ${tool === "outline" ? this.#thing() : nothing}
      </div>
    `;
  }

  #mode(tool: "lasso" | "outline", words: string, key: string) {
    return html`
      <button
        class="button"
        type="button"
        data-testid="only-${tool}"
        aria-pressed=${this.model.tools.tool === tool}
        aria-keyshortcuts=${key}
        title="${words} (${key})"
        @click=${() => this.model.setTool(tool)}
      >
        ${words}
      </button>
    `;
  }

  #thing() {
    const { outliner } = this.model;
    const lit = outliner.points.length > 0;
    const resize = (event: Event) =>
      outliner.resize(Number((event.currentTarget as HTMLInputElement).value) / 100);
    if (!outliner.at) return html`<p class="only-help" role="status">${t.thingTip}</p>`;
    return html`
      <label class="thing-size">
        <span>${t.thingSize}</span>
        <input
          type="range"
          min="0"
          max="100"
          data-testid="thing-size"
          .value=${String(Math.round(outliner.size * 100))}
          @input=${resize}
        />
      </label>
      <button
        class="button primary"
        type="button"
        data-testid="thing-take"
        ?disabled=${!lit}
        @click=${() => this.model.takeThing()}
      >
        ${lit ? t.takeThing : t.findingThing}
      </button>
    `;
  }
}
