/** Tap-to-outline: the thing at a place lights up, grows and shrinks, and becomes a region. */
import { inside, type Place } from "../core/geometry.ts";
import type { Point } from "../core/hints.ts";
import { LatestOnly } from "../core/latest-only.ts";
import { holds } from "../core/regions.ts";
import { ProblemError, requestJson } from "../shared/api/http.ts";

export interface OutlinerHooks {
  changed(): void;
  failed(sentence: string): void;
}

interface Question {
  readonly at: Place;
  readonly size: number;
}

/** What a wheel's notch or a key changes the size by; all sizes are from 0 to 1. */
export const SIZE_STEP = 0.05;
const INITIAL_SIZE = 0.5;
/** After this long, what was refused for the moment is asked again, in ms. */
const RETRY = 600;

export class Outliner {
  /** The place, relative to the photo, whose thing is wanted. */
  at: Place | null = null;
  size = INITIAL_SIZE;
  /** The thing's outline; empty until it is known. */
  points: readonly Point[] = [];
  readonly #requests: LatestOnly<Question, { points: readonly Point[] }>;

  constructor(
    readonly url: string,
    readonly hooks: OutlinerHooks,
  ) {
    this.#requests = new LatestOnly(
      ({ at, size }) => requestJson("GET", `${url}?x=${at.x}&y=${at.y}&size=${size}`),
      (_, { points }) => this.#receive(points),
      (error) => this.#failed(error),
    );
  }

  get waiting(): boolean {
    return this.#requests.busy;
  }

  /** Light up the thing at a place. */
  look(at: Place): void {
    if (!inside(at)) return;
    this.at = at;
    this.#ask();
  }

  /** Whether a place lies in what is lit up. */
  holds({ x, y }: Place): boolean {
    return holds(this.points, [x, y]);
  }

  /** @param size 0, what is most like the place, to 1, all that is somewhat like it. */
  resize(size: number): void {
    this.size = Math.min(1, Math.max(0, Math.round(size * 100) / 100));
    this.#ask();
  }

  /** @returns the outline that is lit up, which goes out. */
  take(): readonly Point[] {
    const { points } = this;
    this.leave();
    return points;
  }

  leave(): void {
    this.at = null;
    this.points = [];
    this.#requests.drop();
    this.hooks.changed();
  }

  #ask(): void {
    if (this.at) this.#requests.put({ at: this.at, size: this.size });
    this.hooks.changed();
  }

  #receive(points: readonly Point[]): void {
    // One that the hand has left already is shown until the newer one comes.
    if (!this.at) return;
    this.points = points;
    this.hooks.changed();
  }

  #failed(error: unknown): void {
    const problem = error instanceof ProblemError ? error : null;
    const again = problem?.code === "superseded" || problem?.code === "unanswered";
    if (again) window.setTimeout(() => this.#ask(), RETRY);
    else this.hooks.failed(problem?.detail ?? "");
  }
}
