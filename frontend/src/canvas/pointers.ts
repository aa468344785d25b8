/** The stage's pointers and wheel, handed to the gesture machine and its actions to the studio. */
import type { Place } from "../core/geometry.ts";
import {
  type Action,
  Gestures,
  type PointerInput,
  type PointerKind,
  type Tool,
} from "../core/gestures.ts";
import { wheelIntent } from "../core/keys.ts";
import type { StageModel } from "./stage-model.ts";

/** A pointer that rests this long over the photo is about to give a hint, in ms. */
const REST = 220;

export type CursorShape = Tool | "over" | "pan" | "panning";

export class PointerInputs {
  readonly #gestures = new Gestures();
  readonly #listening = new AbortController();
  #at: Place | null = null;
  #alt = false;
  #space = false;
  #resting = 0;

  constructor(
    readonly target: HTMLElement,
    readonly model: StageModel,
    readonly redraw: () => void,
  ) {
    const { signal } = this.#listening;
    const on = <K extends keyof HTMLElementEventMap>(
      name: K,
      listener: (event: HTMLElementEventMap[K]) => void,
    ) => target.addEventListener(name, listener, { signal, passive: false });
    on("pointerdown", (event) => this.#down(event));
    on("pointermove", (event) => this.#move(event));
    on("pointerup", (event) => this.#up(event));
    on("pointercancel", (event) => this.#leave(this.#gestures.cancel(input(event, target))));
    on("pointerleave", () => !this.#gestures.busy && this.#leave([]));
    on("wheel", (event) => this.#wheel(event));
    // The middle button would scroll by itself.
    on("mousedown", (event) => event.button === 1 && event.preventDefault());
    on("contextmenu", (event) => event.preventDefault());
  }

  dispose(): void {
    this.#listening.abort();
    window.clearTimeout(this.#resting);
  }

  get busy(): boolean {
    return this.#gestures.busy;
  }

  /** What to draw at the pointer. */
  get cursor(): { at: Place | null; shape: CursorShape } {
    return { at: this.#at, shape: this.#shape() };
  }

  /** Keys that change what a pointer does. */
  modify(held: { alt?: boolean; space?: boolean }): void {
    this.#alt = held.alt ?? this.#alt;
    this.#space = held.space ?? this.#space;
    this.#show();
  }

  /** Escape or a lost window: undo what is half done, forget held keys. */
  abort(): void {
    this.#act(this.#gestures.abort());
    this.modify({ alt: false, space: false });
  }

  #down(event: PointerEvent): void {
    const { model } = this;
    window.clearTimeout(this.#resting);
    // The press that closes a menu, a dialog or a panel paints nothing.
    if (model.dismiss()) return;
    this.#at = event.pointerType === "touch" ? null : input(event, this.target);
    const actions = this.#gestures.down(input(event, this.target), {
      tool: model.tools.tool,
      space: this.#space,
      hit: (at, kind) => model.hit(at, kind),
    });
    if (this.#gestures.busy) this.target.setPointerCapture(event.pointerId);
    this.#act(actions);
  }

  #move(event: PointerEvent): void {
    const here = input(event, this.target);
    this.#at = event.pointerType === "touch" ? null : here;
    const fine = this.#gestures.activity === "use" ? event.getCoalescedEvents?.() : undefined;
    for (const step of fine?.length ? fine : [event]) {
      this.#act(this.#gestures.move(input(step, this.target)));
    }
    if (!this.#gestures.busy && event.pointerType !== "touch") this.#hover(here);
    this.redraw();
  }

  #up(event: PointerEvent): void {
    this.#act(this.#gestures.up(input(event, this.target)));
  }

  #leave(actions: Action[]): void {
    this.#at = null;
    window.clearTimeout(this.#resting);
    this.model.hover(-1);
    this.#act(actions);
  }

  #hover(at: Place): void {
    const { model } = this;
    model.hover(model.tools.tool === "move" ? model.hit(at, "mouse") : -1);
    window.clearTimeout(this.#resting);
    const { tool } = model.tools;
    const asks = model.looks && (tool === "brush" || tool === "picker");
    if (!asks && tool !== "outline") return;
    this.#resting = window.setTimeout(() => model.look(at), REST);
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const { model } = this;
    if (!event.ctrlKey && !event.metaKey && model.growThing(-Math.sign(event.deltaY))) return;
    const intent = wheelIntent(event);
    if (intent.type === "pan") model.viewport.pan(intent.dx, intent.dy);
    else if (intent.type === "size") model.setRadius(model.radius * intent.factor);
    else model.viewport.zoom(intent.factor, place(event, this.target));
  }

  #act(actions: Action[]): void {
    for (const action of actions) this.model.act(action);
    this.#show();
  }

  #show(): void {
    this.target.dataset.cursor = this.#shape();
    this.redraw();
  }

  #shape(): CursorShape {
    const { tool } = this.model.tools;
    const { activity } = this.#gestures;
    if (activity === "pan" || activity === "drag") return "panning";
    if (this.#space) return "pan";
    if (tool === "move") return this.model.hovered >= 0 ? "over" : "pan";
    return this.#alt && tool === "brush" ? "picker" : tool;
  }
}

function input(event: PointerEvent, target: HTMLElement): PointerInput {
  const kind = event.pointerType;
  return {
    ...place(event, target),
    id: event.pointerId,
    kind: (kind === "pen" || kind === "touch" ? kind : "mouse") satisfies PointerKind,
    // A Mac's Ctrl-click is its right click.
    button: event.button === 0 && event.ctrlKey ? 2 : event.button,
    shift: event.shiftKey,
    alt: event.altKey,
    ...(kind === "pen" && event.pressure > 0 ? { pressure: event.pressure } : {}),
  };
}

function place(event: MouseEvent, target: HTMLElement): Place {
  const box = target.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}
