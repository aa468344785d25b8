import { html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { type IconName, icon } from "../../shared/ui/icons.ts";
import type { Format } from "../config.ts";
import { saveHints } from "../hint-files.ts";
import { t } from "../messages.ts";
import { MenuElement } from "./menu.ts";

/** The header's share of the studio: saved state, undo, compare, download. */
@customElement("rehue-actions")
export class Actions extends MenuElement {
  protected override render() {
    const { editor } = this.model;
    const help = () => this.dispatchEvent(new CustomEvent("rehue-help", { bubbles: true }));
    return html`
      ${this.#saveState()}
      ${button("undo", "undo", t.undo, "Ctrl+Z", () => editor.undo(), !editor.canUndo)}
      ${button("redo", "redo", t.redo, "Ctrl+Shift+Z", () => editor.redo(), !editor.canRedo)}
      ${this.#compare()}
      <span class="wide-only">${button("shortcuts-open", "help", t.shortcuts, "?", help)}</span>
      ${this.#download()}
    `;
  }

  #saveState() {
    const { connection, saved } = this.model.sync;
    const { guest } = this.model.config;
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
                : ["check", guest ? t.savedForHours(guest.hours) : t.saved, "good"];
    if (tone === "good" && guest) {
      return this.#guestState(words, t.hoursShort(guest.hours), guest.sign_up);
    }
    return html`
      <span class="save-state" data-testid="save-state" data-tone=${tone} title=${words}>
        ${icon(shape)}<span class="save-words">${words}</span>
      </span>
    `;
  }

  /** A guest's photos go after some hours; the way to keep them is a click away. */
  #guestState(words: string, short: string, address: string) {
    return html`
      <a class="save-state" data-testid="save-state" data-tone="good" href=${address} title=${t.keepForGood}>
        ${icon("check")}<span class="save-words">${words} · <u>${t.keep}</u></span>
        <span class="save-short">${short}</span>
      </a>
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
    const { exporter } = this.model;
    const opener = html`
      <button
        class="button primary download"
        type="button"
        data-testid="download"
        aria-haspopup="true"
        aria-expanded=${this.open}
        aria-label=${t.download}
        ?disabled=${exporter.busy}
        @click=${() => this.toggle()}
      >
        ${icon(exporter.busy ? "spin" : "download")}<span class="download-word">${t.download}</span>
      </button>
    `;
    return this.menu(opener, () => this.#list());
  }

  #list() {
    const { photo, config } = this.model;
    const size = `${photo.width} × ${photo.height}`;
    const rank = (format: Format) => Number(format !== config.format);
    const formats = config.formats.toSorted((a, b) => rank(a.format) - rank(b.format));
    return html`
      ${formats.map(
        ({ format, name, deep, fits, max_side }) => html`
          <button
            class="menu-item"
            type="button"
            data-testid="download-${format}"
            ?disabled=${!fits}
            title=${fits ? nothing : t.tooLargeFor(name, max_side)}
            @click=${() => this.#save(format)}
          >
            ${t.downloadAs(deep && config.photo.bits === 16 ? `${name} (16 bit)` : name)}
          </button>
        `,
      )}
      <button class="menu-item" type="button" data-testid="download-more" @click=${() => this.#choose()}>
        ${t.exportMore}
      </button>
      <button class="menu-item" type="button" data-testid="download-layers" title=${t.layersNote}
        @click=${() => this.#save("layers")}>
        ${t.downloadLayers}
      </button>
      <a
        class="menu-item"
        href=${config.urls.download_original}
        download
        @click=${() => this.closeToButton()}
      >
        ${t.downloadOriginal}
      </a>
      <button class="menu-item" type="button" data-testid="download-hints" @click=${() => this.#saveHints()}>
        ${t.downloadHints}
      </button>
      <p class="menu-note">${t.downloadNote(size)}</p>
    `;
  }

  #saveHints(): void {
    this.closeToButton();
    saveHints(this.model.editor.hints, this.model.config.photo.title || this.model.config.photo.id);
  }

  #save(format: Format | "layers"): void {
    this.closeToButton();
    void this.model.exporter.download(format === "layers" ? format : { format });
  }

  #choose(): void {
    this.closeToButton();
    this.dispatchEvent(new CustomEvent("rehue-export", { bubbles: true }));
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
