/** Hints that the server does not have yet, as kept on this device. */
import { HintSet } from "./hints.ts";
import type { Start } from "./sync.ts";

export function writeDraft(start: Start): string {
  return JSON.stringify({ revision: start.revision, base: start.base, local: start.local });
}

/** @returns null for what is not a draft: a broken one must not keep the page from opening. */
export function readDraft(text: string | null): Start | null {
  if (!text) return null;
  try {
    const value = JSON.parse(text) as { revision?: unknown; base?: unknown; local?: unknown };
    if (!Number.isInteger(value.revision)) return null;
    return {
      revision: value.revision as number,
      base: HintSet.parse(value.base),
      local: HintSet.parse(value.local),
    };
  } catch {
    return null;
  }
}
