import { html, nothing, type PropertyValues } from "lit";
import { customElement, query } from "lit/decorators.js";
import { Stage } from "../canvas/stage.ts";
import { t } from "../i18n/page.ts";
import { Keyboard } from "../studio/keyboard.ts";
import { StudioElement } from "./element.ts";
import { icon } from "./icons.ts";
import type { Shortcuts } from "./shortcuts.ts";
import "./doubt.ts";
import "./hint-list.ts";
import "./palette.ts";
import "./picker.ts";
import "./shortcuts.ts";
import "./size.ts";
import "./suggestions.ts";
import "./toasts.ts";
import "./toolbar.ts";
import "./versions.ts";
import "./zoom.ts";

/** Below this the panel is a sheet and its most used parts lie in a dock under the photo. */
const NARROW = window.matchMedia("(max-width: 760px)");

const TOUCH = window.matchMedia("(pointer: coarse)");

/** The whole studio: stage, tools, panel. Its attributes tell its state, for styles and tests. */
@customElement("rehue-studio")
export class Studio extends StudioElement {
  @query(".stage") private stageHost!: HTMLElement;
  @query("rehue-shortcuts") private shortcuts!: Shortcuts;
  #stage: Stage | null = null;
  #keyboard: Keyboard | null = null;
  readonly #help = () => this.shortcuts.show();
  readonly #reflow = () => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("rehue-help", this.#help);
    NARROW.addEventListener("change", this.#reflow);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("rehue-help", this.#help);
    NARROW.removeEventListener("change", this.#reflow);
    this.#keyboard?.dispose();
    this.#stage?.dispose();
  }

  protected override firstUpdated(): void {
    this.#stage = new Stage(this.stageHost, this.model);
    this.#keyboard = new Keyboard(this.model, this.#stage.inputs, this.#help);
    void this.#stage.open();
    this.model.connection.start();
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { model, dataset } = this;
    dataset.ready = String(model.stageState === "ready");
    dataset.compositor = model.compositor;
    dataset.connection = model.sync.connection;
    dataset.saved = model.sync.saved;
    dataset.revision = String(model.sync.revision);
    dataset.savedRevision = String(model.sync.savedRevision);
    dataset.chromaRevision = String(model.picture.revision);
    dataset.hints = String(model.hinting.hints.size);
    dataset.tool = model.desk.tool;
    dataset.doubting = String(model.opinions.doubting && model.opinions.doubt !== null);
    dataset.subject = model.opinions.subject?.type ?? "";
  }

  protected override render() {
    const { model } = this;
    const narrow = NARROW.matches;
    return html`
      <div class="studio">
        <div class="stage-frame">
          <div class="stage" tabindex="0" role="application" aria-label=${t.stage}></div>
          ${model.stageState === "ready" ? nothing : this.#curtain()}
          <div class="progress" ?data-busy=${model.colouring || model.downloading}></div>
          ${this.#tip()}
          ${model.comparing ? html`<span class="stage-label">${t.comparing}</span>` : nothing}
          ${narrow ? nothing : html`<rehue-toolbar class="floating-tools"></rehue-toolbar>`}
          <rehue-zoom class="floating-zoom"></rehue-zoom>
          <rehue-doubt class="floating-doubt"></rehue-doubt>
        </div>
        ${narrow ? this.#dock() : nothing}
        <aside class="panel" aria-label=${t.panel} ?data-open=${model.panelOpen}>
          ${narrow ? this.#sheetHead() : nothing}
          <rehue-picker></rehue-picker>
          ${narrow ? nothing : this.#desk()}
          <rehue-hints></rehue-hints>
          <rehue-versions></rehue-versions>
        </aside>
      </div>
      <rehue-toasts></rehue-toasts>
      <rehue-shortcuts></rehue-shortcuts>
    `;
  }

  /** Says what to do: at a marked place, and until a first hint was given. */
  #tip() {
    const { model } = this;
    if (model.opinions.subject?.type === "marked" && !model.comparing) {
      return html`<p class="stage-label tip">${t.tipMarked}</p>`;
    }
    const wanted = model.stageState === "ready" && model.hinting.hints.size === 0;
    if (!wanted || model.comparing || model.hinting.canUndo) return nothing;
    return html`<p class="stage-label tip">${TOUCH.matches ? t.tipTouch : t.tip}</p>`;
  }

  #curtain() {
    const failed = this.model.stageState === "failed";
    const words = failed ? t.loadFailed : t.loading;
    return html`<p class="curtain" role=${failed ? "alert" : "status"}>${words}</p>`;
  }

  #desk() {
    return html`
      <rehue-suggestions></rehue-suggestions>
      <rehue-palette></rehue-palette>
      <rehue-size></rehue-size>
    `;
  }

  #dock() {
    const { model } = this;
    return html`
      <div class="dock">
        <rehue-suggestions></rehue-suggestions>
        <div class="dock-row">
          <rehue-toolbar></rehue-toolbar>
          <rehue-size></rehue-size>
        </div>
        <div class="dock-row">
          <button
            class="color-button"
            type="button"
            data-testid="panel-open"
            aria-label=${t.panel}
            aria-expanded=${model.panelOpen}
            .style=${`--swatch:${model.color}`}
            @click=${() => model.togglePanel()}
          >
            ${icon("sliders")}
          </button>
          <rehue-palette class="strip"></rehue-palette>
        </div>
      </div>
    `;
  }

  #sheetHead() {
    return html`
      <button
        class="sheet-close"
        type="button"
        aria-label=${t.close}
        @click=${() => this.model.togglePanel(false)}
      >
        <span class="sheet-grip"></span>
      </button>
    `;
  }
}
