/** Photos dropped anywhere on the page, pasted, or chosen: sent one by one, then opened. */
import { ProblemError } from "../api/http.ts";
import { type PhotoOut, uploadPhoto } from "../api/upload.ts";
import { t } from "../i18n/page.ts";
import { takeFiles } from "./drop.ts";

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

  async #sendOne(file: File): Promise<PhotoOut | null> {
    this.#progress.hidden = false;
    this.#show(file, 0);
    try {
      return await uploadPhoto(file, (share) => this.#show(file, share));
    } catch (error) {
      this.#refuse(file, error);
      return null;
    }
  }

  #show(file: File, share: number): void {
    this.#bar.value = share;
    const percent = Math.round(share * 100);
    this.#words.textContent = share < 1 ? t.uploading(file.name, percent) : t.preparing(file.name);
  }

  #refuse(file: File, error: unknown): void {
    const status = error instanceof ProblemError ? error.status : 0;
    const given = error instanceof ProblemError ? error.detail : "";
    const words = given || (status === 0 ? t.uploadOffline : t.uploadFailed(status));
    const before = this.#error.hidden ? "" : `${this.#error.textContent}\n`;
    this.#error.textContent = `${before}${file.name}: ${words}`;
    this.#error.hidden = false;
  }
}

function element(tag: string, name: string, words: string): HTMLElement {
  return Object.assign(document.createElement(tag), { className: name, textContent: words });
}

customElements.define("rehue-upload", Upload);
