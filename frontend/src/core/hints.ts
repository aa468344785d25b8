/** The hint set: what a user painted, as vectors in photo coordinates (a public contract). */
import { type Hint, inRegion, keyOf, pathOf, type Region } from "./hint.ts";
import { type Controls, NEUTRAL, readHintSet } from "./hint-reader.ts";

export * from "./hint.ts";
export { type Controls, HintError, MAX_REFERENCES, NEUTRAL } from "./hint-reader.ts";

export interface HintSetJson extends Partial<Controls> {
  version: 1 | 2;
  hints: Hint[];
  regions?: Region[];
}

/** The same limits as colorizer/hints.py; the server refuses what is beyond them. */
export interface HintLimits {
  readonly maxHints: number;
  readonly maxStrokePoints: number;
  readonly maxTotalPoints: number;
  readonly maxRegions: number;
  readonly maxRegionPoints: number;
}

export const DEFAULT_LIMITS: HintLimits = {
  maxHints: 1000,
  maxStrokePoints: 2000,
  maxTotalPoints: 20000,
  maxRegions: 100,
  maxRegionPoints: 2000,
};

export type Excess = "hints" | "points" | "regions";

/** Immutable: hints, of which later ones win where they overlap, regions, and the whole's controls. */
export class HintSet {
  static readonly empty = new HintSet([]);
  #text: string | undefined;

  constructor(
    readonly hints: readonly Hint[],
    readonly regions: readonly Region[] = [],
    readonly controls: Controls = NEUTRAL,
  ) {}

  get size(): number {
    return this.hints.length;
  }

  /** Whether there is nothing that could be lost. */
  get isEmpty(): boolean {
    return this.equals(HintSet.empty);
  }

  add(...added: Hint[]): HintSet {
    return this.withHints([...this.hints, ...added]);
  }

  replace(index: number, hint: Hint): HintSet {
    return this.withHints(this.hints.map((old, at) => (at === index ? hint : old)));
  }

  remove(...indices: number[]): HintSet {
    const gone = new Set(indices);
    return this.withHints(this.hints.filter((_, at) => !gone.has(at)));
  }

  withHints(hints: readonly Hint[]): HintSet {
    return new HintSet(hints, this.regions, this.controls);
  }

  /** Add another set's hints in their regions; an empty set takes its controls over, too. */
  join(other: HintSet): HintSet {
    const first = this.regions.length;
    const hints = other.hints.map((hint) =>
      inRegion(hint, hint.region === undefined ? undefined : first + hint.region),
    );
    return new HintSet(
      [...this.hints, ...hints],
      [...this.regions, ...other.regions],
      this.isEmpty ? other.controls : this.controls,
    );
  }

  addRegion(region: Region): HintSet {
    return new HintSet(this.hints, [...this.regions, region], this.controls);
  }

  replaceRegion(index: number, region: Region): HintSet {
    const regions = this.regions.map((old, at) => (at === index ? region : old));
    return new HintSet(this.hints, regions, this.controls);
  }

  /** Take a region away; its hints act everywhere again. */
  removeRegion(index: number): HintSet {
    const moved = (region: number | undefined) =>
      region === undefined || region === index ? undefined : region - Number(region > index);
    return new HintSet(
      this.hints.map((hint) => inRegion(hint, moved(hint.region))),
      this.regions.filter((_, at) => at !== index),
      this.controls,
    );
  }

  control(change: Partial<Controls>): HintSet {
    return new HintSet(this.hints, this.regions, { ...this.controls, ...change });
  }

  equals(other: HintSet): boolean {
    return this === other || this.text === other.text;
  }

  /** What there is too much of to be sent, or null. */
  excess(limits: HintLimits): Excess | null {
    if (this.hints.length > limits.maxHints) return "hints";
    const crowded = this.regions.some(({ points }) => points.length > limits.maxRegionPoints);
    if (this.regions.length > limits.maxRegions || crowded) return "regions";
    let total = this.regions.reduce((sum, { points }) => sum + points.length, 0);
    for (const hint of this.hints) {
      const count = pathOf(hint).length;
      if (count > limits.maxStrokePoints) return "points";
      total += count;
    }
    return total > limits.maxTotalPoints ? "points" : null;
  }

  /** Of version 1 where nothing of version 2 is used: every server reads that. */
  toJSON(): HintSetJson {
    const hints = [...this.hints];
    const { reach, vividness, warmth, references, strength } = this.controls;
    const used: Omit<HintSetJson, "version" | "hints"> = {
      ...(reach === NEUTRAL.reach ? {} : { reach }),
      ...(vividness === NEUTRAL.vividness ? {} : { vividness }),
      ...(warmth === NEUTRAL.warmth ? {} : { warmth }),
      ...(references.length === 0 ? {} : { references, strength }),
      ...(this.regions.length === 0 ? {} : { regions: [...this.regions] }),
    };
    return Object.keys(used).length === 0 ? { version: 1, hints } : { version: 2, ...used, hints };
  }

  /** Canonical text, for comparison. */
  get text(): string {
    const { reach, vividness, warmth, references, strength } = this.controls;
    this.#text ??= [
      this.hints.map(keyOf).join(),
      this.regions.map(keyOf).join(),
      `${reach} ${vividness} ${warmth} ${references.join("+")} ${references.length && strength}`,
    ].join("|");
    return this.#text;
  }

  /**
   * Read a hint set that came from outside.
   *
   * @throws HintError with a sentence when it is not one.
   */
  static parse(value: unknown): HintSet {
    const { hints, regions, controls } = readHintSet(value);
    return new HintSet(hints, regions, controls);
  }
}

/**
 * Join what two windows did to the same hint set, so that neither loses its work.
 *
 * What was added here since `base` is put on top of `remote`, if it is not there already; what was
 * removed here goes from it; a control that was moved here stays where it was put.
 */
export function merge(base: HintSet, local: HintSet, remote: HintSet): HintSet {
  if (remote.equals(base)) return local;
  const regions = mergeLists(base.regions, local.regions, remote.regions, keyOf);
  const key = (set: HintSet) => (hint: Hint) => freeKey(hint, set.regions);
  const [inBase, inLocal, inRemote] = [key(base), key(local), key(remote)];
  const keyed = (set: HintSet, of: (hint: Hint) => string) =>
    set.hints.map((hint) => ({ hint, key: of(hint), region: set.regions[hint.region ?? -1] }));
  const hints = mergeLists(
    keyed(base, inBase),
    keyed(local, inLocal),
    keyed(remote, inRemote),
    (entry) => entry.key,
  );
  const places = new Map(regions.map((region, index) => [keyOf(region), index]));
  const joined = hints.map(({ hint, region }) =>
    inRegion(hint, region === undefined ? undefined : places.get(keyOf(region))),
  );
  return new HintSet(joined, regions, mergeControls(base, local, remote));
}

function mergeControls(base: HintSet, local: HintSet, remote: HintSet): Controls {
  const same = <K extends keyof Controls>(name: K) =>
    String(local.controls[name]) === String(base.controls[name]);
  const pick = <K extends keyof Controls>(name: K): Controls[K] =>
    (same(name) ? remote : local).controls[name];
  return {
    reach: pick("reach"),
    vividness: pick("vividness"),
    warmth: pick("warmth"),
    references: pick("references"),
    strength: pick("strength"),
  };
}

/** A hint's key in which its region stands for itself, whatever its number. */
function freeKey(hint: Hint, regions: readonly Region[]): string {
  const region = regions[hint.region ?? -1];
  return region ? `${keyOf(inRegion(hint, undefined))}${keyOf(region)}` : keyOf(hint);
}

function mergeLists<T>(
  base: readonly T[],
  local: readonly T[],
  remote: readonly T[],
  key: (value: T) => string,
): T[] {
  const before = counts(base, key);
  const now = counts(local, key);
  const removed = difference(before, now);
  const added = difference(difference(now, before), difference(counts(remote, key), before));
  const left = remote.filter((value) => !take(removed, key(value)));
  const fresh = local.filter((value) => take(added, key(value)));
  return [...left, ...fresh];
}

function counts<T>(values: readonly T[], key: (value: T) => string): Map<string, number> {
  const found = new Map<string, number>();
  for (const value of values) found.set(key(value), (found.get(key(value)) ?? 0) + 1);
  return found;
}

function difference(from: Map<string, number>, minus: Map<string, number>): Map<string, number> {
  const left = (name: string, count: number) => Math.max(0, count - (minus.get(name) ?? 0));
  return new Map([...from].map(([name, count]) => [name, left(name, count)]));
}

function take(from: Map<string, number>, name: string): boolean {
  const left = from.get(name) ?? 0;
  if (left > 0) from.set(name, left - 1);
  return left > 0;
}
