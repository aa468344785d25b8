import { html, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { closeOverlays, openedOverlay } from "../../shared/ui/overlays.ts";
import { StudioElement } from "./element.ts";

/** An element with a button that opens a list; Escape and a press beside it close the list. */
export abstract class MenuElement extends StudioElement {
  @state() protected open = false;
  #closed: () => void = () => {};
  readonly #away = (event: Event) => {
    if (!event.composedPath().includes(this)) this.close();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("pointerdown", this.#away);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("pointerdown", this.#away);
    this.close();
  }

  /** @param button opens the list; a click on it must call `toggle`. */
  protected menu(button: TemplateResult, list: () => TemplateResult): TemplateResult {
    return html`
      <div class="menu" @keydown=${this.#leave}>
        ${button} ${this.open ? html`<div class="menu-list">${list()}</div>` : nothing}
      </div>
    `;
  }

  protected toggle(): void {
    const open = !this.open;
    closeOverlays();
    if (!open) return;
    this.open = true;
    this.#closed = openedOverlay(() => this.close());
  }

  protected close(): void {
    this.open = false;
    this.#closed();
  }

  /** Close, and go on by keyboard where one was. */
  protected closeToButton(): void {
    this.close();
    this.querySelector<HTMLElement>("[aria-haspopup]")?.focus();
  }

  readonly #leave = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !this.open) return;
    event.stopPropagation();
    this.closeToButton();
  };
}
