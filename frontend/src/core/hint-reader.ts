/** Reading hint sets that came from outside: of either version, with suspicion. */
import { type Hint, MAX_RADIUS, MAX_REGION_NAME, type Point, type Region } from "./hint.ts";

/** Says in a sentence what is wrong with a hint set. */
export class HintError extends Error {}

/** What is set for the whole photo. */
export interface Controls {
  /** How far hints act: 0 "this thing" to 1 "everywhere like it". */
  readonly reach: number;
  /** Strength of the colours that no hint decides, 0 to 2. */
  readonly vividness: number;
  /** -1 cooler to 1 warmer. */
  readonly warmth: number;
  /** Ids of photos whose colours it takes where no hint decides, and how much of them, 0 to 1. */
  readonly references: readonly string[];
  readonly strength: number;
}

export const NEUTRAL: Controls = {
  reach: 0.5,
  vividness: 1,
  warmth: 0,
  references: [],
  strength: 1,
};

export const MAX_REFERENCES = 8;

export interface HintSetParts {
  readonly hints: readonly Hint[];
  readonly regions: readonly Region[];
  readonly controls: Controls;
}

/** @throws HintError with a sentence when the value is no hint set of version 1 or 2. */
export function readHintSet(value: unknown): HintSetParts {
  const set = record(value, "A hint set is an object.");
  if (set.version !== 1 && set.version !== 2) {
    throw new HintError("This hint set's version is not known here.");
  }
  if (!Array.isArray(set.hints)) throw new HintError("A hint set has a list of hints.");
  const regions = set.version === 2 ? list(set.regions).map(readRegion) : [];
  const hints = set.hints.map((hint) => readHint(hint, set.version === 2 ? regions.length : null));
  const controls = set.version === 2 ? readControls(set) : NEUTRAL;
  return { hints, regions, controls };
}

function readControls(set: Fields): Controls {
  const share = (name: Exclude<keyof Controls, "references">, low: number, high: number) => {
    const found = set[name];
    if (found === undefined) return NEUTRAL[name];
    if (typeof found !== "number" || !(found >= low && found <= high)) {
      throw new HintError(`${name} is a number from ${low} to ${high}.`);
    }
    return found;
  };
  return {
    reach: share("reach", 0, 1),
    vividness: share("vividness", 0, 2),
    warmth: share("warmth", -1, 1),
    references: readReferences(set.references),
    strength: share("strength", 0, 1),
  };
}

function readReferences(value: unknown): readonly string[] {
  if (value === undefined) return NEUTRAL.references;
  const found = Array.isArray(value) ? value : [null];
  if (found.length > MAX_REFERENCES || found.some((id) => typeof id !== "string")) {
    throw new HintError(`References are the ids of up to ${MAX_REFERENCES} photos.`);
  }
  return found;
}

function readRegion(value: unknown): Region {
  const { name = "", points } = record(value, "A region is an object.");
  if (typeof name !== "string" || name.length > MAX_REGION_NAME) {
    throw new HintError(`A region's name has at most ${MAX_REGION_NAME} letters.`);
  }
  if (!Array.isArray(points) || points.length < 3) {
    throw new HintError("A region has at least three points.");
  }
  return { name, points: points.map(readPoint) };
}

/** @param regions how many there are; null where hints have none. */
function readHint(value: unknown, regions: number | null): Hint {
  const hint = record(value, "A hint is an object.");
  const radius = number(hint.radius, "radius");
  if (radius <= 0 || radius > MAX_RADIUS) throw new HintError("A hint's radius is out of range.");
  const color = hint.color;
  if (typeof color !== "string" || !/^#[0-9a-fA-F]{6}$/.test(color)) {
    throw new HintError("A hint's colour is written like #7a4b2c.");
  }
  const mark = { radius, color, ...readMembership(hint.region, regions) };
  if (hint.type === "point") {
    return { type: "point", x: coordinate(hint.x), y: coordinate(hint.y), ...mark };
  }
  if (hint.type === "stroke" && Array.isArray(hint.points) && hint.points.length > 0) {
    return { type: "stroke", points: hint.points.map(readPoint), ...mark };
  }
  throw new HintError("A hint is a point or a stroke.");
}

function readMembership(region: unknown, regions: number | null): { region?: number } {
  if (region === undefined || region === null || regions === null) return {};
  if (!Number.isInteger(region) || (region as number) < 0 || (region as number) >= regions) {
    throw new HintError("A hint names a region that is not there.");
  }
  return { region: region as number };
}

function readPoint(value: unknown): Point {
  if (!Array.isArray(value) || value.length !== 2) throw new HintError("A point has x and y.");
  return [coordinate(value[0]), coordinate(value[1])];
}

function coordinate(value: unknown): number {
  const read = number(value, "coordinate");
  if (read < 0 || read > 1) throw new HintError("A hint lies outside the photo.");
  return read;
}

function number(value: unknown, name: string): number {
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new HintError(`A hint's ${name} is a number.`);
  }
  return value;
}

function list(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new HintError("Regions are a list.");
  return value;
}

type Fields = Record<string, unknown>;

function record(value: unknown, sentence: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new HintError(sentence);
  }
  return value as Fields;
}
