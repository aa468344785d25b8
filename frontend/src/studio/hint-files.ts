/** Hints as files and on the clipboard: out of one photo, into another. */
import { HintError, HintSet } from "../core/hints.ts";
import { t } from "./messages.ts";

export function saveHints(hints: HintSet, name: string): void {
  const text = JSON.stringify(hints, null, 1);
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = Object.assign(document.createElement("a"), {
    href: address,
    download: `${name
      .replace(/[\\/:*?"<>|]+/g, " ")
      .slice(0, 80)
      .trim()}.hints.json`,
  });
  document.body.append(link);
  link.click();
  link.remove();
  URL.revokeObjectURL(address);
}

/** Larger files are no hint sets. */
export const MAX_HINT_FILE = 4 * 1024 * 1024;

/** @throws HintError, with a sentence for the person, when the text is no hint set. */
export function readHints(text: string): HintSet {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new HintError(t.hintsNoJson);
  }
  const { version, hints } = Object(value) as { version?: unknown; hints?: unknown };
  if (!Array.isArray(hints)) throw new HintError(t.hintsOfOthers);
  if (version !== 1 && version !== 2) throw new HintError(t.hintsOtherVersion(String(version)));
  try {
    return HintSet.parse(value);
  } catch {
    throw new HintError(t.hintsUnreadable);
  }
}
