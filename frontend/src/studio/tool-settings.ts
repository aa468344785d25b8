/** What lies beside the photo: tool, colour, sizes. Remembered from photo to photo. */
import { normalHex } from "../core/color.ts";
import type { Tool } from "../core/gestures.ts";
import { remember } from "../core/palette.ts";
import { recall, store } from "../shared/ui/storage.ts";

const KEY = "rehue:tools";
/** Shown until a place has suggested one: no colour of the palette. */
const UNPICKED = "#8c8a88";
/** Relative to the photo's longer side. */
export const SMALLEST_RADIUS = 0.002;
export const LARGEST_RADIUS = 0.08;

export class ToolSettings {
  tool: Tool = "brush";
  /** The colour in hand. Until one is picked, the one that the last place suggested. */
  color = UNPICKED;
  /** Whether a person picked the colour; else each place's likeliest is taken. */
  picked = false;
  brush = 0.01;
  eraser = 0.02;
  recent: readonly string[] = [];

  constructor(readonly changed: () => void) {
    try {
      const stored = JSON.parse(recall(KEY) ?? "{}") as Partial<ToolSettings>;
      this.color = normalHex(String(stored.color)) ?? this.color;
      this.picked = stored.picked === true;
      this.brush = radius(stored.brush, this.brush);
      this.eraser = radius(stored.eraser, this.eraser);
      if (Array.isArray(stored.recent)) {
        this.recent = stored.recent.flatMap((text) => normalHex(String(text)) ?? []);
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
    this.picked = true;
    this.#keep();
  }

  /** A place's likeliest colour: in hand until one is picked. */
  suggest(color: string): void {
    if (this.picked) return;
    this.color = color;
    this.changed();
  }

  /** Take each place's likeliest colour again. */
  unpick(): void {
    this.picked = false;
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
    const { color, picked, brush, eraser, recent } = this;
    store(KEY, JSON.stringify({ color, picked, brush, eraser, recent }));
    this.changed();
  }
}

function radius(value: unknown, otherwise: number): number {
  if (typeof value !== "number" || !Number.isFinite(value)) return otherwise;
  return Math.min(LARGEST_RADIUS, Math.max(SMALLEST_RADIUS, value));
}
