/** The studio's keyboard: commands, held keys, and their release when the window is left. */
import type { PointerInputs } from "../canvas/pointers.ts";
import { type Command, commandFor } from "../engine/keys.ts";
import type { StudioModel } from "./model.ts";

const SIZE_STEP = 1.15;
/** Relative to the photo's longer side. */
const NUDGE = 0.002;
const LARGE_NUDGE = 0.02;
/** CSS pixels. */
const PAN_STEP = 60;

export class Keyboard {
  readonly #listening = new AbortController();

  constructor(
    readonly model: StudioModel,
    readonly inputs: PointerInputs,
    readonly help: () => void,
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
    if (command === "pan") return true;
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
      case "undo":
        model.hinting.undo();
        return true;
      case "redo":
        model.hinting.redo();
        return true;
      case "smaller":
        model.setRadius(model.radius / SIZE_STEP);
        return true;
      case "larger":
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
      case "marks":
        if (!repeat) model.toggleMarks();
        return true;
      case "doubt":
        if (!repeat) model.opinions.toggleDoubt();
        return true;
      case "next":
        model.opinions.next();
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
      case "delete":
        if (model.hinting.selected < 0) return false;
        model.removeHint(model.hinting.selected);
        return true;
      case "left":
        return this.#arrow(-1, 0, large);
      case "right":
        return this.#arrow(1, 0, large);
      case "up":
        return this.#arrow(0, -1, large);
      case "down":
        return this.#arrow(0, 1, large);
      case "escape":
        this.inputs.abort();
        model.hinting.select(-1);
        model.opinions.leave();
        model.togglePanel(false);
        return true;
      case "help":
        this.help();
        return true;
    }
  }

  /** Arrows move the chosen hint; without one, the picture. */
  #arrow(x: number, y: number, large: boolean): boolean {
    const { hinting, photo, viewport } = this.model;
    if (!hinting.chosen) {
      viewport.pan(-x * PAN_STEP, -y * PAN_STEP);
      return true;
    }
    const step = (large ? LARGE_NUDGE : NUDGE) * Math.max(photo.width, photo.height);
    hinting.nudge((x * step) / photo.width, (y * step) / photo.height);
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
