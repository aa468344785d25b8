/**
 * From pointers to intentions: one state machine for mouse, pen and fingers.
 *
 * Rules: the left button, a pen or one finger uses the tool; the middle button, Space or a second
 * finger moves the picture; the right button deletes. Once a pen was seen, fingers only move the
 * picture, so that a resting hand paints nothing. Only a pen's pressure counts: a mouse invents it.
 */
import type { Place } from "./geometry.ts";

export type Tool = "brush" | "eraser" | "move" | "picker" | "lasso" | "outline";
export type PointerKind = "mouse" | "pen" | "touch";

export interface PointerInput extends Place {
  readonly id: number;
  readonly kind: PointerKind;
  /** 0 left, 1 middle, 2 right. */
  readonly button: number;
  readonly shift: boolean;
  readonly alt: boolean;
  /** Of a pen, in [0, 1]. */
  readonly pressure?: number;
}

/** What the machine asks of its surroundings at the moment a pointer goes down. */
export interface Situation {
  readonly tool: Tool;
  readonly space: boolean;
  /** The hint under a place, or -1. */
  hit(at: Place, kind: PointerKind): number;
}

export type Phase = "begin" | "go" | "end" | "cancel";

export type Action =
  | UseAction
  | { type: "drag"; phase: Phase; index: number; dx: number; dy: number }
  /** `more` adds the hint to those chosen, or takes it off. */
  | { type: "select"; index: number; more: boolean }
  | { type: "delete"; index: number }
  | { type: "pan"; dx: number; dy: number }
  /** A place was touched that holds nothing, and the picture was not moved. */
  | { type: "tap"; at: Place }
  | { type: "pinch"; before: readonly [Place, Place]; after: readonly [Place, Place] };

type Use = "stroke" | "erase" | "pick" | "lasso" | "outline";

export interface UseAction {
  readonly type: Use;
  readonly phase: Phase;
  readonly at: Place;
  readonly straight: boolean;
  /** Of a pen, in [0, 1]. */
  readonly pressure?: number;
}

type State =
  | { name: "idle" }
  | { name: "use"; use: Use; id: number; kind: PointerKind; start: Place; last: Place }
  | { name: "drag"; id: number; kind: PointerKind; index: number; start: Place; moved: boolean }
  | { name: "pan"; id: number; last: Place; tapped: Place | null }
  | { name: "pinch"; first: number; second: number };

/** A second finger within this travel turns a stroke into a pinch, in CSS pixels. */
const PINCH_GRACE = 32;
/** A drag begins only beyond this, so that a tap selects without moving, in CSS pixels. */
const DRAG_SLOP = 3;

const USES: Record<Tool, Use | null> = {
  brush: "stroke",
  eraser: "erase",
  picker: "pick",
  lasso: "lasso",
  outline: "outline",
  move: null,
};

export class Gestures {
  #state: State = { name: "idle" };
  #fingers = new Map<number, Place>();
  #penSeen = false;

  get busy(): boolean {
    return this.#state.name !== "idle";
  }

  get penSeen(): boolean {
    return this.#penSeen;
  }

  /** What the pointer is doing now, for the cursor. */
  get activity(): State["name"] {
    return this.#state.name;
  }

  down(input: PointerInput, situation: Situation): Action[] {
    if (input.kind === "pen") this.#penSeen = true;
    if (input.kind === "touch") return this.#finger(input, situation);
    if (this.busy) return input.kind === "pen" ? this.#penOverFingers(input, situation) : [];
    return this.#begin(input, situation);
  }

  move(input: PointerInput): Action[] {
    const state = this.#state;
    const before = this.#fingers.get(input.id);
    if (before) this.#fingers.set(input.id, place(input));
    if (state.name === "pinch") return before ? this.#pinch(state, input, before) : [];
    if (state.name === "idle" || state.id !== input.id) return [];
    if (state.name === "use") {
      this.#state = { ...state, last: place(input) };
      return [use(state.use, "go", input)];
    }
    if (state.name === "pan") {
      const still = state.tapped && !far(state.tapped, input, DRAG_SLOP);
      this.#state = { ...state, last: place(input), tapped: still ? state.tapped : null };
      return [{ type: "pan", dx: input.x - state.last.x, dy: input.y - state.last.y }];
    }
    return this.#drag(state, input);
  }

  up(input: PointerInput): Action[] {
    this.#fingers.delete(input.id);
    return this.#finish(input, "end");
  }

  /** The system took the pointer away: what it was doing is undone. */
  cancel(input: PointerInput): Action[] {
    this.#fingers.delete(input.id);
    return this.#finish(input, "cancel");
  }

  /** Escape, a lost window: end whatever is going on. */
  abort(): Action[] {
    this.#fingers.clear();
    return this.#drop();
  }

  #begin(input: PointerInput, situation: Situation): Action[] {
    const { id, kind } = input;
    const at = place(input);
    if (input.button === 2) {
      const index = situation.hit(at, kind);
      return index < 0 ? [] : [{ type: "delete", index }];
    }
    if (input.button === 1 || situation.space) return this.#pan(id, at);
    if (input.button !== 0) return [];
    const tool = input.alt && situation.tool === "brush" ? "picker" : situation.tool;
    const wanted = USES[tool];
    if (wanted) {
      this.#state = { name: "use", use: wanted, id, kind, start: at, last: at };
      return [use(wanted, "begin", input)];
    }
    const index = situation.hit(at, kind);
    if (index < 0)
      return [{ type: "select", index: -1, more: input.shift }, ...this.#pan(id, at, at)];
    this.#state = { name: "drag", id, kind, index, start: at, moved: false };
    return [{ type: "select", index, more: input.shift }];
  }

  #finger(input: PointerInput, situation: Situation): Action[] {
    const state = this.#state;
    if (state.name === "pinch" || this.#fingers.size >= 2) return [];
    if ((state.name === "use" || state.name === "drag") && state.kind !== "touch") return [];
    const [other] = this.#fingers.keys();
    if (other === undefined) {
      this.#fingers.set(input.id, place(input));
      if (this.#penSeen && situation.tool !== "move") return this.#pan(input.id, place(input));
      return this.#begin({ ...input, button: 0 }, situation);
    }
    if (state.name === "use" && far(state.start, state.last, PINCH_GRACE)) return [];
    this.#fingers.set(input.id, place(input));
    const undone = this.#drop();
    this.#state = { name: "pinch", first: other, second: input.id };
    return undone;
  }

  #penOverFingers(input: PointerInput, situation: Situation): Action[] {
    const undone = this.#drop();
    this.#fingers.clear();
    return [...undone, ...this.#begin(input, situation)];
  }

  #pan(id: number, at: Place, tapped: Place | null = null): Action[] {
    this.#state = { name: "pan", id, last: at, tapped };
    return [];
  }

  #pinch(state: State & { name: "pinch" }, input: PointerInput, before: Place): Action[] {
    const other = this.#fingers.get(input.id === state.first ? state.second : state.first);
    if (!other) return [];
    return [{ type: "pinch", before: [before, other], after: [place(input), other] }];
  }

  #drag(state: State & { name: "drag" }, input: PointerInput): Action[] {
    if (!state.moved && !far(state.start, input, DRAG_SLOP)) return [];
    const phase = state.moved ? "go" : "begin";
    this.#state = { ...state, moved: true };
    const [dx, dy] = [input.x - state.start.x, input.y - state.start.y];
    return [{ type: "drag", phase, index: state.index, dx, dy }];
  }

  #finish(input: PointerInput, phase: "end" | "cancel"): Action[] {
    const state = this.#state;
    if (state.name === "pinch") {
      const left = input.id === state.first ? state.second : state.first;
      const at = this.#fingers.get(left);
      if (input.id !== state.first && input.id !== state.second) return [];
      return at ? this.#pan(left, at) : this.#rest();
    }
    if (state.name === "idle" || state.id !== input.id) return [];
    this.#rest();
    if (state.name === "use") return [use(state.use, phase, input)];
    if (state.name === "pan" && state.tapped && phase === "end") {
      return [{ type: "tap", at: state.tapped }];
    }
    if (state.name === "drag" && state.moved) return [dragEnd(state, phase, input)];
    return [];
  }

  #drop(): Action[] {
    const state = this.#state;
    this.#rest();
    if (state.name === "use") {
      return [{ type: state.use, phase: "cancel", at: state.last, straight: false }];
    }
    if (state.name === "drag" && state.moved) return [dragEnd(state, "cancel", state.start)];
    return [];
  }

  #rest(): Action[] {
    this.#state = { name: "idle" };
    return [];
  }
}

function dragEnd(state: State & { name: "drag" }, phase: Phase, at: Place): Action {
  const [dx, dy] = [at.x - state.start.x, at.y - state.start.y];
  return { type: "drag", phase, index: state.index, dx, dy };
}

function use(type: Use, phase: Phase, input: PointerInput): Action {
  const action = { type, phase, at: place(input), straight: input.shift };
  return input.pressure === undefined ? action : { ...action, pressure: input.pressure };
}

function place(input: Place): Place {
  return { x: input.x, y: input.y };
}

function far(from: Place, to: Place, distance: number): boolean {
  return Math.hypot(to.x - from.x, to.y - from.y) > distance;
}
