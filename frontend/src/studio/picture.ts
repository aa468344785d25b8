/** The photo's lightness and the newest colours of it, and which hints those colours know. */
import { type ChromaMap, unpackChroma } from "../engine/chroma.ts";
import type { Lab } from "../engine/color.ts";
import { colorAt, type Lightness, sampleLightness } from "../engine/compose.ts";
import type { Place } from "../engine/geometry.ts";
import { type HintSet, keyOf } from "../engine/hints.ts";
import type { ChromaNews } from "../engine/protocol.ts";

/** Hint sets that are remembered until their colours come. */
const MOST_SETS = 60;

export class Picture {
  chroma: ChromaMap | null = null;
  /** The revision of the colours on screen; -1 before the first. */
  revision = -1;
  plane: Lightness | null = null;
  /** Keys of the hints that these colours know. */
  settled: ReadonlySet<string> = new Set();
  #sets = new Map<number, HintSet>();
  #newest = -1;

  /** The hints of a revision, to know them again when its colours come. */
  knows(revision: number, hints: HintSet): void {
    this.#sets.set(revision, hints);
    const [oldest] = this.#sets.keys();
    if (oldest !== undefined && this.#sets.size > MOST_SETS) this.#sets.delete(oldest);
  }

  /**
   * Take colours, unless newer ones are there.
   *
   * @returns whether they are shown now.
   * @throws Error when they cannot be read.
   */
  async take(news: ChromaNews): Promise<boolean> {
    if (news.revision < this.#newest) return false;
    this.#newest = news.revision;
    const map = await unpackChroma(news.width, news.height, news.data);
    if (news.revision < this.revision) return false;
    this.chroma = map;
    this.revision = news.revision;
    const hints = this.#sets.get(news.revision);
    if (hints) this.settled = new Set(hints.hints.map(keyOf));
    return true;
  }

  lightnessAt(at: Place): number {
    return this.plane ? sampleLightness(this.plane, at.x, at.y) : 60;
  }

  colorAt(at: Place): Lab {
    return this.plane ? colorAt(this.plane, this.chroma, at.x, at.y) : [60, 0, 0];
  }
}
