import { html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { recall, store } from "../../shared/ui/storage.ts";
import { t } from "../messages.ts";
import { StudioElement } from "./element.ts";

const KEY = "rehue:guided";

/** The first photo, step by step: each step is done by doing it, and all can be skipped. */
@customElement("rehue-guide")
export class Guide extends StudioElement {
  @state() private step = recall(KEY) ? -1 : 0;
  /** The hints when the step began. */
  #before = "";

  readonly #again = () => this.#go(0);

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("rehue-guide", this.#again);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("rehue-guide", this.#again);
  }

  protected override willUpdate(): void {
    const { model } = this;
    if (!this.#shown) return;
    if (this.step === 0 && this.#before === "") this.#before = model.editor.hints.text;
    const changed = model.editor.hints.text !== this.#before && !model.gestures.painting;
    const done = [changed, model.tools.picked, model.comparing, model.exporter.busy][this.step];
    if (done) queueMicrotask(() => this.#go(this.step + 1));
  }

  protected override render() {
    if (!this.#shown) return nothing;
    const text = t.guide[this.step] ?? "";
    const last = this.step === t.guide.length - 1;
    return html`
      <section class="guide" data-testid="guide" data-step=${this.step + 1} aria-label=${t.guideTitle}>
        <p role="status"><span class="guide-count">${this.step + 1} / ${t.guide.length}</span> ${text}</p>
        <p class="guide-end">
          <button class="button small" type="button" data-testid="guide-skip" @click=${() => this.#go(-1)}>
            ${last ? t.close : t.guideSkip}
          </button>
          ${
            last
              ? nothing
              : html`<button class="button small primary" type="button" data-testid="guide-next" @click=${() => this.#go(this.step + 1)}>${t.guideNext}</button>`
          }
        </p>
      </section>
    `;
  }

  get #shown(): boolean {
    return this.step >= 0 && this.model.stageState === "ready";
  }

  #go(step: number): void {
    this.step = step < t.guide.length ? step : -1;
    this.#before = this.model.editor.hints.text;
    if (this.step < 0) store(KEY, "done");
    this.model.changes.tell();
  }
}
