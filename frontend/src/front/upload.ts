/** Photos dropped anywhere on the page, pasted, or chosen: sent one by one, then opened. */
import type { PhotoOut } from "../generated/api.ts";
import { takeFiles } from "../shared/ui/drop.ts";
import { sampleOf } from "../shared/ui/sample.ts";
import { t } from "./messages.ts";

class Upload extends HTMLElement {
  #busy = false;
  readonly #progress = element("div", "upload-progress", "");
  readonly #bar = document.createElement("progress");
  readonly #words = element("p", "upload-words", "");
  readonly #error = element("p", "upload-error", "");

  connectedCallback(): void {
    this.#progress.dataset.testid = "upload-progress";
    this.#progress.setAttribute("role", "status");
    this.#error.dataset.testid = "upload-error";
    this.#error.setAttribute("role", "alert");
    this.#progress.hidden = this.#error.hidden = true;
    this.#bar.max = 1;
    this.#progress.append(this.#words, this.#bar);
    this.append(this.#progress, this.#error);
    this.#listen();
  }

  #listen(): void {
    const input = this.querySelector<HTMLInputElement>("input[type=file]");
    input?.addEventListener("change", () => {
      void this.#send([...(input.files ?? [])]);
      input.value = "";
    });
    this.querySelector(".drop-zone")?.addEventListener("click", (event) => {
      if (event.target instanceof Element && !event.target.closest("label, input")) input?.click();
    });
    const sample = this.querySelector<HTMLElement>("[data-sample]");
    sample?.addEventListener("click", () => {
      void sampleOf(sample).then((file) => this.#send([file]));
    });
    takeFiles(t.dropHere, (files) => void this.#send(files));
  }

  async #send(files: File[]): Promise<void> {
    if (this.#busy || files.length === 0) return;
    this.#busy = true;
    this.toggleAttribute("data-busy", true);
    this.#error.hidden = true;
    const sent: PhotoOut[] = [];
    for (const file of files) {
      const photo = await this.#sendOne(file);
      if (photo) sent.push(photo);
    }
    this.#busy = false;
    this.toggleAttribute("data-busy", false);
    this.#progress.hidden = true;
    const [only] = sent;
    if (!only) return;
    if (files.length === 1) location.assign(only.url);
    else if (this.#error.hidden) location.reload();
  }

  /** @returns null for what was refused. */
  async #sendOne(file: File): Promise<PhotoOut | null> {
    this.#progress.hidden = false;
    this.#show(0, t.uploading(file.name, 0));
    // Most visitors look first: what sends photos is fetched with the first one.
    const { sendPhoto } = await import("../shared/upload/photo.ts");
    return new Promise((resolve) => {
      sendPhoto(file, {
        progress: (share) => this.#show(share, t.uploading(file.name, Math.round(share * 100))),
        stalled: () => this.#show(this.#bar.value, t.stalled(file.name)),
        making: () => this.#show(1, t.preparing(file.name)),
        done: resolve,
        failed: (sentence) => {
          this.#refuse(file, sentence);
          resolve(null);
        },
      });
    });
  }

  #show(share: number, words: string): void {
    this.#bar.value = share;
    this.#words.textContent = words;
  }

  #refuse(file: File, words: string): void {
    const before = this.#error.hidden ? "" : `${this.#error.textContent}\n`;
    this.#error.textContent = `${before}${file.name}: ${words}`;
    this.#error.hidden = false;
  }
}

function element(tag: string, name: string, words: string): HTMLElement {
  return Object.assign(document.createElement(tag), { className: name, textContent: words });
}

customElements.define("rehue-upload", Upload);
