import { html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";
import { type Hint, type HintSet, pathOf } from "../../core/hints.ts";
import { icon } from "../../shared/ui/icons.ts";
import { t } from "../messages.ts";
import { StudioElement } from "./element.ts";

/** The list shows this many; a photo with more is edited on the canvas. */
const MAX_ROWS = 200;

export function hintName(hints: HintSet, index: number): string {
  const hint = hints.hints[index];
  return hint?.type === "stroke" ? t.strokeName(index + 1) : t.pointName(index + 1);
}

/** Every hint as a row: for the keyboard, for screen readers, for exact places. */
@customElement("rehue-hints")
export class HintList extends StudioElement {
  protected override render() {
    const { editor } = this.model;
    const { hints } = editor;
    const { selection } = editor;
    const rows = hints.hints.slice(0, MAX_ROWS).map((hint, index) => ({ hint, index }));
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
            // A stroke under the hand changes one row a frame, not two hundred.
            ({ hint, index }) =>
              guard([hint, index, selection.has(index)], () => this.#row(hint, index)),
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
        @click=${() => this.model.removeAllHints()}
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
    const { editor } = model;
    const name = hintName(editor.hints, index);
    const [x, y] = pathOf(hint)[0] ?? [0, 0];
    const chosen = editor.selection.has(index);
    const select = (event: MouseEvent | FocusEvent) => {
      const more =
        event instanceof MouseEvent && (event.ctrlKey || event.metaKey || event.shiftKey);
      if (more) editor.toggle(index);
      else if (event.type === "click" || !editor.selection.has(index)) editor.select(index);
    };
    const [across, down] = [Math.round(x * 100), Math.round(y * 100)];
    return html`
      <li
        class="hint-row"
        data-testid="hint-item"
        ?data-chosen=${chosen}
        @pointerenter=${() => editor.hover(index)}
        @pointerleave=${() => editor.hover(-1)}
      >
        <button
          class="hint-choose"
          type="button"
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
