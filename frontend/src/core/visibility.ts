/** Whether a colour can show at a place: white sky and deep black have none to give. */
import { hexToLab, labToHex, weakened } from "./color.ts";

export interface Faint {
  /** Why: the place is nearly white, or nearly black. */
  readonly place: "white" | "black";
  /** The nearest colour that the place can show. */
  readonly color: string;
}

/** Colours weaker than this are greys: a place that cannot show them loses nothing. */
const LEAST_CHROMA = 12;
/** Less than this share of the requested strength hardly looks like it. */
const LEAST_SHARE = 0.35;

/**
 * Say what becomes of a colour where hardly anything of it can show.
 *
 * @param lightness L of the place, 0 to 100.
 * @returns null where it shows well enough.
 */
export function faintAt(hex: string, lightness: number): Faint | null {
  const [, a, b] = hexToLab(hex);
  const chroma = Math.hypot(a, b);
  if (chroma < LEAST_CHROMA) return null;
  const shown = weakened([lightness, a, b]);
  if (Math.hypot(shown[1], shown[2]) >= LEAST_SHARE * chroma) return null;
  return { place: lightness > 50 ? "white" : "black", color: labToHex(shown) };
}

/** How far apart two colours lie at least, in CIELAB's a and b, to be told apart as suggestions. */
const LEAST_DISTANCE = 6;

/** Without colours that look like an earlier one of the list. */
export function distinct<T extends { readonly color: string }>(colors: readonly T[]): T[] {
  const kept: { readonly entry: T; readonly ab: readonly [number, number] }[] = [];
  for (const entry of colors) {
    const [, a, b] = hexToLab(entry.color);
    const near = kept.some(({ ab }) => Math.hypot(ab[0] - a, ab[1] - b) < LEAST_DISTANCE);
    if (!near) kept.push({ entry, ab: [a, b] });
  }
  return kept.map(({ entry }) => entry);
}
