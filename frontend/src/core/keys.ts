/**
 * From keys and wheels to commands. Letters go by their place on the keyboard, so that Hangul input
 * or another layout does not silence them.
 */

/** Take the first, second ... of the suggested colours. */
type Suggestion = `suggestion-${1 | 2 | 3 | 4 | 5 | 6}`;

export type Command =
  | "brush"
  | "eraser"
  | "move"
  | "picker"
  | "lasso"
  | "outline"
  | "undo"
  | "redo"
  | "smaller"
  | "larger"
  | "zoom-in"
  | "zoom-out"
  | "fit"
  | "full"
  | "compare"
  | "split"
  | "marks"
  | "uncertainty"
  | "next"
  | "select-all"
  | "previous-photo"
  | "next-photo"
  | "enter"
  | Suggestion
  | "pan"
  | "delete"
  | "left"
  | "right"
  | "up"
  | "down"
  | "escape"
  | "help";

export interface KeyInput {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

const BY_CODE: Readonly<Record<string, Command>> = {
  KeyB: "brush",
  KeyE: "eraser",
  KeyV: "move",
  KeyI: "picker",
  KeyL: "lasso",
  KeyO: "outline",
  PageUp: "previous-photo",
  PageDown: "next-photo",
  Enter: "enter",
  NumpadEnter: "enter",
  KeyC: "compare",
  KeyH: "marks",
  KeyD: "uncertainty",
  KeyN: "next",
  Space: "pan",
  BracketLeft: "smaller",
  BracketRight: "larger",
  Digit0: "fit",
  Numpad0: "fit",
  Digit9: "full",
  Numpad9: "full",
  Digit1: "suggestion-1",
  Digit2: "suggestion-2",
  Digit3: "suggestion-3",
  Digit4: "suggestion-4",
  Digit5: "suggestion-5",
  Digit6: "suggestion-6",
  Numpad1: "suggestion-1",
  Numpad2: "suggestion-2",
  Numpad3: "suggestion-3",
  Numpad4: "suggestion-4",
  Numpad5: "suggestion-5",
  Numpad6: "suggestion-6",
  NumpadAdd: "zoom-in",
  NumpadSubtract: "zoom-out",
  Delete: "delete",
  Backspace: "delete",
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
  Escape: "escape",
};

const BY_KEY: Readonly<Record<string, Command>> = {
  "?": "help",
  "+": "zoom-in",
  "=": "zoom-in",
  "-": "zoom-out",
  _: "zoom-out",
  "[": "smaller",
  "]": "larger",
};

export function commandFor(input: KeyInput): Command | null {
  if (input.ctrlKey || input.metaKey) {
    if (input.altKey) return null;
    if (input.code === "KeyZ") return input.shiftKey ? "redo" : "undo";
    if (input.code === "KeyA" && !input.shiftKey) return "select-all";
    return input.code === "KeyY" && !input.shiftKey ? "redo" : null;
  }
  if (input.altKey) return null;
  if (input.code === "KeyC" && input.shiftKey) return "split";
  return BY_KEY[input.key] ?? BY_CODE[input.code] ?? null;
}

export interface WheelInput {
  readonly deltaX: number;
  readonly deltaY: number;
  /** 0 pixels, 1 lines, 2 pages. */
  readonly deltaMode: number;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

export type WheelIntent =
  | { type: "zoom"; factor: number }
  | { type: "size"; factor: number }
  | { type: "pan"; dx: number; dy: number };

const PIXELS_A_LINE = 30;
/** A wheel's notch is at least this many pixels; a touch pad sends less at a time. */
const NOTCH = 50;

/** A wheel zooms, with Alt or Shift it sizes the brush; a touch pad pans, and pinches to zoom. */
export function wheelIntent(input: WheelInput): WheelIntent {
  const unit = input.deltaMode === 0 ? 1 : PIXELS_A_LINE;
  const [dx, dy] = [input.deltaX * unit, input.deltaY * unit];
  const main = Math.abs(dy) >= Math.abs(dx) ? dy : dx;
  if (input.altKey || input.shiftKey) return { type: "size", factor: Math.exp(-main / 500) };
  // Browsers tell a touch pad's pinch as a wheel with Ctrl, in small steps.
  if (input.ctrlKey || input.metaKey) {
    return { type: "zoom", factor: Math.exp(-dy / (Math.abs(dy) < NOTCH ? 100 : 400)) };
  }
  if (dx !== 0 || Math.abs(dy) < NOTCH) return { type: "pan", dx: -dx, dy: -dy };
  return { type: "zoom", factor: Math.exp(-dy / 400) };
}
