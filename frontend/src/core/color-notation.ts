/** Colours as people write them: #7a4b2c, rgb(122 75 44), lab(36 17 24). */
import { hexToLab, hexToRgb, labToHex, normalHex, rgbToHex, weakened } from "./color.ts";

export const NOTATIONS = ["hex", "rgb", "lab"] as const;
export type Notation = (typeof NOTATIONS)[number];

/** @returns "#rrggbb"; null for what is no colour. A Lab colour that sRGB lacks is weakened. */
export function readColor(text: string): string | null {
  const hex = normalHex(text);
  if (hex) return hex;
  const [, name, inside = ""] = /^\s*(rgb|lab)a?\s*\(([^)]*)\)\s*$/i.exec(text) ?? [];
  const numbers = inside.split(/[\s,/]+/).filter((part) => part !== "");
  const values = numbers.slice(0, 3).map((part) => Number(part.replace(/%$/, "")));
  const [x, y, z] = values;
  if (!name || x === undefined || y === undefined || z === undefined) return null;
  if (!values.every(Number.isFinite)) return null;
  if (name.toLowerCase() === "rgb") {
    return values.every((value) => value >= 0 && value <= 255)
      ? rgbToHex([x / 255, y / 255, z / 255])
      : null;
  }
  return x >= 0 && x <= 100 ? labToHex(weakened([x, y, z])) : null;
}

export function writeColor(hex: string, notation: Notation): string {
  if (notation === "hex") return hex;
  const values = notation === "rgb" ? hexToRgb(hex).map((value) => value * 255) : hexToLab(hex);
  return `${notation}(${values.map((value) => Math.round(value) + 0).join(" ")})`;
}
