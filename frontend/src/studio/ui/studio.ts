import { html, nothing, type PropertyValues } from "lit";
import { customElement, query } from "lit/decorators.js";
import { Stage } from "../../canvas/stage.ts";
import { toScreen } from "../../core/geometry.ts";
import { icon } from "../../shared/ui/icons.ts";
import { followClipboard } from "../clipboard.ts";
import type { ShownResult } from "../comparison.ts";
import { Keyboard } from "../keyboard.ts";
import { t } from "../messages.ts";
import { type Neighbours, readNeighbours } from "../neighbours.ts";
import { pageStudio, StudioElement } from "./element.ts";
import type { Shortcuts } from "./shortcuts.ts";
import "./uncertainty.ts";
import "./hint-list.ts";
import "./palette.ts";
import "./palette-dialog.ts";
import "./picker.ts";
import "./share-dialog.ts";
import "./shortcuts.ts";
import "./size.ts";
import "./suggestions.ts";
import "./toasts.ts";
import "./toolbar.ts";
import "./versions.ts";
import "./adjust.ts";
import "./details.ts";
import "./drop-dialog.ts";
import "./export-dialog.ts";
import "./guide.ts";
import "./only-here.ts";
import "./references.ts";
import "./regions.ts";
import "./model-choice.ts";
import "./split.ts";
import "./zoom.ts";

/** Below this the panel is a sheet and its most used parts lie in a dock under the photo. */
const NARROW = window.matchMedia("(max-width: 760px)");

/** What floats over the stage: a fitted photo leaves these edges free, in CSS pixels. */
const WIDE_BARS = { top: 24, right: 24, bottom: 72, left: 76 };
const LOW_BARS = { top: 10, right: 76, bottom: 10, left: 76 };
const NARROW_BARS = { top: 12, right: 12, bottom: 64, left: 12 };
/** How near to the stage's side the middle of a sentence may come, in CSS pixels. */
const FAINT_EDGE = 130;

/** A phone on its side: bars stand at both sides of the photo. */
const LOW = window.matchMedia("(max-height: 480px)");

const TOUCH = window.matchMedia("(pointer: coarse)");

/** The whole studio: stage, tools, panel. Its attributes tell its state, for styles and tests. */
@customElement("rehue-studio")
export class Studio extends StudioElement {
  @query(".stage") private stageHost!: HTMLElement;
  @query("rehue-shortcuts") private shortcuts!: Shortcuts;
  #stage: Stage | null = null;
  #keyboard: Keyboard | null = null;
  readonly #ending = new AbortController();
  readonly #help = () => this.shortcuts.show();
  readonly #reflow = () => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("rehue-help", this.#help);
    for (const media of [NARROW, LOW]) media.addEventListener("change", this.#reflow);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("rehue-help", this.#help);
    for (const media of [NARROW, LOW]) media.removeEventListener("change", this.#reflow);
    this.#ending.abort();
    this.#keyboard?.dispose();
    this.#stage?.dispose();
  }

  protected override firstUpdated(): void {
    this.#stage = new Stage(this.stageHost, this.model);
    this.#keyboard = new Keyboard(this.model, this.#stage.inputs, this.#help, turn);
    followClipboard(this.model, this.#ending.signal);
    void this.#stage.open();
    this.model.connection.start();
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { model, dataset } = this;
    model.viewport.leaveRoom(NARROW.matches ? NARROW_BARS : LOW.matches ? LOW_BARS : WIDE_BARS);
    dataset.ready = String(model.stageState === "ready");
    dataset.compositor = model.compositor;
    dataset.connection = model.sync.connection;
    dataset.saved = model.sync.saved;
    dataset.revision = String(model.sync.revision);
    dataset.savedRevision = String(model.sync.savedRevision);
    dataset.chromaRevision = String(model.colors.revision);
    dataset.hints = String(model.editor.hints.size);
    dataset.tool = model.tools.tool;
    dataset.thing = String(model.outliner.points.length);
    dataset.thingKnown = String(!model.outliner.waiting);
    dataset.showsUncertainty = String(
      model.predictions.showsUncertainty && model.predictions.uncertainty !== null,
    );
    dataset.model = model.colors.model;
    dataset.subject = model.predictions.subject?.type ?? "";
  }

  protected override render() {
    const { model } = this;
    const narrow = NARROW.matches;
    return html`
      <div class="studio">
        <div class="stage-frame" ?data-painting=${model.gestures.painting} ?data-beside=${model.beside}>
          <div class="stage" tabindex="0" role="application" aria-label=${t.stage}></div>
          ${model.stageState === "ready" ? nothing : this.#curtain()}
          <div class="progress" ?data-busy=${model.colouring || model.exporter.busy}></div>
          ${this.#tip()} ${this.#faint()}
          ${this.#compared()}
          <rehue-split></rehue-split>
          <rehue-only-here></rehue-only-here>
          <rehue-guide></rehue-guide>
          ${model.comparing ? html`<span class="stage-label">${t.comparing}</span>` : nothing}
          ${narrow ? nothing : html`<rehue-toolbar class="floating-tools"></rehue-toolbar>`}
          <rehue-zoom class="floating-zoom"></rehue-zoom>
          <rehue-uncertainty class="floating-uncertainty"></rehue-uncertainty>
        </div>
        ${narrow ? this.#dock() : nothing}
        <aside class="panel" aria-label=${t.panel} ?data-open=${model.panelOpen}>
          ${narrow ? this.#sheetHead() : nothing}
          <rehue-picker></rehue-picker>
          ${narrow ? nothing : this.#settings()}
          <rehue-adjust></rehue-adjust>
          <rehue-regions></rehue-regions>
          <rehue-references></rehue-references>
          <rehue-hints></rehue-hints>
          <rehue-model></rehue-model>
          <rehue-details></rehue-details>
          <rehue-versions></rehue-versions>
        </aside>
      </div>
      <rehue-toasts></rehue-toasts>
      <rehue-shortcuts></rehue-shortcuts>
      <rehue-export></rehue-export>
      <rehue-drop></rehue-drop>
      <rehue-share></rehue-share>
      <rehue-palette-dialog></rehue-palette-dialog>
    `;
  }

  /** One result or two, over the photo as far as the line of the comparison, or beside it. */
  #compared() {
    const { compared, split, beside, config } = this.model;
    const [earlier, later] = compared;
    const line = `${split * 100}%`;
    if (beside) {
      const original = { id: "", url: config.urls.lightness, label: t.comparing };
      return [
        this.#result(earlier ?? original, "earlier", "right:50%"),
        later ? this.#result(later, "later", "left:50%") : nothing,
      ];
    }
    return [
      earlier ? this.#result(earlier, "earlier", `right:calc(100% - ${line})`) : nothing,
      later ? this.#result(later, "later", `left:${line}`) : nothing,
    ];
  }

  #result({ url, label }: ShownResult, side: "earlier" | "later", edge: string) {
    const { photo, split, viewport } = this.model;
    const { scale, x, y } = viewport.view;
    const left = side === "later" ? x - split * viewport.stage.width : x;
    const place = `left:${left}px;top:${y}px;width:${photo.width * scale}px;height:${photo.height * scale}px`;
    return html`
      <div class="compared" data-testid=${side} .style=${edge}>
        <img src=${url} alt=${label} .style=${place} />
        <span class="stage-label">${label}</span>
      </div>
    `;
  }

  /** Says what to do: at a marked place, and until a first hint was given. */
  #tip() {
    const { model } = this;
    if (model.predictions.subject?.type === "marked" && !model.comparing) {
      return html`<p class="stage-label tip">${t.tipMarked}</p>`;
    }
    const wanted = model.stageState === "ready" && model.editor.hints.size === 0;
    const fencing = model.tools.tool === "lasso" || model.tools.tool === "outline";
    const compared = model.comparing || model.comparison;
    if (!wanted || fencing || compared || model.editor.canUndo) return nothing;
    return html`<p class="stage-label tip">${TOUCH.matches ? t.tipTouch : t.tip}</p>`;
  }

  /** Says so at the place where a colour cannot show. */
  #faint() {
    const { faint } = this.model.gestures;
    if (!faint || this.model.comparing) return nothing;
    const { view, stage } = this.model.viewport;
    const { x, y } = toScreen(view, faint.at, this.model.photo);
    const left = Math.min(Math.max(x, FAINT_EDGE), Math.max(FAINT_EDGE, stage.width - FAINT_EDGE));
    return html`
      <p class="faint" role="status" data-testid="faint" .style=${`left:${left}px;top:${y}px`}>
        <span class="swatch-dot" .style=${`--swatch:${faint.color}`}></span>
        ${faint.place === "white" ? t.faintWhite : t.faintBlack}
      </p>
    `;
  }

  #curtain() {
    const failed = this.model.stageState === "failed";
    const words = failed ? t.loadFailed : t.loading;
    return html`<p class="curtain" role=${failed ? "alert" : "status"}>${words}</p>`;
  }

  #settings() {
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
          <rehue-palette class="strip" strip></rehue-palette>
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

/** Go to the photo before or after this one. */
async function turn(to: keyof Neighbours): Promise<void> {
  const address = (await readNeighbours(pageStudio().config.photo.id))[to];
  if (address) location.assign(address);
}
