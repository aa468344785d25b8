/** What the page tells the studio (json_script "studio-config"). */
import { DEFAULT_LIMITS, type HintLimits } from "../core/hints.ts";
import type { ExportIn, MetadataOut } from "../generated/api.ts";

/** What a full-size result can be downloaded as. */
export type Format = NonNullable<ExportIn["format"]>;

/** A download's own choices; what is left out is as the account has it. */
export type ExportChoice = ExportIn & { readonly format: Format };

export interface FormatFacts {
  readonly format: Format;
  readonly name: string;
  /** Whether it keeps 16 bits. */
  readonly deep: boolean;
  readonly max_side: number;
  /** Whether it can hold this photo. */
  readonly fits: boolean;
}

export interface StudioConfig {
  readonly photo: {
    readonly id: string;
    readonly title: string;
    readonly width: number;
    readonly height: number;
    readonly is_grey: boolean;
    readonly starred?: boolean;
    /** Of a sample: 8 or 16. */
    readonly bits: number;
    /** Of a PDF: which of its pages this is, from 1. */
    readonly page?: number;
    readonly pages?: number;
    readonly metadata: MetadataOut;
  };
  readonly urls: {
    readonly lightness: string;
    readonly socket: string;
    readonly photo: string;
    readonly versions: string;
    readonly renders: string;
    readonly suggestions: string;
    readonly uncertainty: string;
    readonly outline: string;
    readonly models: string;
    readonly model: string;
    /** With "{id}" in the place of the version's id. */
    readonly version_image: string;
    readonly version_layers: string;
    readonly download_original: string;
  };
  /** A guest's photos go after some hours, unless the guest signs up. */
  readonly guest?: { readonly hours: number; readonly sign_up: string } | null;
  /** Whether the photo's model can suggest colours and tell where it is unsure. */
  readonly predictions?: boolean;
  /** What results can be saved as. */
  readonly formats: readonly FormatFacts[];
  /** The download that stands first. */
  readonly format?: Format;
  /** What downloads carry of the metadata unless they choose otherwise. */
  readonly metadata: "all" | "no_place" | "none";
  readonly limits: {
    readonly max_hints?: number;
    readonly max_stroke_points?: number;
    readonly max_total_points?: number;
    /** Missing where the server knows no regions, reach, vividness and warmth. */
    readonly max_regions?: number;
    readonly max_region_points?: number;
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
    maxRegions: config.limits.max_regions ?? 0,
    maxRegionPoints: config.limits.max_region_points ?? DEFAULT_LIMITS.maxRegionPoints,
  };
}
