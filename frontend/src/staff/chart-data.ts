/** What a chart shows, and how its lines are told apart: by colour, and without it too. */

export type Point = readonly [x: number | string, y: number];

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
  /** Context rather than subject: grey. */
  readonly muted?: boolean;
}

export interface ChartData {
  readonly title: string;
  /** "category" spaces all x evenly, in the order in which they come. */
  readonly x: { readonly label: string; readonly kind: "linear" | "log" | "category" };
  readonly y: { readonly label: string };
  readonly series: readonly Series[];
}

export const MARKERS = ["circle", "rect", "triangle", "rectRot", "crossRot", "star"] as const;
export type Marker = (typeof MARKERS)[number];

export interface Look {
  /** A class of lab.css that sets the colour. */
  readonly className: string;
  readonly marker: Marker;
  readonly dash: readonly number[];
}

export interface LookedSeries {
  readonly series: Series;
  readonly look: Look;
}

const SUBJECT_DASHES = [[], [9, 4], [2, 3]] as const;
const MUTED_DASHES = [
  [3, 3],
  [8, 4],
  [8, 3, 2, 3],
  [1, 4],
] as const;
const MAX_MARKERS = 12;

/** A look for each series: no two the same among 18 subjects and 12 muted ones. */
export function looked(series: readonly Series[]): LookedSeries[] {
  let subjects = 0;
  let muted = 0;
  return series.map((one) => ({
    series: one,
    look: one.muted ? mutedLook(muted++) : subjectLook(subjects++),
  }));
}

function subjectLook(n: number): Look {
  const kind = n % MARKERS.length;
  const round = Math.floor(n / MARKERS.length);
  return {
    className: `series-${kind + 1}`,
    // Another marker each round, so that a colour comes back with neither its marker nor its dash.
    marker: MARKERS[(kind + round) % MARKERS.length] ?? "circle",
    dash: SUBJECT_DASHES[round % SUBJECT_DASHES.length] ?? [],
  };
}

function mutedLook(n: number): Look {
  return {
    className: "series-muted",
    marker: MARKERS[n % MARKERS.length] ?? "circle",
    dash: MUTED_DASHES[n % MUTED_DASHES.length] ?? [],
  };
}

/** Whether a point gets a marker: all do in short series, some along the way in long ones. */
export function isMarked(index: number, count: number): boolean {
  return index % Math.max(1, Math.ceil(count / MAX_MARKERS)) === 0 || index === count - 1;
}

/** Every x of a category axis once, in the order in which they come. */
export function categories(series: readonly Series[]): string[] {
  return [...new Set(series.flatMap((one) => one.points.map(([x]) => String(x))))];
}

/** Points that the axis can show: a logarithm has no place for 0 and less. */
export function shown(series: Series, kind: ChartData["x"]["kind"]): Point[] {
  return series.points.filter(([x, y]) => Number.isFinite(y) && (kind !== "log" || Number(x) > 0));
}

/** What a screen reader says in the picture's place; the numbers stand in the table beside it. */
export function describe(data: ChartData): string {
  const names = data.series.map(({ name }) => name).join(", ");
  return `${data.title}. ${data.y.label}; ${data.x.label}: ${names}`;
}
