import { html } from "lit";
import { customElement } from "lit/decorators.js";
import { icon } from "../../shared/ui/icons.ts";
import { t } from "../messages.ts";
import { pageStudio, StudioElement } from "./element.ts";

const CTRL = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl";

const ROWS: readonly (readonly [keys: readonly string[], words: string])[] = [
  [["B"], t.key.brush],
  [["E"], t.key.eraser],
  [["V"], t.key.move],
  [["I"], t.key.picker],
  ...(pageStudio().controllable
    ? ([
        [["L"], t.key.lasso],
        [["O"], t.key.outline],
      ] as const)
    : []),
  [["Alt"], t.key.alt],
  [["Shift"], t.key.shift],
  [[`Shift + ${t.click}`], t.key.shiftClick],
  [["[", "]"], t.key.size],
  [[`Alt + ${t.wheel}`], t.key.sizeWheel],
  [[`${CTRL} Z`], t.key.undo],
  [[`${CTRL} Shift Z`, `${CTRL} Y`], t.key.redo],
  [["C"], t.key.compare],
  [["Shift C"], t.key.split],
  [["H"], t.key.marks],
  ...(pageStudio().predictions.available
    ? ([
        [["1", "…", "6"], t.key.suggestions],
        [["D"], t.key.uncertainty],
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
  [[`${CTRL} A`], t.key.selectAll],
  [[`${CTRL} C`, `${CTRL} V`], t.key.copy],
  [["Page Up", "Page Down"], t.key.turn],
  [["Esc"], t.key.escape],
  [["?"], t.key.help],
];

const TOUCH = window.matchMedia("(pointer: coarse)");
const GESTURES = ["tap", "drag", "pinch", "pen", "lasso", "compare"] as const;

/** What the keyboard can do; on a phone, what fingers can. */
@customElement("rehue-shortcuts")
export class Shortcuts extends StudioElement {
  show(): void {
    this.querySelector("dialog")?.showModal();
  }

  protected override render() {
    const title = TOUCH.matches ? t.gestures : t.shortcuts;
    const rows = TOUCH.matches
      ? GESTURES.map((name) => [[t.gestureNames[name]], t.gesture[name]] as const)
      : ROWS;
    return html`
      <dialog
        class="shortcuts"
        data-testid="shortcuts"
        aria-label=${title}
        @click=${this.#click}
      >
        <div class="shortcuts-body">
          <h2>${title}</h2>
          <button
            class="icon-button"
            type="button"
            aria-label=${t.close}
            @click=${() => this.#dialog?.close()}
          >
            ${icon("close")}
          </button>
          <dl>
            ${rows.map(
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
