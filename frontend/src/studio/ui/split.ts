import { html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { t } from "../messages.ts";
import { StudioElement } from "./element.ts";

const STEP = 0.02;
/** Dragged further to the side than this, the comparison ends. */
const LEAST = 0.02;

/**
 * The line between the grey photo and the coloured one, dragged, or moved by arrow keys; and the
 * button that puts the two side by side instead.
 */
@customElement("rehue-split")
export class Split extends StudioElement {
  protected override render() {
    const { split, beside, comparison } = this.model;
    if (!comparison) return nothing;
    const words = beside ? t.underLine : t.sideBySide;
    return html`
      ${beside ? nothing : this.#line(split)}
      <button class="button small arrange" type="button" data-testid="beside-toggle"
        @click=${() => this.model.setBeside(!beside)}>${words}</button>
    `;
  }

  #line(split: number) {
    const percent = Math.round(split * 100);
    return html`
      <div
        class="split"
        role="slider"
        tabindex="0"
        data-testid="split"
        data-own-keys
        aria-label=${t.splitLabel}
        aria-valuemin="0"
        aria-valuemax="98"
        aria-valuenow=${percent}
        .style=${`left:${split * 100}%`}
        @pointerdown=${this.#down}
        @pointermove=${this.#move}
        @pointerup=${this.#up}
        @keydown=${this.#key}
      ></div>
    `;
  }

  #down(event: PointerEvent): void {
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
  }

  #move(event: PointerEvent): void {
    if (!(event.buttons & 1)) return;
    const box = (this.offsetParent ?? this).getBoundingClientRect();
    this.model.setSplit(Math.max(LEAST / 2, (event.clientX - box.left) / box.width));
  }

  #up(): void {
    if (this.model.split < LEAST) this.model.endComparison();
  }

  #key(event: KeyboardEvent): void {
    const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    this.model.setSplit(Math.max(LEAST, this.model.split + step));
  }
}
