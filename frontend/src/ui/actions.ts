import { html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { t } from "../i18n/page.ts";
import type { Format } from "../studio/download.ts";
import { StudioElement } from "./element.ts";
import { type IconName, icon } from "./icons.ts";

const FORMATS: readonly { format: Format; name: string }[] = [
  { format: "png", name: "PNG" },
  { format: "jpeg", name: "JPEG" },
  { format: "webp", name: "WebP" },
];

/** The header's share of the studio: saved state, undo, compare, download. */
@customElement("rehue-actions")
export class Actions extends StudioElement {
  @state() private open = false;
  readonly #away = (event: Event) => {
    if (!event.composedPath().includes(this)) this.open = false;
  };

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("pointerdown", this.#away);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("pointerdown", this.#away);
  }

  protected override render() {
    const { hinting } = this.model;
    return html`
      ${this.#saveState()}
      <button class="icon-button" type="button" data-testid="undo" aria-label=${t.undo} title="${t.undo} (Ctrl+Z)" ?disabled=${!hinting.canUndo} @click=${() => hinting.undo()}>${icon("undo")}</button>
      <button class="icon-button" type="button" data-testid="redo" aria-label=${t.redo} title="${t.redo} (Ctrl+Shift+Z)" ?disabled=${!hinting.canRedo} @click=${() => hinting.redo()}>${icon("redo")}</button>
      ${this.#compare()}
      <button class="icon-button wide-only" type="button" data-testid="shortcuts-open" aria-label=${t.shortcuts} title="${t.shortcuts} (?)" @click=${() => this.dispatchEvent(new CustomEvent("rehue-help", { bubbles: true }))}>${icon("help")}</button>
      ${this.#download()}
    `;
  }

  #saveState() {
    const { connection, saved } = this.model.sync;
    const [shape, words, tone]: [IconName, string, string] =
      connection === "closed"
        ? ["cloudOff", t.gone, "bad"]
        : saved === "offline"
          ? ["cloudOff", t.offline, "bad"]
          : connection === "waiting"
            ? ["spin", t.reconnecting, "busy"]
            : connection === "connecting"
              ? ["spin", t.connecting, "busy"]
              : saved === "saving"
                ? ["spin", t.saving, "busy"]
                : ["check", t.saved, "good"];
    return html`
      <span class="save-state" data-testid="save-state" data-tone=${tone} title=${words}>
        ${icon(shape)}<span class="save-words">${words}</span>
      </span>
    `;
  }

  #compare() {
    const { model } = this;
    const hold = (on: boolean) => () => model.comparing !== on && model.setComparing(on);
    const key = (on: boolean) => (event: KeyboardEvent) => {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      hold(on)();
    };
    return html`
      <button
        class="icon-button"
        type="button"
        data-testid="compare"
        aria-label=${t.compare}
        aria-pressed=${model.comparing}
        title="${t.compare} (C)"
        @pointerdown=${(event: PointerEvent) => {
          (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
          hold(true)();
        }}
        @pointerup=${hold(false)}
        @pointercancel=${hold(false)}
        @contextmenu=${(event: Event) => event.preventDefault()}
        @keydown=${key(true)}
        @keyup=${key(false)}
        @blur=${hold(false)}
      >
        ${icon("compare")}
      </button>
    `;
  }

  #download() {
    const { model } = this;
    const { width, height } = model.photo;
    return html`
      <div class="menu" @keydown=${(event: KeyboardEvent) => event.key === "Escape" && this.#close()}>
        <button class="button primary download" type="button" data-testid="download" aria-haspopup="true" aria-expanded=${this.open} aria-label=${t.download} ?disabled=${model.downloading} @click=${() => {
          this.open = !this.open;
        }}>
          ${icon(model.downloading ? "spin" : "download")}<span class="download-word">${t.download}</span>
        </button>
        ${
          this.open
            ? html`
              <div class="menu-list">
                ${FORMATS.map(
                  ({ format, name }) => html`
                    <button class="menu-item" type="button" data-testid="download-${format}" @click=${() => {
                      this.#close();
                      void model.download(format);
                    }}>${t.downloadAs(name)}</button>
                  `,
                )}
                <a class="menu-item" href=${model.config.urls.download_original} download @click=${() => this.#close()}>${t.downloadOriginal}</a>
                <p class="menu-note">${t.downloadNote(`${width} × ${height}`)}</p>
              </div>
            `
            : nothing
        }
      </div>
    `;
  }

  #close(): void {
    this.open = false;
    this.querySelector<HTMLElement>(".download")?.focus();
  }
}
