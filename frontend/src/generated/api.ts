/* Written by codegen.mjs from docs/reference/openapi.json: change that instead. */

/**
 * Whoever asks; an empty preference means: as the browser or the site has it.
 */
export interface AccountOut {
  default_export: string;
  default_metadata: string;
  default_model: string | null;
  email: string;
  joined: string;
  language: string;
  quotas: QuotasOut;
  theme: string;
}
/**
 * Bytes and photos that are kept, and full-size results of the last 24 hours.
 */
export interface QuotasOut {
  bytes: QuotaOut;
  jobs: QuotaOut;
  photos: QuotaOut;
}
/**
 * What is used of something, and how much of it there may be.
 */
export interface QuotaOut {
  limit: number;
  used: number;
}
/**
 * Which photos, and as what.
 */
export interface ArchiveIn {
  /**
   * Of PNG and TIFF, at most.
   */
  bits?: 8 | 16;
  format?: "png" | "jpeg" | "webp" | "tiff";
  /**
   * @minItems 1
   */
  ids: [string, ...string[]];
  /**
   * A visible note, in a corner or below.
   */
  mark?: "none" | "corner" | "caption";
  metadata?: ("all" | "no_place" | "none") | null;
  /**
   * Of JPEG and WebP.
   */
  quality?: number;
  /**
   * Of JPEG's colours.
   */
  subsampling?: "4:4:4" | "4:2:2" | "4:2:0";
  what?: "coloured" | "originals";
}
/**
 * The hint set of one photo of a batch.
 */
export interface BatchHintsOut {
  hints: {
    [k: string]: unknown | undefined;
  };
}
/**
 * A batch that is asked for: of an uploaded ZIP, or of photos that you have.
 *
 * Without `model` each photo is coloured by the model that is live when its turn comes; without
 * `metadata` results carry what the account prefers. With
 * `hints` `files`, a ZIP brings its own (docs/reference/hint-set.md), and photos of the library
 * are coloured with the hints they have in the studio.
 */
export interface BatchIn {
  format?: "png" | "jpeg" | "webp" | "tiff";
  hints?: "none" | "palette" | "files" | "references";
  /**
   * Put a ZIP's into the gallery, too.
   */
  keep_photos?: boolean;
  /**
   * A visible note, in a corner or below.
   */
  mark?: "none" | "corner" | "caption";
  metadata?: ("all" | "no_place" | "none") | null;
  model?: string | null;
  name?: string;
  palette?: Palette | null;
  photos?: string[] | null;
  /**
   * Of JPEG and WebP.
   */
  quality?: number;
  /**
   * Your photos whose colours it takes.
   *
   * @maxItems 8
   */
  references?:
    | []
    | [string]
    | [string, string]
    | [string, string, string]
    | [string, string, string, string]
    | [string, string, string, string, string]
    | [string, string, string, string, string, string]
    | [string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string];
  /**
   * Of the references' colours: 0, none, to 1, all of them.
   */
  strength?: number;
  upload?: string | null;
}
/**
 * Regions in their order; where they overlap, the later one's colours win.
 */
export interface Palette {
  /**
   * @minItems 1
   * @maxItems 24
   */
  regions: [Region, ...Region[]];
  version?: 1;
}
/**
 * A named region: its colour, and roughly where it lies.
 */
export interface Region {
  color: string;
  name: string;
  place: ("top" | "bottom" | "left" | "right" | "centre" | "everywhere") | Rectangle;
}
/**
 * A part of every photo, relative to its width and height.
 */
export interface Rectangle {
  height: number;
  width: number;
  x: number;
  y: number;
}
/**
 * A photo of a batch; `model` and the hashes are known once it was coloured.
 */
export interface BatchItemOut {
  error: string;
  height: number | null;
  image_url: string | null;
  model: string | null;
  name: string;
  number: number;
  output: string;
  /**
   * Of its page in the studio.
   */
  photo_url: string | null;
  result_sha256: string;
  source_sha256: string;
  status: "queued" | "running" | "done" | "failed" | "cancelled";
  thumbnail_url: string | null;
  width: number | null;
}
/**
 * Some of a batch's photos in their order, and how many there are in all.
 */
export interface BatchItemPage {
  count: number;
  items: BatchItemOut[];
}
/**
 * A batch; `remaining` is in seconds, null while it cannot be told.
 */
export interface BatchOut {
  archive_url: string;
  created: string;
  done: number;
  failed: number;
  finished: string | null;
  format: string;
  hints: string;
  id: string;
  kept_until: string;
  mark: string;
  metadata: string;
  model: string | null;
  name: string;
  palette: {
    [k: string]: unknown | undefined;
  } | null;
  quality: number;
  references: string[];
  remaining: number | null;
  seq: number;
  started: string | null;
  status: "queued" | "running" | "paused" | "done" | "failed" | "cancelled";
  strength: number;
  total: number;
  url: string;
}
/**
 * Some of the batches, newest first, and how many there are in all.
 */
export interface BatchPage {
  count: number;
  items: BatchOut[];
}
/**
 * What to do to which photos; `name` is that of the tag or the collection.
 */
export interface BulkIn {
  action:
    | "star"
    | "unstar"
    | "tag"
    | "untag"
    | "collect"
    | "uncollect"
    | "trash"
    | "restore"
    | "delete"
    | "colorize";
  /**
   * @minItems 1
   */
  ids: [string, ...string[]];
  name?: string;
}
/**
 * The photos it was done to, and those that are not there (any more).
 */
export interface BulkOut {
  done: string[];
  missing: string[];
}
/**
 * How many photos are gone for good.
 */
export interface Emptied {
  count: number;
}
/**
 * What a result is saved as; `metadata` is as the account prefers when left out.
 */
export interface ExportIn {
  /**
   * Of PNG and TIFF, at most.
   */
  bits?: 8 | 16;
  format?: "png" | "jpeg" | "webp" | "tiff";
  /**
   * A visible note, in a corner or below.
   */
  mark?: "none" | "corner" | "caption";
  metadata?: ("all" | "no_place" | "none") | null;
  /**
   * Of JPEG and WebP.
   */
  quality?: number;
  /**
   * Of JPEG's colours.
   */
  subsampling?: "4:4:4" | "4:2:2" | "4:2:0";
}
/**
 * A photo's whole new hint set; ``revision`` is higher than the stored one.
 */
export interface HintsIn {
  hints: {
    [k: string]: unknown | undefined;
  };
  revision: number;
}
/**
 * The newest hint set of a photo.
 */
export interface HintsOut {
  hints: {
    [k: string]: unknown | undefined;
  };
  revision: number;
}
/**
 * A job; ``version_id`` is what a render made, once it is done.
 */
export interface JobOut {
  attempt: number;
  error: string;
  id: string;
  kind: "chroma" | "render";
  revision: number;
  seq: number;
  status: "queued" | "running" | "done" | "failed" | "superseded" | "cancelled";
  version_id: string | null;
}
/**
 * A new tag or collection.
 */
export interface LabelIn {
  kind: "tag" | "collection";
  name: string;
}
/**
 * Another name.
 */
export interface LabelName {
  name: string;
}
/**
 * A tag or a collection; `count` is how many photos have it, without those in the trash.
 */
export interface LabelOut {
  count: number;
  created: string;
  id: string;
  kind: "tag" | "collection";
  name: string;
}
/**
 * Some of the tags and collections, by name, and how many there are in all.
 */
export interface LabelPage {
  count: number;
  items: LabelOut[];
}
/**
 * A tag or a collection of a photo.
 */
export interface LabelRef {
  id: string;
  name: string;
}
/**
 * What can be changed of what is known about a photo; empty or null forgets a field.
 */
export interface MetadataIn {
  altitude?: number | null;
  caption?: string;
  city?: string;
  country?: string;
  latitude?: number | null;
  location?: string;
  longitude?: number | null;
  /**
   * @maxItems 100
   */
  people?: string[];
  state?: string;
  /**
   * ISO 8601 as far as known.
   */
  taken?: string;
  title?: string;
}
/**
 * What is known about a photo besides its pixels; empty or null where nothing is.
 *
 * Dates are ISO 8601 as far as they are known: `1943`, `1943-05`, `1943-05-12`. Place is told in
 * words and in degrees.
 */
export interface MetadataOut {
  altitude?: number | null;
  caption?: string;
  city?: string;
  copyright?: string;
  country?: string;
  creator?: string[];
  credit?: string;
  digitized?: string;
  dpi?: [unknown, unknown] | null;
  exposure_time?: number | null;
  f_number?: number | null;
  focal_length?: number | null;
  iso?: number | null;
  keywords?: string[];
  latitude?: number | null;
  lens?: string;
  location?: string;
  longitude?: number | null;
  make?: string;
  model?: string;
  people?: string[];
  source?: string;
  state?: string;
  taken?: string;
  title?: string;
}
/**
 * The model to colour the photo with; null for one's preference, or the live one.
 */
export interface ModelIn {
  model: string | null;
}
/**
 * A model version that photos are or were coloured with.
 */
export interface ModelOut {
  card: {
    [k: string]: unknown | undefined;
  };
  created: string;
  id: string;
  live: boolean;
  name: string;
  net: string;
  scores: ScoreOut[];
  sha256: string;
}
/**
 * What a model reached under one protocol; rows compare where the data are the same.
 */
export interface ScoreOut {
  created: string;
  data: string;
  data_sha256: string;
  figures: {
    [k: string]: unknown | undefined;
  }[];
  pictures: number;
  protocol: string;
  seconds: number;
}
/**
 * A place of the photo, relative to its width and height, and how much belongs to the thing.
 */
export interface OutlineIn {
  size?: number;
  x?: number;
  y?: number;
}
/**
 * Corners ``[x, y]``, relative to width and height; the last is joined to the first.
 */
export interface OutlineOut {
  model: string;
  points: [unknown, unknown][];
}
export interface Page_ModelOut_ {
  count: number;
  items: ModelOut[];
}
export interface Page_VersionOut_ {
  count: number;
  items: VersionOut[];
}
/**
 * A finished full-size result; ``model`` is the name of the model version.
 *
 * It is empty for colours that were brought in from a copy.
 */
export interface VersionOut {
  /**
   * Its colours are those of a copy coloured elsewhere.
   */
  brought_in: boolean;
  created: string;
  height: number;
  /**
   * How many hints it was made with.
   */
  hints: number;
  id: string;
  model: string;
  name: string;
  /**
   * The result that its work went on from, if any.
   */
  parent: string | null;
  revision: number;
  /**
   * It keeps a session of work, whose last hints were saved then.
   */
  session_end: string | null;
  width: number;
}
/**
 * What is to change; null or left out stays as it is.
 */
export interface PaletteChanges {
  colors?: string[] | null;
  name?: string | null;
}
/**
 * A name, and colours as `#rrggbb`.
 */
export interface PaletteIn {
  /**
   * @maxItems 64
   */
  colors?: string[];
  name: string;
}
/**
 * Colours kept by a name; `url` is the link to them, or null where they are not shared.
 */
export interface PaletteOut {
  colors: string[];
  id: string;
  name: string;
  url: string | null;
}
/**
 * The palettes of a user, by name; guests have none.
 */
export interface PalettesOut {
  palettes: PaletteOut[];
}
/**
 * The photos that a search finds, in its order, and how many there are in all.
 */
export interface PhotoIds {
  count: number;
  ids: string[];
}
/**
 * A model that can colour the photo; `colors_it` where it does, `figures` from its card.
 */
export interface PhotoModelOut {
  colors_it: boolean;
  figures: {
    [k: string]: number | undefined;
  };
  id: string;
  live: boolean;
  name: string;
  url: string;
}
/**
 * The models to choose from, the live one first.
 */
export interface PhotoModelsOut {
  models: PhotoModelOut[];
}
/**
 * A photo and where its pictures are.
 *
 * `same_as` is told once, when a photo has just been added: an older one with the same pixels.
 */
export interface PhotoOut {
  /**
   * Of a sample: 8 or 16.
   */
  bits: number;
  collections: LabelRef[];
  created: string;
  expires_at: string | null;
  /**
   * Of the uploaded file.
   */
  format: string;
  height: number;
  id: string;
  is_grey: boolean;
  lightness_url: string;
  metadata: MetadataOut;
  original_url: string;
  /**
   * Which of the file's pages the photo is.
   */
  page?: number;
  /**
   * How many pages the file has.
   */
  pages?: number;
  revision: number;
  same_as?: PhotoRef | null;
  starred: boolean;
  tags: LabelRef[];
  thumbnail_url: string;
  title: string;
  trashed_at: string | null;
  updated: string;
  url: string;
  width: number;
}
/**
 * Another photo, as far as one has to know to go there.
 */
export interface PhotoRef {
  id: string;
  title: string;
  url: string;
}
/**
 * Some of the photos, how many there are in all, and the cursor of the page after these.
 */
export interface PhotoPage {
  count: number;
  items: PhotoOut[];
  next: string | null;
}
/**
 * What can be changed of a photo; what is left out stays.
 */
export interface PhotoPatch {
  /**
   * By name.
   *
   * @maxItems 50
   */
  collections?: string[];
  metadata?: MetadataIn;
  starred?: boolean;
  /**
   * All of them.
   *
   * @maxItems 50
   */
  tags?: string[];
  title?: string;
}
/**
 * Which photos, in which order, and how many; `cursor` goes on where a page ended.
 */
export interface PhotoQuery {
  collection?: string | null;
  cursor?: string;
  limit?: number;
  /**
   * Of the newest colours.
   */
  model?: string;
  offset?: number;
  /**
   * Words of name, caption, people or place.
   */
  q?: string;
  /**
   * First day of upload, in UTC.
   */
  since?: string | null;
  sort?: "newest" | "oldest" | "name" | "changed" | "taken_newest" | "taken_oldest";
  starred?: boolean;
  tag?: string;
  /**
   * Taken then or later: a year, month or day.
   */
  taken_since?: string;
  /**
   * Taken then or earlier, that year or month included.
   */
  taken_until?: string;
  /**
   * Those in the trash instead.
   */
  trash?: boolean;
  /**
   * Last day of upload, in UTC.
   */
  until?: string | null;
}
/**
 * Which photos, and in which order.
 */
export interface PhotoSearch {
  collection?: string | null;
  /**
   * Of the newest colours.
   */
  model?: string;
  /**
   * Words of name, caption, people or place.
   */
  q?: string;
  /**
   * First day of upload, in UTC.
   */
  since?: string | null;
  sort?: "newest" | "oldest" | "name" | "changed" | "taken_newest" | "taken_oldest";
  starred?: boolean;
  tag?: string;
  /**
   * Taken then or later: a year, month or day.
   */
  taken_since?: string;
  /**
   * Taken then or earlier, that year or month included.
   */
  taken_until?: string;
  /**
   * Those in the trash instead.
   */
  trash?: boolean;
  /**
   * Last day of upload, in UTC.
   */
  until?: string | null;
}
/**
 * A palette or references to be tried on a sample.
 *
 * That is a small picture, in base64, of at most a megapixel.
 */
export interface PreviewIn {
  model?: string | null;
  palette?: Palette | null;
  /**
   * @maxItems 8
   */
  references?:
    | []
    | [string]
    | [string, string]
    | [string, string, string]
    | [string, string, string, string]
    | [string, string, string, string, string]
    | [string, string, string, string, string, string]
    | [string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string];
  sample: string;
  /**
   * Of the references' colours: 0, none, to 1, all of them.
   */
  strength?: number;
}
/**
 * A preview that is being made, and where its picture will be for some minutes.
 */
export interface PreviewOut {
  id: string;
  image_url: string;
}
/**
 * RFC 9457 problem details; some problems carry further members.
 */
export interface Problem {
  /**
   * A stable word for programs.
   */
  code: string;
  /**
   * A sentence in the caller's language.
   */
  detail: string;
  status: number;
  title: string;
  type: string;
}
/**
 * Which photos; `retry` asks again for those that failed.
 */
export interface RendersIn {
  /**
   * @minItems 1
   */
  ids: [string, ...string[]];
  retry?: boolean;
}
/**
 * Photos by how far the full-size result with their newest hints is.
 */
export interface RendersOut {
  failed: string[];
  ready: string[];
  waiting: string[];
}
/**
 * After how many days the link ends, null for never, and a password, if it is to have one.
 */
export interface ShareIn {
  days?: number | null;
  password?: string;
}
/**
 * A link that shows a photo and its colours to whoever has it.
 */
export interface ShareOut {
  created: string;
  expires_at: string | null;
  has_password: boolean;
  id: string;
  url: string;
}
/**
 * The links to a photo that open it now, newest first.
 */
export interface SharesOut {
  shares: ShareOut[];
}
/**
 * A colour with the lightness of the place, and how likely it is: in all at most 1.
 */
export interface SuggestionOut {
  color: string;
  weight: number;
}
/**
 * A place of the photo, relative to its width and height, and the hints to think it with.
 */
export interface SuggestionsIn {
  count?: number;
  /**
   * A hint set; the photo's newest if left out.
   */
  hints?: {
    [k: string]: unknown | undefined;
  } | null;
  x: number;
  y: number;
}
/**
 * Colours for a place, the likeliest first; ``model`` is the name of the model version.
 */
export interface SuggestionsOut {
  model: string;
  suggestions: SuggestionOut[];
}
/**
 * The photo as a model colours it with its hints now.
 *
 * `data` is base64 of a JPEG at the network's size; `seconds` is what the network itself took.
 */
export interface TrialOut {
  data: string;
  model: string;
  seconds: number;
}
/**
 * The hints to think the photo coloured with.
 */
export interface UncertaintyIn {
  /**
   * A hint set; the photo's newest if left out.
   */
  hints?: {
    [k: string]: unknown | undefined;
  } | null;
}
/**
 * How far off the colours may be, place by place.
 *
 * ``data`` is base64 of a grey PNG of ``width`` x ``height`` pixels over the whole photo; a pixel
 * times ``unit`` is the error to expect there, in units of CIELAB's a and b.
 */
export interface UncertaintyOut {
  data: string;
  encoding: "png";
  height: number;
  model: string;
  unit: number;
  width: number;
}
/**
 * A full-size result's new name; empty for none.
 */
export interface VersionPatch {
  name: string;
}
