/** Where the photo lies on the screen: pure arithmetic on a scale and an offset. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** `screen = photo pixel * scale + (x, y)`; screen is CSS pixels from the stage's top left. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** The closest one can look: one photo pixel on this many CSS pixels. */
export const MAX_SCALE = 32;
/** Air around a fitted photo, in CSS pixels. */
export const FIT_MARGIN = 24;
/** At least this much of the photo stays in sight, in CSS pixels. */
const KEEP_IN_SIGHT = 64;

/** Air at the stage's sides, in CSS pixels. */
export interface Edges {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/** An edge takes at most this part of a side: one in so many. */
const SMALLEST_SHARE = 6;

const EVEN: Edges = { top: FIT_MARGIN, right: FIT_MARGIN, bottom: FIT_MARGIN, left: FIT_MARGIN };

/** The whole photo, centred between the edges; a small photo is enlarged at most eight times. */
export function fit(photo: Size, stage: Size, edges: Edges = EVEN): View {
  // On a small stage the air gives way: the photo comes first.
  const [left, right] = [edges.left, edges.right].map((edge) =>
    Math.min(edge, stage.width / SMALLEST_SHARE),
  );
  const [top, bottom] = [edges.top, edges.bottom].map((edge) =>
    Math.min(edge, stage.height / SMALLEST_SHARE),
  );
  const [x, y] = [left as number, top as number];
  const width = Math.max(1, stage.width - x - (right as number));
  const height = Math.max(1, stage.height - y - (bottom as number));
  const scale = Math.min(width / photo.width, height / photo.height, 8);
  const view = centred(photo, { width, height }, scale);
  return { scale, x: view.x + x, y: view.y + y };
}

/** The photo at a given scale in the middle of the stage. */
export function centred(photo: Size, stage: Size, scale: number): View {
  return {
    scale,
    x: (stage.width - photo.width * scale) / 2,
    y: (stage.height - photo.height * scale) / 2,
  };
}

export function smallestScale(photo: Size, stage: Size): number {
  return Math.min(1, fit(photo, stage).scale) / 4;
}

/** Zoom by a factor; the photo's place under `at` stays under it. */
export function zoomAt(view: View, factor: number, at: Place, photo: Size, stage: Size): View {
  const low = smallestScale(photo, stage);
  const scale = Math.min(MAX_SCALE, Math.max(low, view.scale * factor));
  const ratio = scale / view.scale;
  return clamp(
    { scale, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio },
    photo,
    stage,
  );
}

export function panned(view: View, dx: number, dy: number, photo: Size, stage: Size): View {
  return clamp({ ...view, x: view.x + dx, y: view.y + dy }, photo, stage);
}

/** Two fingers: the places they hold on the photo stay under them. */
export function pinched(
  view: View,
  before: readonly [Place, Place],
  after: readonly [Place, Place],
  photo: Size,
  stage: Size,
): View {
  const spread = (pair: readonly [Place, Place]) =>
    Math.max(1, Math.hypot(pair[0].x - pair[1].x, pair[0].y - pair[1].y));
  const middle = (pair: readonly [Place, Place]) => ({
    x: (pair[0].x + pair[1].x) / 2,
    y: (pair[0].y + pair[1].y) / 2,
  });
  const from = middle(before);
  const to = middle(after);
  const zoomed = zoomAt(view, spread(after) / spread(before), from, photo, stage);
  return panned(zoomed, to.x - from.x, to.y - from.y, photo, stage);
}

/** Never lose the photo: some of it always stays on the stage. */
export function clamp(view: View, photo: Size, stage: Size): View {
  const within = (offset: number, length: number, room: number) => {
    const keep = Math.min(KEEP_IN_SIGHT, length, room);
    return Math.min(room - keep, Math.max(keep - length, offset));
  };
  return {
    scale: view.scale,
    x: within(view.x, photo.width * view.scale, stage.width),
    y: within(view.y, photo.height * view.scale, stage.height),
  };
}

/** Screen to photo, relative to width and height; may lie outside [0, 1]. */
export function toPhoto(view: View, at: Place, photo: Size): Place {
  return {
    x: (at.x - view.x) / view.scale / photo.width,
    y: (at.y - view.y) / view.scale / photo.height,
  };
}

/** Photo (relative) to screen. */
export function toScreen(view: View, at: Place, photo: Size): Place {
  return {
    x: at.x * photo.width * view.scale + view.x,
    y: at.y * photo.height * view.scale + view.y,
  };
}

/** A hint's radius on the screen, in CSS pixels. */
export function radiusOnScreen(view: View, radius: number, photo: Size): number {
  return radius * Math.max(photo.width, photo.height) * view.scale;
}

export function inside(at: Place): boolean {
  return at.x >= 0 && at.x <= 1 && at.y >= 0 && at.y <= 1;
}
