/** Charts that grow as rows come in. */
import type { ChartData, Point } from "./chart-data.ts";

export type Row = Readonly<Record<string, unknown>>;

/**
 * The chart with the points of `rows` in its one line, in order; a point at a known x is replaced.
 *
 * @returns the same object if the rows have nothing for it.
 */
export function withRows(chart: ChartData, rows: readonly Row[], x: string, y: string): ChartData {
  const fresh = rows.flatMap((row): [number, number][] => {
    const [at, value] = [row[x], row[y]];
    return typeof at === "number" && typeof value === "number" ? [[at, value]] : [];
  });
  const [line, ...others] = chart.series;
  if (!line || fresh.length === 0) return chart;
  const points = new Map<Point[0], number>([...line.points, ...fresh]);
  const ordered = [...points].sort(([a], [b]) => Number(a) - Number(b));
  return { ...chart, series: [{ ...line, points: ordered }, ...others] };
}
