/** Colours to start with, by thing, each from a source that others can look up (/help#colours). */

/** Where a colour comes from, as the help page tells. */
export type Source = "colorchecker" | "monk" | "xkcd";

export interface NamedColor {
  readonly name: string;
  readonly color: string;
}

export interface Starter {
  readonly thing: "skin" | "hair" | "sky" | "plants" | "earth" | "walls" | "wood" | "cloth";
  readonly colors: readonly (NamedColor & { readonly source: Source })[];
}

export const STARTERS: readonly Starter[] = [
  {
    thing: "skin",
    colors: [
      { name: "light-skin", color: "#c79381", source: "colorchecker" },
      { name: "dark-skin", color: "#745143", source: "colorchecker" },
      { name: "monk-1", color: "#f6ede4", source: "monk" },
      { name: "monk-2", color: "#f3e7db", source: "monk" },
      { name: "monk-3", color: "#f7ead0", source: "monk" },
      { name: "monk-4", color: "#eadaba", source: "monk" },
      { name: "monk-5", color: "#d7bd96", source: "monk" },
      { name: "monk-6", color: "#a07e56", source: "monk" },
      { name: "monk-7", color: "#825c43", source: "monk" },
      { name: "monk-8", color: "#604134", source: "monk" },
      { name: "monk-9", color: "#3a312a", source: "monk" },
      { name: "monk-10", color: "#292420", source: "monk" },
      { name: "dusky-rose", color: "#ba6873", source: "xkcd" },
    ],
  },
  {
    thing: "hair",
    colors: [
      { name: "sandy-brown", color: "#c4a661", source: "xkcd" },
      { name: "golden-brown", color: "#b27a01", source: "xkcd" },
      { name: "copper", color: "#b66325", source: "xkcd" },
      { name: "auburn", color: "#9a3001", source: "xkcd" },
      { name: "chestnut", color: "#742802", source: "xkcd" },
      { name: "dark-brown", color: "#341c02", source: "xkcd" },
      { name: "almost-black", color: "#070d0d", source: "xkcd" },
      { name: "silver", color: "#c5c9c7", source: "xkcd" },
    ],
  },
  {
    thing: "sky",
    colors: [
      { name: "blue-sky", color: "#5b7a9c", source: "colorchecker" },
      { name: "sky", color: "#82cafc", source: "xkcd" },
      { name: "light-grey-blue", color: "#9dbcd4", source: "xkcd" },
      { name: "steel-blue", color: "#5a7d9a", source: "xkcd" },
      { name: "dusk", color: "#4e5481", source: "xkcd" },
      { name: "pale-peach", color: "#ffe5ad", source: "xkcd" },
      { name: "sea", color: "#3c9992", source: "xkcd" },
      { name: "ocean", color: "#017b92", source: "xkcd" },
    ],
  },
  {
    thing: "plants",
    colors: [
      { name: "foliage", color: "#5a6c40", source: "colorchecker" },
      { name: "grass", color: "#5cac2d", source: "xkcd" },
      { name: "leaf", color: "#71aa34", source: "xkcd" },
      { name: "fern", color: "#63a950", source: "xkcd" },
      { name: "moss", color: "#769958", source: "xkcd" },
      { name: "sage", color: "#87ae73", source: "xkcd" },
      { name: "olive", color: "#6e750e", source: "xkcd" },
      { name: "pine", color: "#2b5d34", source: "xkcd" },
    ],
  },
  {
    thing: "earth",
    colors: [
      { name: "earth", color: "#a2653e", source: "xkcd" },
      { name: "dirt", color: "#8a6e45", source: "xkcd" },
      { name: "mud", color: "#735c12", source: "xkcd" },
      { name: "clay", color: "#b66a50", source: "xkcd" },
      { name: "sand", color: "#e2ca76", source: "xkcd" },
      { name: "sandstone", color: "#c9ae74", source: "xkcd" },
      { name: "stone", color: "#ada587", source: "xkcd" },
      { name: "slate", color: "#516572", source: "xkcd" },
    ],
  },
  {
    thing: "walls",
    colors: [
      { name: "brick", color: "#a03623", source: "xkcd" },
      { name: "brick-red", color: "#8f1402", source: "xkcd" },
      { name: "terracotta", color: "#ca6641", source: "xkcd" },
      { name: "rust", color: "#a83c09", source: "xkcd" },
      { name: "bronze", color: "#a87900", source: "xkcd" },
      { name: "cream", color: "#ffffc2", source: "xkcd" },
      { name: "greyish", color: "#a8a495", source: "xkcd" },
      { name: "slate-grey", color: "#59656d", source: "xkcd" },
    ],
  },
  {
    thing: "wood",
    colors: [
      { name: "light-brown", color: "#ad8150", source: "xkcd" },
      { name: "dark-tan", color: "#af884a", source: "xkcd" },
      { name: "tan-brown", color: "#ab7e4c", source: "xkcd" },
      { name: "raw-umber", color: "#a75e09", source: "xkcd" },
      { name: "reddish-brown", color: "#7f2b0a", source: "xkcd" },
      { name: "brown", color: "#653700", source: "xkcd" },
      { name: "chocolate-brown", color: "#411900", source: "xkcd" },
      { name: "mahogany", color: "#4a0100", source: "xkcd" },
    ],
  },
  {
    thing: "cloth",
    colors: [
      { name: "grey", color: "#929591", source: "xkcd" },
      { name: "denim", color: "#3b638c", source: "xkcd" },
      { name: "navy-blue", color: "#001146", source: "xkcd" },
      { name: "teal", color: "#029386", source: "xkcd" },
      { name: "bottle-green", color: "#044a05", source: "xkcd" },
      { name: "army-green", color: "#4b5d16", source: "xkcd" },
      { name: "khaki", color: "#aaa662", source: "xkcd" },
      { name: "mustard", color: "#ceb301", source: "xkcd" },
      { name: "camel", color: "#c69f59", source: "xkcd" },
      { name: "scarlet", color: "#be0119", source: "xkcd" },
      { name: "burgundy", color: "#610023", source: "xkcd" },
      { name: "rose-pink", color: "#f7879a", source: "xkcd" },
      { name: "dusty-rose", color: "#c0737a", source: "xkcd" },
      { name: "lilac", color: "#cea2fd", source: "xkcd" },
      { name: "royal-purple", color: "#4b006e", source: "xkcd" },
      { name: "steel-grey", color: "#6f828a", source: "xkcd" },
    ],
  },
];
