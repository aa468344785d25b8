/** Chosen hints to the clipboard and back, to this photo or another. */

import { HintSet, inRegion } from "../core/hints.ts";
import { moved } from "../core/painting.ts";
import { fenced } from "../core/regions.ts";
import { readHints } from "./hint-files.ts";
import { t } from "./messages.ts";
import type { StudioModel } from "./model.ts";

/** A pasted hint lies this far beside one that is there, relative to the photo. */
const ASIDE = 0.02;

export function followClipboard(model: StudioModel, signal: AbortSignal): void {
  const take = (event: ClipboardEvent, cut: boolean) => {
    const hints = model.editor.chosenHints;
    if (hints.length === 0 || isWriting(event)) return;
    event.preventDefault();
    const free = new HintSet(hints.map((hint) => inRegion(hint, undefined)));
    event.clipboardData?.setData("text/plain", JSON.stringify(free));
    if (cut) model.editor.removeChosen();
    model.notices.announce(t.hintsCopied(hints.length));
  };
  document.addEventListener("copy", (event) => take(event, false), { signal });
  document.addEventListener("cut", (event) => take(event, true), { signal });
  document.addEventListener(
    "paste",
    (event) => {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (isWriting(event) || !text.trimStart().startsWith("{")) return;
      event.preventDefault();
      paste(model, text);
    },
    { signal },
  );
}

function paste(model: StudioModel, text: string): void {
  try {
    addHints(model, readHints(text));
  } catch (error) {
    model.notices.show("error", (error as Error).message);
  }
}

/** Add hints to those on the photo; beside themselves where they are there already. */
function addHints(model: StudioModel, added: HintSet): void {
  const { editor } = model;
  const there = new Set(
    editor.hints.hints.map((hint) => JSON.stringify(inRegion(hint, undefined))),
  );
  const free = added.withHints(added.hints.map((hint) => inRegion(hint, undefined)));
  const twice = free.hints.some((hint) => there.has(JSON.stringify(hint)));
  const placed = twice ? moved(free, free.hints.keys(), ASIDE, ASIDE) : free;
  model.setTool("move");
  editor.paste(placed.hints.map((hint) => fenced(hint, editor.hints.regions)));
  model.notices.show("info", t.hintsAdded(added.size));
}

/** Add the hints of a file in their regions; what it was referred to may be another person's. */
export function addHintFile(model: StudioModel, text: string): void {
  const added = readHints(text).control({ references: [] });
  model.editor.commit(model.editor.hints.join(added));
  model.notices.show("info", t.hintsAdded(added.size));
}

function isWriting(event: Event): boolean {
  const target = event.target;
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
