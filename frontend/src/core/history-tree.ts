/** The tree of a photo's versions as rows with lanes, the way git clients draw one: pure. */

export interface TreePoint {
  readonly id: string;
  readonly parent: string | null;
  readonly revision: number;
  readonly created: string;
}

export interface TreeRow<P extends TreePoint> {
  readonly point: P;
  /** In which lane it stands; 0 is leftmost. */
  readonly lane: number;
  /** The lanes that come into the row from above; those of its own branches end in its point. */
  readonly above: readonly number[];
  readonly joins: readonly number[];
  /** The lanes that leave it below. */
  readonly below: readonly number[];
}

/** Newest first, and each before the one that it went on from, which has no higher revision. */
function inOrder<P extends TreePoint>(points: readonly P[]): readonly P[] {
  return [...points].sort((a, b) => b.revision - a.revision || b.created.localeCompare(a.created));
}

/** Lay the points out; a parent that is not among them (it is on another page) ends its lane. */
export function treeRows<P extends TreePoint>(points: readonly P[]): readonly TreeRow<P>[] {
  const sorted = inOrder(points);
  const known = new Set(points.map(({ id }) => id));
  const lanes: (string | null)[] = [];
  const busy = () => lanes.flatMap((id, lane) => (id === null ? [] : [lane]));
  return sorted.map((point) => {
    const above = busy();
    const joins = above.filter((lane) => lanes[lane] === point.id);
    const free = lanes.indexOf(null);
    const lane = joins[0] ?? (free < 0 ? lanes.length : free);
    for (const joined of joins) lanes[joined] = null;
    known.delete(point.id); // a row above cannot be a parent: its lane would never end
    lanes[lane] = point.parent !== null && known.has(point.parent) ? point.parent : null;
    return { point, lane, above, joins, below: busy() };
  });
}
