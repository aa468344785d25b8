/** What lies beside the photo: tool, colour, sizes. Remembered from photo to photo. */
import { normalHex } from "../engine/color.ts";
import type { Tool } from "../engine/gestures.ts";
import { remember } from "../engine/palette.ts";
import { recall, store } from "./storage.ts";

const KEY = "rehue:desk";
/** Relative to the photo's longer side. */
export const SMALLEST_RADIUS = 0.002;
export const LARGEST_RADIUS = 0.08;

export class DeskState {
  tool: Tool = "brush";
  color = "#86b5df";
  brush = 0.01;
  eraser = 0.02;
  recent: readonly string[] = [];

  constructor(readonly changed: () => void) {
    try {
      const kept = JSON.parse(recall(KEY) ?? "{}") as Partial<DeskState>;
      this.color = normalHex(String(kept.color)) ?? this.color;
      this.brush = radius(kept.brush, this.brush);
      this.eraser = radius(kept.eraser, this.eraser);
      if (Array.isArray(kept.recent)) {
        this.recent = kept.recent.flatMap((text) => normalHex(String(text)) ?? []);
      }
    } catch {
      // A broken memory is no memory.
    }
  }

  /** The size that the current tool paints or rubs with. */
  get radius(): number {
    return this.tool === "eraser" ? this.eraser : this.brush;
  }

  setTool(tool: Tool): void {
    this.tool = tool;
    this.changed();
  }

  setColor(color: string): void {
    this.color = color;
    this.#keep();
  }

  setRadius(value: number): void {
    const size = radius(value, this.radius);
    if (this.tool === "eraser") this.eraser = size;
    else this.brush = size;
    this.#keep();
  }

  used(color: string): void {
    this.recent = remember(this.recent, color);
    this.#keep();
  }

  #keep(): void {
    const { color, brush, eraser, recent } = this;
    store(KEY, JSON.stringify({ color, brush, eraser, recent }));
    this.changed();
  }
}

function radius(value: unknown, otherwise: number): number {
  if (typeof value !== "number" || !Number.isFinite(value)) return otherwise;
  return Math.min(LARGEST_RADIUS, Math.max(SMALLEST_RADIUS, value));
}
