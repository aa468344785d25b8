/** The studio's keyboard: commands, held keys, and their release when the window is left. */
import type { PointerInputs } from "../canvas/pointers.ts";
import { toPhoto } from "../core/geometry.ts";
import { unit } from "../core/hints.ts";
import { type Command, commandFor } from "../core/keys.ts";
import { t } from "./messages.ts";
import type { StudioModel } from "./model.ts";
import type { Neighbours } from "./neighbours.ts";

const SIZE_STEP = 1.15;
/** Relative to the photo's longer side. */
const NUDGE = 0.002;
const LARGE_NUDGE = 0.02;
/** How far an arrow moves the place whose thing is outlined. */
const THING_STEP = 0.01;
/** CSS pixels. */
const PAN_STEP = 60;

export class Keyboard {
  readonly #listening = new AbortController();

  constructor(
    readonly model: StudioModel,
    readonly inputs: PointerInputs,
    readonly help: () => void,
    /** Go to the photo before or after this one. */
    readonly turn: (to: keyof Neighbours) => Promise<void>,
  ) {
    const { signal } = this.#listening;
    window.addEventListener("keydown", (event) => this.#down(event), { signal });
    window.addEventListener("keyup", (event) => this.#up(event), { signal });
    window.addEventListener("blur", () => this.#release(), { signal });
  }

  dispose(): void {
    this.#listening.abort();
  }

  #down(event: KeyboardEvent): void {
    if (event.key === "Alt") return this.inputs.modify({ alt: true });
    if (event.isComposing || event.defaultPrevented || writes(event)) return;
    const command = commandFor(event);
    if (!command || document.querySelector("dialog[open]")) return;
    if (this.#belongsToControl(event, command)) return;
    if (this.#run(command, event.shiftKey, event.repeat)) event.preventDefault();
  }

  #up(event: KeyboardEvent): void {
    if (event.key === "Alt") {
      // Windows and Linux browsers would open their menu.
      event.preventDefault();
      this.inputs.modify({ alt: false });
    }
    const command = commandFor({ ...keys(event), ctrlKey: false, metaKey: false, altKey: false });
    if (command === "compare") this.model.setComparing(false);
    if (command === "pan") this.inputs.modify({ space: false });
  }

  #release(): void {
    this.inputs.abort();
    if (this.model.comparing) this.model.setComparing(false);
  }

  /** Space on a button presses it; arrows on a slider move it. */
  #belongsToControl(event: KeyboardEvent, command: Command): boolean {
    const target = event.target instanceof Element ? event.target : null;
    const control = target?.closest("button, a, summary, input, [role=slider], [data-own-keys]");
    if (!control) return false;
    if (command === "pan" || command === "enter") return true;
    return (
      ["left", "right", "up", "down"].includes(command) && control.matches("input, [role=slider]")
    );
  }

  /** @returns whether the key did something here. */
  #run(command: Command, large: boolean, repeat: boolean): boolean {
    const { model } = this;
    switch (command) {
      case "brush":
      case "eraser":
      case "move":
      case "picker":
        model.setTool(command);
        return true;
      case "lasso":
        if (!model.controllable) return false;
        model.setTool(command);
        return true;
      case "outline":
        return this.#outline();
      case "undo":
        model.editor.undo();
        return true;
      case "redo":
        model.editor.redo();
        return true;
      case "smaller":
        if (model.growThing(-1)) return true;
        model.setRadius(model.radius / SIZE_STEP);
        return true;
      case "larger":
        if (model.growThing(1)) return true;
        model.setRadius(model.radius * SIZE_STEP);
        return true;
      case "zoom-in":
        model.viewport.step(1);
        return true;
      case "zoom-out":
        model.viewport.step(-1);
        return true;
      case "fit":
        model.viewport.fit();
        return true;
      case "full":
        model.viewport.full();
        return true;
      case "compare":
        if (!repeat) model.setComparing(true);
        return true;
      case "split":
        if (!repeat) model.toggleComparison();
        return true;
      case "marks":
        if (!repeat) model.toggleMarks();
        return true;
      case "uncertainty":
        if (!repeat) model.predictions.toggleUncertainty();
        return true;
      case "next":
        model.predictions.next();
        return true;
      case "suggestion-1":
      case "suggestion-2":
      case "suggestion-3":
      case "suggestion-4":
      case "suggestion-5":
      case "suggestion-6":
        return model.takeSuggestion(Number(command.at(-1)) - 1);
      case "pan":
        this.inputs.modify({ space: true });
        return true;
      case "select-all":
        model.setTool("move");
        model.editor.selectAll();
        return true;
      case "enter":
        return model.takeThing() || model.gestures.finishOutline();
      case "previous-photo":
      case "next-photo":
        void this.turn(command === "next-photo" ? "next" : "previous");
        return true;
      case "delete":
        return this.#delete();
      case "left":
        return this.#arrow(-1, 0, large);
      case "right":
        return this.#arrow(1, 0, large);
      case "up":
        return this.#arrow(0, -1, large);
      case "down":
        return this.#arrow(0, 1, large);
      case "escape":
        this.#escape();
        return true;
      case "help":
        this.help();
        return true;
    }
  }

  /** Light up the thing at the pointer; without one, in the middle of what is seen. */
  #outline(): boolean {
    const { model, inputs } = this;
    if (!model.controllable) return false;
    model.setTool("outline");
    const { stage, view } = model.viewport;
    const at = inputs.cursor.at ?? { x: stage.width / 2, y: stage.height / 2 };
    model.outliner.look(toPhoto(view, at, model.photo));
    return true;
  }

  #delete(): boolean {
    const { editor, gestures, notices } = this.model;
    if (gestures.takeBackCorner(false)) return true;
    if (editor.selection.size === 0) return false;
    editor.removeChosen();
    notices.announce(t.hintDeleted);
    return true;
  }

  /** From what lies on top: what is open, then what is half done, then what is chosen. */
  #escape(): void {
    const { model } = this;
    if (model.dismiss()) return;
    this.inputs.abort();
    if (model.gestures.takeBackCorner(true)) return;
    if (model.outliner.at) return model.outliner.leave();
    model.editor.select(-1);
    model.predictions.leave();
  }

  /** Arrows move the chosen hint; without one, the picture. */
  #arrow(x: number, y: number, large: boolean): boolean {
    const { editor, outliner, photo, viewport } = this.model;
    if (outliner.at) {
      const step = large ? LARGE_NUDGE : THING_STEP;
      outliner.look({ x: unit(outliner.at.x + x * step), y: unit(outliner.at.y + y * step) });
      return true;
    }
    if (!editor.chosen) {
      viewport.pan(-x * PAN_STEP, -y * PAN_STEP);
      return true;
    }
    const step = (large ? LARGE_NUDGE : NUDGE) * Math.max(photo.width, photo.height);
    editor.nudge((x * step) / photo.width, (y * step) / photo.height);
    return true;
  }
}

function writes(event: KeyboardEvent): boolean {
  const target = event.target;
  if (target instanceof HTMLInputElement) return target.type !== "range";
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

function keys(event: KeyboardEvent) {
  const { key, code, shiftKey } = event;
  return { key, code, shiftKey };
}
