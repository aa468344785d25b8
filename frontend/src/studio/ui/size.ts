import { customElement } from "lit/decorators.js";
import { t } from "../messages.ts";
import { LARGEST_RADIUS, SMALLEST_RADIUS } from "../tool-settings.ts";
import { StudioElement } from "./element.ts";
import { range } from "./range.ts";

const MILLE = 1000;

/** The radius of brush, eraser or chosen hint, in thousandths of the photo's longer side. */
@customElement("rehue-size")
export class Size extends StudioElement {
  protected override render() {
    const { model } = this;
    const tool = model.tools.tool === "eraser" ? t.eraserSize : t.brushSize;
    const side = Math.max(model.photo.width, model.photo.height);
    return range({
      id: "brush-size",
      name: model.editor.chosen ? t.hintSize : tool,
      min: SMALLEST_RADIUS * MILLE,
      max: LARGEST_RADIUS * MILLE,
      value: Math.round(model.radius * MILLE),
      text: `${Math.round(2 * model.radius * side)} px`,
      set: (value, done) => model.setRadius(value / MILLE, done),
    });
  }
}
