/** What the network thinks of the photo as it stands: colours for a place, and where it is unsure. */

import { legible } from "../core/color.ts";
import type { Place } from "../core/geometry.ts";
import { type Hint, type HintSet, keyOf, pathOf } from "../core/hints.ts";
import { LatestOnly } from "../core/latest-only.ts";
import {
  largestUncertainty,
  paintUncertainty,
  type UncertaintyMap,
  uncertainPlaces,
} from "../core/uncertainty.ts";
import { distinct } from "../core/visibility.ts";
import { ProblemError } from "../shared/api/http.ts";
import { readSuggestions, readUncertainty, type Suggestion } from "./prediction-requests.ts";

/** What colours are suggested for: a hint, a place to give one, or a place just looked at. */
export type Subject =
  | { readonly type: "hint"; readonly index: number; readonly at: Place }
  | { readonly type: "marked" | "seen"; readonly at: Place };

/** The painted map of uncertainty: `picture` covers the whole photo. */
export interface Uncertainty {
  readonly map: UncertaintyMap;
  readonly largest: number;
  readonly picture: HTMLCanvasElement;
}

export interface PredictionUrls {
  readonly suggestions: string;
  readonly uncertainty: string;
}

export interface PredictionHooks {
  changed(): void;
  /** Colours for the subject came. */
  suggested(): void;
  /** The map of uncertainty could not be had. */
  failed(sentence: string): void;
  /** Nowhere would a hint help much. */
  sure(): void;
  /** Bring a place into sight. */
  jump(to: Place): void;
}

/** The studio's state, as far as predictions depend on it. */
export interface StudioState {
  readonly hints: HintSet;
  /** The chosen hint, or -1. */
  readonly selected: number;
  /** Of the colours on screen. */
  readonly revision: number;
  /** Whether the server has our hints and we have its colours: then it is the time to ask. */
  readonly settled: boolean;
}

type Focus = Exclude<Subject, { type: "hint" }> | { readonly type: "painted"; readonly hint: Hint };

interface Question {
  readonly place: string;
  readonly at: Place;
  /** The hints when it was requested, and those to think the photo coloured with. */
  readonly all: HintSet;
  readonly hints: HintSet;
}

/** Relative to the photo: nearer places have the same likeliest colours. */
const SAME_PLACE = 0.01;
/** After this long, what was refused for the moment is requested again, in ms. */
const RETRY = 600;
/** After an error nothing is requested for this long, in ms. */
const QUIET = 5_000;

export class Predictions {
  colors: readonly Suggestion[] = [];
  uncertainty: Uncertainty | null = null;
  /** Whether the map of uncertainty is wanted over the photo. */
  showsUncertainty = false;
  #available: boolean;
  #focus: Focus | null = null;
  /** The place that the colours are for. */
  #answered = "";
  #requested: Question | null = null;
  #largest = 0;
  /** Of the colours that the map is about, and that it was last requested about. */
  #uncertaintyOf = -1;
  #uncertaintyRequested = -1;
  /** How many places "next" has been to, until the map is another one. */
  #visited = 0;
  #nextWanted = false;
  #quietUntil = 0;
  readonly #suggestions: LatestOnly<Question, readonly Suggestion[]>;
  readonly #uncertainties: LatestOnly<number, UncertaintyMap>;

  constructor(
    available: boolean,
    urls: PredictionUrls,
    readonly ground: () => StudioState,
    readonly hooks: PredictionHooks,
  ) {
    this.#available = available;
    this.#suggestions = new LatestOnly(
      ({ at, hints }) => readSuggestions(urls.suggestions, at, hints),
      (question, colors) => this.#receiveSuggestions(question, colors),
      (error) => this.#failed(error, "suggestions"),
    );
    this.#uncertainties = new LatestOnly(
      () => readUncertainty(urls.uncertainty),
      (revision, map) => this.#receiveUncertainty(revision, map),
      (error) => this.#failed(error, "uncertainty"),
    );
  }

  /** Whether the photo's model can be requested at all. */
  get available(): boolean {
    return this.#available;
  }

  /** What colours are suggested for now: the chosen hint comes before everything else. */
  get subject(): Subject | null {
    const { hints, selected } = this.ground();
    const chosen = hints.hints[selected];
    if (chosen) return { type: "hint", index: selected, at: middle(chosen) };
    const focus = this.#focus;
    if (focus?.type !== "painted") return focus;
    const key = keyOf(focus.hint);
    const index = hints.hints.findLastIndex((hint) => keyOf(hint) === key);
    return index < 0 ? null : { type: "hint", index, at: middle(focus.hint) };
  }

  /** Whether the colours shown are for the subject, if not for its newest surroundings. */
  get fresh(): boolean {
    const subject = this.subject;
    return subject !== null && this.#answered === placeKey(subject);
  }

  get waiting(): boolean {
    return this.#suggestions.busy;
  }

  /** The colours suggested for a place, if it is the one that they are for. */
  at({ x, y }: Place): readonly Suggestion[] {
    const { subject } = this;
    const near = subject && Math.hypot(subject.at.x - x, subject.at.y - y) < SAME_PLACE;
    return near && this.fresh ? this.colors : [];
  }

  /** The pointer rests on a place. */
  look(at: Place): void {
    this.#focusOn({ type: "seen", at });
  }

  /** A place was picked to give a hint at. */
  mark(at: Place): void {
    this.#focusOn({ type: "marked", at });
  }

  /** A hint was given. */
  painted(hint: Hint | undefined): void {
    if (hint) this.#focusOn({ type: "painted", hint });
  }

  leave(): void {
    this.#focusOn(null);
  }

  toggleUncertainty(wanted = !this.showsUncertainty): void {
    this.showsUncertainty = wanted && this.available;
    this.follow();
    this.hooks.changed();
  }

  /** Go to the next place where a hint would help; with fresh uncertainty, once it is there. */
  next(): void {
    if (!this.available) return;
    this.#nextWanted = true;
    this.follow();
    this.#goOn();
  }

  /** Ask what has not been requested about the studio as it stands. */
  follow(): void {
    const { settled, revision } = this.ground();
    if (!this.available || !settled || performance.now() < this.#quietUntil) return;
    this.#followSuggestions();
    if ((this.showsUncertainty || this.#nextWanted) && this.#uncertaintyRequested !== revision) {
      this.#uncertaintyRequested = revision;
      this.#uncertainties.put(revision);
    }
  }

  #followSuggestions(): void {
    const { hints: all } = this.ground();
    const { subject } = this;
    if (!subject) return this.#suggestions.drop();
    const place = placeKey(subject);
    const requested = this.#requested;
    if (requested?.place === place && requested.all === all) return;
    // A hint knows its own colour: what would be there without it?
    const hints = subject.type === "hint" ? all.remove(subject.index) : all;
    const question = { place, at: subject.at, all, hints };
    this.#requested = question;
    if (requested?.place !== place || !requested.hints.equals(hints))
      this.#suggestions.put(question);
  }

  #focusOn(focus: Focus | null): void {
    this.#focus = focus;
    this.follow();
    this.hooks.changed();
  }

  #receiveSuggestions(question: Question, colors: readonly Suggestion[]): void {
    if (question.place !== this.#requested?.place) return;
    this.#answered = question.place;
    // In a dark place all of them would look black, in hand and in the list.
    this.colors = distinct(colors.map((entry) => ({ ...entry, color: legible(entry.color) })));
    this.hooks.suggested();
    this.hooks.changed();
  }

  #receiveUncertainty(revision: number, map: UncertaintyMap): void {
    // The ramp stays what it was at first: the photo is to look surer with each hint.
    this.#largest ||= largestUncertainty(map);
    this.uncertainty = { map, largest: this.#largest, picture: painted(map, this.#largest) };
    this.#uncertaintyOf = revision;
    this.#visited = 0;
    this.#goOn();
    this.hooks.changed();
  }

  #goOn(): void {
    const { hints, revision } = this.ground();
    if (!this.#nextWanted || !this.uncertainty || this.#uncertaintyOf !== revision) return;
    this.#nextWanted = false;
    const places = uncertainPlaces(this.uncertainty.map, hints);
    const place = places[this.#visited % Math.max(1, places.length)];
    this.#visited += 1;
    if (!place) return this.hooks.sure();
    this.mark(place);
    this.hooks.jump(place);
  }

  #failed(error: unknown, what: "suggestions" | "uncertainty"): void {
    const code = error instanceof ProblemError ? error.code : "";
    if (code === "no_opinions") {
      this.#available = this.showsUncertainty = this.#nextWanted = false;
      return this.hooks.changed();
    }
    if (what === "suggestions") this.#requested = null;
    else this.#uncertaintyRequested = -1;
    const again = code === "superseded" || code === "unanswered";
    if (!again && what === "uncertainty") {
      this.showsUncertainty = this.#nextWanted = false;
      this.hooks.failed(error instanceof ProblemError ? error.detail : "");
    }
    const pause = again ? RETRY : QUIET;
    this.#quietUntil = performance.now() + pause;
    window.setTimeout(() => this.follow(), pause);
    this.hooks.changed();
  }
}

function placeKey({ type, at }: Subject): string {
  return `${type === "hint"}|${at.x.toFixed(3)}|${at.y.toFixed(3)}`;
}

function middle(hint: Hint): Place {
  const path = pathOf(hint);
  const [x, y] = path[Math.floor(path.length / 2)] ?? [0.5, 0.5];
  return { x, y };
}

function painted(map: UncertaintyMap, largest: number): HTMLCanvasElement {
  const { width, height } = map;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas
    .getContext("2d")
    ?.putImageData(new ImageData(paintUncertainty(map, largest), width, height), 0, 0);
  return canvas;
}
