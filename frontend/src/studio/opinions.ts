/** What the network thinks of the photo as it stands: colours for a place, and where it is unsure. */
import { ProblemError } from "../api/http.ts";
import { readDoubt, readSuggestions, type Suggestion } from "../api/opinions.ts";
import { legible } from "../engine/color.ts";
import { type DoubtMap, doubtfulPlaces, largestDoubt, paintDoubt } from "../engine/doubt.ts";
import type { Place } from "../engine/geometry.ts";
import { type Hint, type HintSet, keyOf, pathOf } from "../engine/hints.ts";
import { Latest } from "../engine/latest.ts";

/** What colours are suggested for: a hint, a place to give one, or a place just looked at. */
export type Subject =
  | { readonly type: "hint"; readonly index: number; readonly at: Place }
  | { readonly type: "marked" | "seen"; readonly at: Place };

/** The painted map of doubt: `picture` covers the whole photo. */
export interface Doubt {
  readonly map: DoubtMap;
  readonly largest: number;
  readonly picture: HTMLCanvasElement;
}

export interface OpinionUrls {
  readonly suggestions: string;
  readonly doubt: string;
}

export interface OpinionHooks {
  changed(): void;
  /** The map of doubt could not be had. */
  failed(sentence: string): void;
  /** Nowhere would a hint help much. */
  sure(): void;
  /** Bring a place into sight. */
  jump(to: Place): void;
}

/** The studio's state, as far as opinions depend on it. */
export interface Ground {
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
  /** The hints when it was asked, and those to think the photo coloured with. */
  readonly all: HintSet;
  readonly hints: HintSet;
}

/** After this long, what was refused for the moment is asked again, in ms. */
const RETRY = 600;
/** After an error nothing is asked for this long, in ms. */
const QUIET = 5_000;

export class Opinions {
  colors: readonly Suggestion[] = [];
  doubt: Doubt | null = null;
  /** Whether the map of doubt is wanted over the photo. */
  doubting = false;
  #available: boolean;
  #focus: Focus | null = null;
  /** The place that the colours are for. */
  #answered = "";
  #asked: Question | null = null;
  #largest = 0;
  /** Of the colours that the map is about, and that it was last asked about. */
  #doubtOf = -1;
  #doubtAsked = -1;
  /** How many places "next" has been to, until the map is another one. */
  #visited = 0;
  #nextWanted = false;
  #quietUntil = 0;
  readonly #suggestions: Latest<Question, readonly Suggestion[]>;
  readonly #doubts: Latest<number, DoubtMap>;

  constructor(
    available: boolean,
    urls: OpinionUrls,
    readonly ground: () => Ground,
    readonly hooks: OpinionHooks,
  ) {
    this.#available = available;
    this.#suggestions = new Latest(
      ({ at, hints }) => readSuggestions(urls.suggestions, at, hints),
      (question, colors) => this.#suggested(question, colors),
      (error) => this.#failed(error, "suggestions"),
    );
    this.#doubts = new Latest(
      () => readDoubt(urls.doubt),
      (revision, map) => this.#doubted(revision, map),
      (error) => this.#failed(error, "doubt"),
    );
  }

  /** Whether the photo's model can be asked at all. */
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

  toggleDoubt(wanted = !this.doubting): void {
    this.doubting = wanted && this.available;
    this.follow();
    this.hooks.changed();
  }

  /** Go to the next place where a hint would help; with fresh doubt, once it is there. */
  next(): void {
    if (!this.available) return;
    this.#nextWanted = true;
    this.follow();
    this.#goOn();
  }

  /** Ask what has not been asked about the studio as it stands. */
  follow(): void {
    const { settled, revision } = this.ground();
    if (!this.available || !settled || performance.now() < this.#quietUntil) return;
    this.#followSuggestions();
    if ((this.doubting || this.#nextWanted) && this.#doubtAsked !== revision) {
      this.#doubtAsked = revision;
      this.#doubts.put(revision);
    }
  }

  #followSuggestions(): void {
    const { hints: all } = this.ground();
    const { subject } = this;
    if (!subject) return this.#suggestions.drop();
    const place = placeKey(subject);
    const asked = this.#asked;
    if (asked?.place === place && asked.all === all) return;
    // A hint knows its own colour: what would be there without it?
    const hints = subject.type === "hint" ? all.remove(subject.index) : all;
    const question = { place, at: subject.at, all, hints };
    this.#asked = question;
    if (asked?.place !== place || !asked.hints.equals(hints)) this.#suggestions.put(question);
  }

  #focusOn(focus: Focus | null): void {
    this.#focus = focus;
    this.follow();
    this.hooks.changed();
  }

  #suggested(question: Question, colors: readonly Suggestion[]): void {
    if (question.place !== this.#asked?.place) return;
    this.#answered = question.place;
    // In a dark place all of them would look black, in hand and in the list.
    this.colors = colors.map((one) => ({ ...one, color: legible(one.color) }));
    this.hooks.changed();
  }

  #doubted(revision: number, map: DoubtMap): void {
    // The ramp stays what it was at first: the photo is to look surer with each hint.
    this.#largest ||= largestDoubt(map);
    this.doubt = { map, largest: this.#largest, picture: painted(map, this.#largest) };
    this.#doubtOf = revision;
    this.#visited = 0;
    this.#goOn();
    this.hooks.changed();
  }

  #goOn(): void {
    const { hints, revision } = this.ground();
    if (!this.#nextWanted || !this.doubt || this.#doubtOf !== revision) return;
    this.#nextWanted = false;
    const places = doubtfulPlaces(this.doubt.map, hints);
    const place = places[this.#visited % Math.max(1, places.length)];
    this.#visited += 1;
    if (!place) return this.hooks.sure();
    this.mark(place);
    this.hooks.jump(place);
  }

  #failed(error: unknown, what: "suggestions" | "doubt"): void {
    const code = error instanceof ProblemError ? error.code : "";
    if (code === "no_opinions") {
      this.#available = this.doubting = this.#nextWanted = false;
      return this.hooks.changed();
    }
    if (what === "suggestions") this.#asked = null;
    else this.#doubtAsked = -1;
    const again = code === "superseded" || code === "unanswered";
    if (!again && what === "doubt") {
      this.doubting = this.#nextWanted = false;
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

function painted(map: DoubtMap, largest: number): HTMLCanvasElement {
  const { width, height } = map;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas
    .getContext("2d")
    ?.putImageData(new ImageData(paintDoubt(map, largest), width, height), 0, 0);
  return canvas;
}
