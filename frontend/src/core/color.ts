/**
 * sRGB and CIELAB (D65, 2 degrees), with scikit-image's constants, as colorizer/color.py uses them:
 * the browser must show what the server will render.
 */

export type Rgb = readonly [r: number, g: number, b: number];
export type Lab = readonly [l: number, a: number, b: number];

const WHITE_X = 0.95047;
const WHITE_Z = 1.08883;

/** sRGB in [0, 1] from a transfer-encoded value. */
export function toLinear(value: number): number {
  return value > 0.04045 ? ((value + 0.055) / 1.055) ** 2.4 : value / 12.92;
}

export function fromLinear(value: number): number {
  return value > 0.0031308 ? 1.055 * value ** (1 / 2.4) - 0.055 : value * 12.92;
}

/** @param rgb transfer-encoded, each in [0, 1]. */
export function rgbToLab(rgb: Rgb): Lab {
  const [r, g, b] = [toLinear(rgb[0]), toLinear(rgb[1]), toLinear(rgb[2])];
  const x = forward((0.412453 * r + 0.35758 * g + 0.180423 * b) / WHITE_X);
  const y = forward(0.212671 * r + 0.71516 * g + 0.072169 * b);
  const z = forward((0.019334 * r + 0.119193 * g + 0.950227 * b) / WHITE_Z);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** Linear light; outside [0, 1] where the colour has no place in sRGB. */
export function labToLinear(lab: Lab): [number, number, number] {
  const fy = (lab[0] + 16) / 116;
  const x = backward(fy + lab[1] / 500) * WHITE_X;
  const y = backward(fy);
  const z = backward(Math.max(0, fy - lab[2] / 200)) * WHITE_Z;
  return [
    3.24048134 * x - 1.53715152 * y - 0.49853633 * z,
    -0.96925495 * x + 1.87599 * y + 0.04155593 * z,
    0.05564664 * x - 0.20404134 * y + 1.05731107 * z,
  ];
}

/** Transfer-encoded sRGB, clipped to [0, 1]. */
export function labToRgb(lab: Lab): Rgb {
  const [r, g, b] = labToLinear(lab);
  return [encode(r), encode(g), encode(b)];
}

/** How far beyond [0, 1] linear light may lie and still count as shown. */
export const GAMUT_SLACK = 3e-4;
/** Bisections towards the edge of the gamut. */
export const WEAKENINGS = 8;

export function inGamut(lab: Lab, slack = GAMUT_SLACK): boolean {
  const [r, g, b] = labToLinear(lab);
  return Math.min(r, g, b) >= -slack && Math.max(r, g, b) <= 1 + slack;
}

/**
 * The strongest colour of the same lightness and hue that sRGB can show.
 *
 * As join_lightness of colorizer/color.py: a colour too strong for its lightness is weakened, not
 * clipped, so that the photo's own lightness stays what it was.
 */
export function weakened(lab: Lab): Lab {
  if (inGamut(lab)) return lab;
  let [low, high] = [0, 1];
  for (let step = 0; step < WEAKENINGS; step++) {
    const middle = (low + high) / 2;
    if (inGamut([lab[0], lab[1] * middle, lab[2] * middle])) low = middle;
    else high = middle;
  }
  return [lab[0], lab[1] * low, lab[2] * low];
}

/** The largest chroma of a hue (radians in the ab plane) that sRGB can show at a lightness. */
export function largestChroma(lightness: number, hue: number): number {
  const [cos, sin] = [Math.cos(hue), Math.sin(hue)];
  let low = 0;
  let high = 140;
  for (let step = 0; step < 16; step++) {
    const middle = (low + high) / 2;
    if (inGamut([lightness, middle * cos, middle * sin])) low = middle;
    else high = middle;
  }
  return low;
}

/** A wanted colour as a pixel of this lightness can show it: hue stays, chroma gives way. */
export function atLightness(hex: string, lightness: number): string {
  const [, a, b] = hexToLab(hex);
  return labToHex(weakened([lightness, a, b]));
}

/** Darker or brighter, one could not tell colours from each other. */
const DARKEST = 38;
const BRIGHTEST = 84;

/** The same a and b at a lightness that shows them. */
export function legible(hex: string): string {
  return atLightness(hex, Math.min(BRIGHTEST, Math.max(DARKEST, hexToLab(hex)[0])));
}

export function hexToLab(hex: string): Lab {
  return rgbToLab(hexToRgb(hex));
}

export function labToHex(lab: Lab): string {
  return rgbToHex(labToRgb(lab));
}

/** @param hex "#rrggbb". */
export function hexToRgb(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [((value >> 16) & 255) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

export function rgbToHex(rgb: Rgb): string {
  const digits = rgb.map((value) =>
    Math.round(value * 255)
      .toString(16)
      .padStart(2, "0"),
  );
  return `#${digits.join("")}`;
}

/** "#abc", "abc", "#AABBCC" and "aabbcc" all become "#aabbcc"; anything else is null. */
export function normalHex(text: string): string | null {
  const found = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim())?.[1]?.toLowerCase();
  if (!found) return null;
  return found.length === 6 ? `#${found}` : `#${[...found].map((digit) => digit + digit).join("")}`;
}

function forward(t: number): number {
  return t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116;
}

function backward(t: number): number {
  return t > 0.2068966 ? t * t * t : (t - 16 / 116) / 7.787;
}

function encode(linear: number): number {
  return Math.min(1, Math.max(0, fromLinear(linear)));
}
