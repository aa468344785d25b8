/** A palette: named regions with a colour and a rough place (docs/reference/palette.md). */

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Region {
  readonly name: string;
  readonly color: string;
  /** The name of a place, or a rectangle relative to the photo. */
  readonly place: string | Rectangle;
}

export interface Rules {
  readonly spacing: number;
  readonly radius: number;
  readonly places: Readonly<Record<string, Rectangle>>;
  readonly regions: readonly Region[];
}

export function rectangleOf(region: Region, rules: Rules): Rectangle {
  const { place } = region;
  const everywhere = { x: 0, y: 0, width: 1, height: 1 };
  return typeof place === "string" ? (rules.places[place] ?? everywhere) : place;
}

/** Where a region's points lie on every photo, as webapp/batches/palette.py puts them. */
export function pointsOf(region: Region, rules: Rules): { x: number; y: number }[] {
  const box = rectangleOf(region, rules);
  const columns = Math.max(1, Math.floor(box.width / rules.spacing));
  const rows = Math.max(1, Math.floor(box.height / rules.spacing));
  return Array.from({ length: rows * columns }, (_, n) => ({
    x: box.x + (box.width * ((n % columns) + 0.5)) / columns,
    y: box.y + (box.height * (Math.floor(n / columns) + 0.5)) / rows,
  }));
}

/** The rectangle between two corners, within the photo and never without an inside. */
export function between(
  a: { x: number; y: number },
  b: { x: number; y: number },
  least = 0.02,
): Rectangle {
  const side = (from: number, to: number): [number, number] => {
    const start = Math.max(0, Math.min(1 - least, Math.min(from, to)));
    const end = Math.min(1, Math.max(start + least, Math.max(from, to)));
    return [round(start), round(end - start)];
  };
  const [x, width] = side(a.x, b.x);
  const [y, height] = side(a.y, b.y);
  return { x, y, width: Math.min(width, 1 - x), height: Math.min(height, 1 - y) };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
