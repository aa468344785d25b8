import { html } from "lit";
import { customElement } from "lit/decorators.js";
import { t } from "../i18n/page.ts";
import { LARGEST_RADIUS, SMALLEST_RADIUS } from "../studio/desk.ts";
import { StudioElement } from "./element.ts";

const MILLE = 1000;

/** The radius of brush, eraser or chosen hint, in thousandths of the photo's longer side. */
@customElement("rehue-size")
export class Size extends StudioElement {
  protected override render() {
    const { model } = this;
    const tool = model.desk.tool === "eraser" ? t.eraserSize : t.brushSize;
    const name = model.hinting.chosen ? t.hintSize : tool;
    const side = Math.max(model.photo.width, model.photo.height);
    return html`
      <label class="size">
        <span class="size-name">${name}</span>
        <input
          type="range"
          data-testid="brush-size"
          min=${SMALLEST_RADIUS * MILLE}
          max=${LARGEST_RADIUS * MILLE}
          step="1"
          title="${name} ([ ])"
          .value=${String(Math.round(model.radius * MILLE))}
          aria-valuetext="${Math.round(2 * model.radius * side)} px"
          @input=${(event: Event) => this.#set(event, false)}
          @change=${(event: Event) => this.#set(event, true)}
        />
        <output class="size-value">${Math.round(2 * model.radius * side)} px</output>
      </label>
    `;
  }

  #set(event: Event, done: boolean): void {
    this.model.setRadius(Number((event.currentTarget as HTMLInputElement).value) / MILLE, done);
  }
}
