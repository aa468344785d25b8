import { html } from "lit";
import { customElement } from "lit/decorators.js";
import type { Tool } from "../../core/gestures.ts";
import { type IconName, icon } from "../../shared/ui/icons.ts";
import { t } from "../messages.ts";
import { StudioElement } from "./element.ts";

const TOOLS: readonly { tool: Tool; icon: IconName; name: string; key: string }[] = [
  { tool: "brush", icon: "brush", name: t.toolBrush, key: "B" },
  { tool: "eraser", icon: "eraser", name: t.toolEraser, key: "E" },
  { tool: "move", icon: "move", name: t.toolMove, key: "V" },
  { tool: "picker", icon: "picker", name: t.toolPicker, key: "I" },
  { tool: "lasso", icon: "lasso", name: t.toolLasso, key: "L" },
];

/** What the pointer does on the photo. */
@customElement("rehue-toolbar")
export class Toolbar extends StudioElement {
  protected override render() {
    const { model } = this;
    // Tapping a thing is the other half of drawing around it.
    const held = model.tools.tool === "outline" ? "lasso" : model.tools.tool;
    const marks = model.marksShown ? t.hideMarks : t.showMarks;
    return html`
      <div class="toolbar" role="toolbar" aria-label=${t.tools}>
        ${TOOLS.filter(({ tool }) => tool !== "lasso" || model.controllable).map(
          ({ tool, icon: shape, name, key }) => html`
            <button
              class="icon-button tool"
              type="button"
              data-testid="tool-${tool}"
              aria-label=${name}
              aria-pressed=${held === tool}
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
          class="icon-button wide-only"
          type="button"
          data-testid="split-toggle"
          aria-label=${t.splitToggle}
          aria-pressed=${model.comparison}
          title="${t.splitToggle} (Shift+C)"
          @click=${() => model.toggleComparison()}
        >
          ${icon("split")}
        </button>
        <button
          class="icon-button"
          type="button"
          data-testid="marks"
          aria-label=${marks}
          title="${marks} (H)"
          @click=${() => model.toggleMarks()}
        >
          ${icon(model.marksShown ? "eye" : "eyeOff")}
        </button>
      </div>
    `;
  }
}
