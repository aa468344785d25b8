/** What the stage draws and whom its pointers speak to; the studio's model is one. */
import type { ChromaMap } from "../core/chroma.ts";
import type { Compositor, Lightness, Tone } from "../core/compose.ts";
import type { Place, Size, View } from "../core/geometry.ts";
import type { Action, PointerKind, Tool } from "../core/gestures.ts";
import type { Marks } from "./overlay.ts";

export interface StageModel {
  readonly photo: Size;
  /** The address of the photo's lightness, a grey picture. */
  readonly lightnessUrl: string;
  readonly viewport: StageViewport;
  readonly colors: StageColors;
  readonly tools: StageTools;
  /** Whether the photo is shown without its colours, and without anything over it. */
  readonly comparing: boolean;
  /** Left of this share of the stage's width the photo is grey. */
  readonly split: number;
  /** Whether a pointer that rests is asked about, and the hint under it. */
  readonly looks: boolean;
  readonly hovered: number;
  /** Of the tool in hand, relative to the photo's longer side. */
  readonly radius: number;
  /** L that the colour in hand is for while the pointer is elsewhere, 0 to 100. */
  readonly lightnessHere: number;
  /** What lies over the photo now. */
  marks(): Marks;
  /** The colour that a hint at a place of the photo gets, "#rrggbb". */
  colorFor(at: Place): string;
  /** Vividness and warmth that the colours on screen do not have yet. */
  tone(): Tone;
  /** Close what lies open over the page; whether anything was. */
  dismiss(): boolean;
  /** The thing that is lit up grows, or shrinks below 0; whether one is. */
  growThing(steps: number): boolean;
  setRadius(radius: number): void;
  /** The hint under a place of the stage, or -1. */
  hit(at: Place, kind: PointerKind): number;
  hover(index: number): void;
  /** The pointer rests on a place of the stage. */
  look(at: Place): void;
  act(action: Action): void;
  /** The lightness picture is on the canvas, drawn by this; null when it could not be had. */
  opened(compositor: Compositor["kind"] | null): void;
  /** @returns what to call to listen no more. */
  listen(listener: () => void): () => void;
}

export interface StageViewport {
  readonly view: View;
  readonly stage: Size;
  resize(stage: Size): void;
  pan(dx: number, dy: number): void;
  zoom(factor: number, at: Place): void;
}

export interface StageColors {
  readonly chroma: ChromaMap | null;
  plane: Lightness | null;
  lightnessAt(at: Place): number;
}

export interface StageTools {
  readonly tool: Tool;
  /** Relative to the photo's longer side. */
  readonly brush: number;
  readonly eraser: number;
}
