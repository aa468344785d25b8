import { html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { t } from "../i18n/page.ts";
import type { Format } from "../studio/config.ts";
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
    const help = () => this.dispatchEvent(new CustomEvent("rehue-help", { bubbles: true }));
    return html`
      ${this.#saveState()}
      ${button("undo", "undo", t.undo, "Ctrl+Z", () => hinting.undo(), !hinting.canUndo)}
      ${button("redo", "redo", t.redo, "Ctrl+Shift+Z", () => hinting.redo(), !hinting.canRedo)}
      ${this.#compare()}
      <span class="wide-only">${button("shortcuts-open", "help", t.shortcuts, "?", help)}</span>
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
    const leave = (event: KeyboardEvent) => event.key === "Escape" && this.open && this.#close();
    return html`
      <div class="menu" @keydown=${leave}>
        <button
          class="button primary download"
          type="button"
          data-testid="download"
          aria-haspopup="true"
          aria-expanded=${this.open}
          aria-label=${t.download}
          ?disabled=${model.downloading}
          @click=${this.#toggle}
        >
          ${icon(model.downloading ? "spin" : "download")}<span class="download-word">${t.download}</span>
        </button>
        ${this.open ? this.#list() : nothing}
      </div>
    `;
  }

  #list() {
    const { photo, config } = this.model;
    const size = `${photo.width} × ${photo.height}`;
    const rank = (format: Format) => Number(format !== config.format);
    const formats = FORMATS.toSorted((a, b) => rank(a.format) - rank(b.format));
    return html`
      <div class="menu-list">
        ${formats.map(
          ({ format, name }) => html`
            <button
              class="menu-item"
              type="button"
              data-testid="download-${format}"
              @click=${() => this.#save(format)}
            >
              ${t.downloadAs(name)}
            </button>
          `,
        )}
        <a
          class="menu-item"
          href=${config.urls.download_original}
          download
          @click=${() => this.#close()}
        >
          ${t.downloadOriginal}
        </a>
        <p class="menu-note">${t.downloadNote(size)}</p>
      </div>
    `;
  }

  #save(format: Format): void {
    this.#close();
    void this.model.download(format);
  }

  #toggle(): void {
    this.open = !this.open;
  }

  #close(): void {
    this.open = false;
    this.querySelector<HTMLElement>(".download")?.focus();
  }
}

function button(
  id: string,
  shape: IconName,
  words: string,
  key: string,
  act: () => void,
  disabled = false,
) {
  return html`
    <button
      class="icon-button"
      type="button"
      data-testid=${id}
      aria-label=${words}
      title="${words} (${key})"
      ?disabled=${disabled}
      @click=${act}
    >
      ${icon(shape)}
    </button>
  `;
}
