import { html } from "lit";
import { customElement } from "lit/decorators.js";
import { t } from "../i18n/page.ts";
import { pageStudio, StudioElement } from "./element.ts";
import { icon } from "./icons.ts";

const CTRL = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl";

const ROWS: readonly (readonly [keys: readonly string[], words: string])[] = [
  [["B"], t.key.brush],
  [["E"], t.key.eraser],
  [["V"], t.key.move],
  [["I"], t.key.picker],
  [["Alt"], t.key.alt],
  [["Shift"], t.key.shift],
  [["[", "]"], t.key.size],
  [[`Alt + ${t.wheel}`], t.key.sizeWheel],
  [[`${CTRL} Z`], t.key.undo],
  [[`${CTRL} Shift Z`, `${CTRL} Y`], t.key.redo],
  [["C"], t.key.compare],
  [["H"], t.key.marks],
  ...(pageStudio().opinions.available
    ? ([
        [["1", "…", "6"], t.key.suggestions],
        [["D"], t.key.doubt],
        [["N"], t.key.next],
      ] as const)
    : []),
  [["+", "-"], t.key.zoom],
  [[t.wheel], t.key.wheel],
  [["0", "9"], t.key.fit],
  [["Space"], t.key.pan],
  [["Delete"], t.key.remove],
  [[t.rightClick], t.key.right],
  [["←", "→", "↑", "↓"], t.key.nudge],
  [["?"], t.key.help],
];

/** What the keyboard can do. */
@customElement("rehue-shortcuts")
export class Shortcuts extends StudioElement {
  show(): void {
    this.querySelector("dialog")?.showModal();
  }

  protected override render() {
    return html`
      <dialog
        class="shortcuts"
        data-testid="shortcuts"
        aria-label=${t.shortcuts}
        @click=${this.#click}
      >
        <div class="shortcuts-body">
          <h2>${t.shortcuts}</h2>
          <button
            class="icon-button"
            type="button"
            aria-label=${t.close}
            @click=${() => this.#dialog?.close()}
          >
            ${icon("close")}
          </button>
          <dl>
            ${ROWS.map(
              ([keys, words]) => html`
                <div>
                  <dt>${keys.map((key) => html`<kbd>${key}</kbd>`)}</dt>
                  <dd>${words}</dd>
                </div>
              `,
            )}
          </dl>
        </div>
      </dialog>
    `;
  }

  get #dialog(): HTMLDialogElement | null {
    return this.querySelector("dialog");
  }

  /** A click on the backdrop is a click on the dialog itself. */
  #click(event: MouseEvent): void {
    if (event.target === this.#dialog) this.#dialog?.close();
  }
}
