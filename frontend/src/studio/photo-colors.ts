/** The photo's lightness and the newest colours of it, and which hints those colours know. */
import { type ChromaMap, unpackChroma } from "../core/chroma.ts";
import type { Lab } from "../core/color.ts";
import { AS_IT_IS, colorAt, type Lightness, sampleLightness, type Tone } from "../core/compose.ts";
import type { Place } from "../core/geometry.ts";
import { type Controls, type HintSet, keyOf, NEUTRAL } from "../core/hints.ts";
import type { ChromaState } from "../core/protocol.ts";

/** CIELAB a and b of full warmth, as in colorizer/controls.py. */
const WARMTH_A = 5;
const WARMTH_B = 15;
/** Hint sets that are remembered until their colours come. */
const MAX_SETS = 60;

export class PhotoColors {
  chroma: ChromaMap | null = null;
  /** The revision of the colours on screen; -1 before the first. */
  revision = -1;
  /** The name of the model that made them. */
  model = "";
  plane: Lightness | null = null;
  /** Keys of the hints that these colours know. */
  settled: ReadonlySet<string> = new Set();
  /** Those that these colours were made with. */
  #controls: Controls = NEUTRAL;
  #sets = new Map<number, HintSet>();
  #newest = -1;

  /** The hints of a revision, to know them again when its colours come. */
  knows(revision: number, hints: HintSet): void {
    this.#sets.set(revision, hints);
    const [oldest] = this.#sets.keys();
    if (oldest !== undefined && this.#sets.size > MAX_SETS) this.#sets.delete(oldest);
  }

  /**
   * Take colours, unless newer ones are there.
   *
   * @returns whether they are shown now.
   * @throws Error when they cannot be read.
   */
  async take(news: ChromaState): Promise<boolean> {
    if (news.revision < this.#newest) return false;
    this.#newest = news.revision;
    const map = await unpackChroma(news.width, news.height, news.data);
    if (news.revision < this.revision) return false;
    this.chroma = map;
    this.revision = news.revision;
    this.model = news.model;
    const hints = this.#sets.get(news.revision);
    if (hints) {
      this.settled = new Set(hints.hints.map(keyOf));
      this.#controls = hints.controls;
    }
    return true;
  }

  /** What brings the colours on screen near to those that other controls will give. */
  toneFor({ vividness, warmth }: Controls): Tone {
    const made = this.#controls;
    if (vividness === made.vividness && warmth === made.warmth) return AS_IT_IS;
    const gain = 2 ** (vividness - made.vividness);
    const warmer = warmth - made.warmth;
    return { gain, a: warmer * WARMTH_A, b: warmer * WARMTH_B };
  }

  lightnessAt(at: Place): number {
    return this.plane ? sampleLightness(this.plane, at.x, at.y) : 60;
  }

  colorAt(at: Place): Lab {
    return this.plane ? colorAt(this.plane, this.chroma, at.x, at.y) : [60, 0, 0];
  }
}
