import { html } from "lit";
import { customElement } from "lit/decorators.js";
import type { Tool } from "../engine/gestures.ts";
import { t } from "../i18n/page.ts";
import { StudioElement } from "./element.ts";
import { type IconName, icon } from "./icons.ts";

const TOOLS: readonly { tool: Tool; icon: IconName; name: string; key: string }[] = [
  { tool: "brush", icon: "brush", name: t.toolBrush, key: "B" },
  { tool: "eraser", icon: "eraser", name: t.toolEraser, key: "E" },
  { tool: "move", icon: "move", name: t.toolMove, key: "V" },
  { tool: "picker", icon: "picker", name: t.toolPicker, key: "I" },
];

/** What the pointer does on the photo. */
@customElement("rehue-toolbar")
export class Toolbar extends StudioElement {
  protected override render() {
    const { model } = this;
    const marks = model.marks ? t.hideMarks : t.showMarks;
    return html`
      <div class="toolbar" role="toolbar" aria-label=${t.tools}>
        ${TOOLS.map(
          ({ tool, icon: shape, name, key }) => html`
            <button
              class="icon-button tool"
              type="button"
              data-testid="tool-${tool}"
              aria-label=${name}
              aria-pressed=${model.desk.tool === tool}
              aria-keyshortcuts=${key}
              title="${name} (${key})"
              @click=${() => model.setTool(tool)}
            >
              ${icon(shape)}
            </button>
          `,
        )}
        <span class="divider"></span>
        <button
          class="icon-button"
          type="button"
          data-testid="marks"
          aria-label=${marks}
          title="${marks} (H)"
          @click=${() => model.toggleMarks()}
        >
          ${icon(model.marks ? "eye" : "eyeOff")}
        </button>
      </div>
    `;
  }
}
