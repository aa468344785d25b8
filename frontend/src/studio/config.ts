/** What the page tells the studio (json_script "studio-config"). */
import { DEFAULT_LIMITS, type HintLimits } from "../engine/hints.ts";

/** What a full-size result can be downloaded as. */
export type Format = "png" | "jpeg" | "webp";

export interface StudioConfig {
  readonly photo: {
    readonly id: string;
    readonly title: string;
    readonly width: number;
    readonly height: number;
    readonly is_grey: boolean;
    readonly starred?: boolean;
  };
  readonly urls: {
    readonly lightness: string;
    readonly socket: string;
    readonly photo: string;
    readonly versions: string;
    readonly colorize: string;
    readonly suggestions: string;
    readonly doubt: string;
    /** With "{id}" in the place of the version's id. */
    readonly version_image: string;
    readonly download_original: string;
  };
  /** Whether the photo's model can suggest colours and tell where it is unsure. */
  readonly opinions?: boolean;
  /** The download that stands first. */
  readonly format?: Format;
  readonly limits: {
    readonly max_hints?: number;
    readonly max_stroke_points?: number;
    readonly max_total_points?: number;
  };
}

export function readConfig(): StudioConfig {
  const text = document.getElementById("studio-config")?.textContent;
  if (!text) throw new Error("The page carries no studio-config.");
  return JSON.parse(text) as StudioConfig;
}

export function limitsOf(config: StudioConfig): HintLimits {
  return {
    maxHints: config.limits.max_hints ?? DEFAULT_LIMITS.maxHints,
    maxStrokePoints: config.limits.max_stroke_points ?? DEFAULT_LIMITS.maxStrokePoints,
    maxTotalPoints: config.limits.max_total_points ?? DEFAULT_LIMITS.maxTotalPoints,
  };
}
