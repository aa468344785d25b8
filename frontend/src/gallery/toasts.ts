/** What just happened, in sentences, with a way back where there is one. */
import { t } from "./messages.ts";

const SHOWN = 8_000;

export interface Undo {
  readonly words: string;
  act(): void;
}

export class Toasts {
  constructor(readonly root: HTMLElement) {}

  say(words: string, undo: Undo | null = null): void {
    this.#show(words, "info", undo);
  }

  fail(words: string): void {
    this.#show(words, "error", null);
  }

  #show(words: string, kind: "info" | "error", undo: Undo | null): void {
    const toast = document.createElement("div");
    toast.className = "toast";
    toast.dataset.kind = kind;
    toast.dataset.testid = "toast";
    toast.setAttribute("role", kind === "error" ? "alert" : "status");
    const text = document.createElement("span");
    text.textContent = words;
    toast.append(text);
    const timer = window.setTimeout(() => toast.remove(), SHOWN);
    const button = (label: string, act: () => void) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "toast-button";
      made.textContent = label;
      made.addEventListener("click", () => {
        window.clearTimeout(timer);
        toast.remove();
        act();
      });
      toast.append(made);
    };
    if (undo) button(undo.words, undo.act);
    button(t.dismiss, () => {});
    this.root.replaceChildren(toast);
  }
}
