import type { Look, LookedSeries, Marker } from "./chart-data.ts";

const SVG = "http://www.w3.org/2000/svg";
const PATHS: Record<Marker, string> = {
  circle: "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0",
  rect: "M-3-3h6v6h-6z",
  triangle: "M0-4 3.5 2h-7z",
  rectRot: "M0-4 4 0 0 4-4 0z",
  crossRot: "M-3-3 3 3M-3 3 3-3",
  star: "M-3-3 3 3M-3 3 3-3M0-4V4M-4 0H4",
};

/** A line of a legend; its computed colour is what the class of its look says. */
export function legendEntry({ series, look }: LookedSeries): HTMLLIElement {
  const item = document.createElement("li");
  item.className = look.className;
  const name = document.createElement("span");
  name.textContent = series.name;
  item.append(swatch(look), name);
  return item;
}

function swatch(look: Look): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "-18 -7 36 14");
  svg.setAttribute("aria-hidden", "true");
  const line = path("M-18 0H18");
  line.setAttribute("stroke-dasharray", look.dash.join(" "));
  const marker = path(PATHS[look.marker]);
  marker.setAttribute("class", "marker");
  svg.append(line, marker);
  return svg;
}

function path(d: string): SVGPathElement {
  const element = document.createElementNS(SVG, "path");
  element.setAttribute("d", d);
  return element;
}
