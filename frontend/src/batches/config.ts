/** What the page tells the form (json_script "batch-config"). */
import type { Rules } from "./palette.ts";
import type { Urls } from "./send.ts";

export interface FormConfig {
  readonly urls: Urls;
  readonly limits: {
    readonly files: number;
    readonly bytes: number;
    /** The largest piece of an upload. */
    readonly piece: number;
    readonly regions: number;
  };
  readonly palette: Rules;
}

export function readConfig(): FormConfig {
  const text = document.getElementById("batch-config")?.textContent;
  if (!text) throw new Error("The page carries no batch-config.");
  return JSON.parse(text) as FormConfig;
}
