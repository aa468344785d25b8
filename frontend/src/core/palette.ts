/** Colours that photographs are made of, and the ones used last. */

export interface NamedColor {
  readonly name: string;
  readonly color: string;
}

/** In rows of eight: people, cloth, nature, built things. Names are keys of the dictionaries. */
export const PALETTE: readonly NamedColor[] = [
  { name: "porcelain", color: "#e3bfa8" },
  { name: "skin", color: "#d3a184" },
  { name: "tan", color: "#b57f5c" },
  { name: "umber", color: "#7d5038" },
  { name: "lips", color: "#b4605e" },
  { name: "blond", color: "#c6a063" },
  { name: "auburn", color: "#7b4527" },
  { name: "grey", color: "#8a8a8a" },
  { name: "scarlet", color: "#c03a30" },
  { name: "wine", color: "#7a2b3c" },
  { name: "rose", color: "#d58b9b" },
  { name: "mustard", color: "#c99a2e" },
  { name: "khaki", color: "#968a5f" },
  { name: "bottle", color: "#2f6b4f" },
  { name: "denim", color: "#4a6a94" },
  { name: "navy", color: "#2f3f73" },
  { name: "sky", color: "#86b5df" },
  { name: "dusk", color: "#d99a78" },
  { name: "sea", color: "#3f7f95" },
  { name: "grass", color: "#7a9a45" },
  { name: "leaf", color: "#4f7a3a" },
  { name: "pine", color: "#395c45" },
  { name: "sand", color: "#d2bb8f" },
  { name: "earth", color: "#85654a" },
  { name: "brick", color: "#a3553f" },
  { name: "wood", color: "#9c6f43" },
  { name: "straw", color: "#d0b15e" },
  { name: "stone", color: "#a39b8b" },
  { name: "slate", color: "#6d7a86" },
  { name: "brass", color: "#b08d4a" },
  { name: "copper", color: "#b26f4a" },
  { name: "violet", color: "#7d679f" },
];

export const RECENT_COUNT = 8;

/** The newest first, each once. */
export function remember(recent: readonly string[], color: string): string[] {
  return [color, ...recent.filter((old) => old !== color)].slice(0, RECENT_COUNT);
}
