import { html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { type Hint, HintSet, pathOf } from "../engine/hints.ts";
import { t } from "../i18n/page.ts";
import { StudioElement } from "./element.ts";
import { icon } from "./icons.ts";

/** The list shows this many; a photo with more is edited on the canvas. */
const MOST_ROWS = 200;

export function hintName(hints: HintSet, index: number): string {
  const hint = hints.hints[index];
  return hint?.type === "stroke" ? t.strokeName(index + 1) : t.pointName(index + 1);
}

/** Every hint as a row: for the keyboard, for screen readers, for exact places. */
@customElement("rehue-hints")
export class HintList extends StudioElement {
  protected override render() {
    const { hinting } = this.model;
    const { hints } = hinting;
    const rows = hints.hints.slice(0, MOST_ROWS).map((hint, index) => ({ hint, index }));
    return html`
      <section class="hints" aria-label=${t.hints}>
        <h2>
          ${t.hints} <span class="count">${hints.size}</span>
          ${hints.size > 0 ? this.#deleteAll() : nothing}
        </h2>
        ${hints.size === 0 ? html`<p class="quiet">${t.noHints}</p>` : nothing}
        <ul class="hint-list" data-testid="hint-list" aria-description=${t.hintListHelp}>
          ${repeat(
            rows,
            ({ index }) => index,
            ({ hint, index }) => this.#row(hint, index),
          )}
        </ul>
        <details class="add-hint">
          <summary>${t.addHint}</summary>
          <form @submit=${this.#add}>
            ${this.#coordinate("x", t.across)} ${this.#coordinate("y", t.down)}
            <button class="button" type="submit" data-testid="hint-add">${t.add}</button>
          </form>
        </details>
      </section>
    `;
  }

  #deleteAll() {
    return html`
      <button
        class="icon-button small"
        type="button"
        data-testid="delete-all"
        aria-label=${t.deleteAll}
        title=${t.deleteAll}
        @click=${() => this.model.hinting.commit(HintSet.empty)}
      >
        ${icon("trash")}
      </button>
    `;
  }

  #coordinate(name: "x" | "y", words: string) {
    return html`
      <label>
        ${words}
        <input
          name=${name}
          type="number"
          min="0"
          max="100"
          step="any"
          value="50"
          required
          data-testid="hint-add-${name}"
        />
      </label>
    `;
  }

  #row(hint: Hint, index: number) {
    const { model } = this;
    const { hinting } = model;
    const name = hintName(hinting.hints, index);
    const [x, y] = pathOf(hint)[0] ?? [0, 0];
    const chosen = hinting.selected === index;
    const select = () => hinting.select(index);
    const [across, down] = [Math.round(x * 100), Math.round(y * 100)];
    return html`
      <li
        class="hint-row"
        data-testid="hint-item"
        ?data-chosen=${chosen}
        @pointerenter=${() => hinting.hover(index)}
        @pointerleave=${() => hinting.hover(-1)}
      >
        <button
          class="hint-choose"
          type="button"
          aria-label="${name}, ${t.hintPlaceSpoken(across, down)}"
          aria-pressed=${chosen}
          @click=${select}
          @focus=${select}
        >
          <span class="swatch-dot" .style=${`--swatch:${hint.color}`}></span>
          <span class="hint-name">${name}</span>
          <span class="hint-place">${t.hintPlace(across, down)}</span>
        </button>
        <button
          class="icon-button small"
          type="button"
          data-testid="hint-delete"
          aria-label=${t.deleteHint(name)}
          title=${t.deleteHint(name)}
          @click=${() => model.removeHint(index)}
        >
          ${icon("close")}
        </button>
      </li>
    `;
  }

  #add(event: SubmitEvent): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    this.model.addPoint(Number(form.get("x")) / 100, Number(form.get("y")) / 100);
  }
}
