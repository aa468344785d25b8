/** The form for a new batch: what was chosen is packed, uploaded and started, step by step. */
import { MAX_REFERENCES } from "../core/hints.ts";
import { ProblemError } from "../shared/api/http.ts";
import { bytesInWords } from "./bytes.ts";
import { type FormConfig, readConfig } from "./config.ts";
import type { PaletteEditor } from "./editor.ts";
import { commonFolder, fromDrop, fromInput, onlyZip, readable } from "./files.ts";
import { type LikePreview, SAMPLES } from "./like.ts";
import { t } from "./messages.ts";
import { type BatchOptions, makeBatch, uploadArchive } from "./send.ts";
import { type PackedFile, pack } from "./zip.ts";

const FIELDS = [
  "source",
  "name",
  "model",
  "format",
  "quality",
  "metadata",
  "mark",
  "hints",
  "strength",
  "keep_photos",
] as const;

class NewBatch extends HTMLElement {
  #config: FormConfig | null = null;
  #files: PackedFile[] = [];
  #busy = false;
  /** An upload that arrived: when the batch was refused for its options, it is used again. */
  #uploaded: { of: PackedFile[]; id: string } | null = null;
  #samples: readonly string[] = [];

  connectedCallback(): void {
    this.#config = readConfig();
    this.addEventListener("input", () => this.#showStrength());
    this.addEventListener("change", (event) => this.#changed(event));
    this.querySelector("form")?.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#submit();
    });
    document.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      if (event.dataTransfer)
        void fromDrop(event.dataTransfer).then((files) => this.#choose(files));
    });
    this.#showParts();
  }

  #changed(event: Event): void {
    const input = event.target;
    if (input instanceof HTMLInputElement && input.type === "file") {
      this.#choose(fromInput(input.files ?? []));
      input.value = "";
    }
    this.#showParts();
  }

  /** Show the parts that belong to the choices, and a sample to draw on. */
  #showParts(): void {
    const { source, hints } = this.#values();
    for (const part of this.querySelectorAll<HTMLElement>("[data-source]")) {
      part.hidden = part.dataset.source !== source;
    }
    for (const part of this.querySelectorAll<HTMLElement>("[data-hints]")) {
      part.hidden = part.dataset.hints !== hints;
    }
    const picked = [...this.querySelectorAll<HTMLInputElement>('input[name="photo"]:checked')];
    const thumbnails = picked.flatMap(
      (one) => one.closest("label")?.querySelector("img")?.src ?? [],
    );
    const samples = source === "photos" ? thumbnails.slice(0, SAMPLES) : this.#samples;
    const [sample] = samples;
    if (hints === "references") {
      const references = { references: this.#checked("reference"), strength: this.#strength };
      this.#like?.look(samples, { ...references, model: this.#values().model });
    }
    this.#showStrength();
    if (!this.#editor) return;
    if (sample) this.#editor.sample = sample;
    this.#editor.look(hints === "palette", this.#values().model);
  }

  /** Of the references, from 0 to 1. */
  get #strength(): number {
    return Number(this.#values().strength || 100) / 100;
  }

  #showStrength(): void {
    const text = this.querySelector(".like-strength output");
    if (text) text.textContent = `${Math.round(100 * this.#strength)} %`;
  }

  #choose(files: PackedFile[]): void {
    if (this.#busy || files.length === 0) return;
    const { limits } = this.#settings;
    const bytes = files.reduce((sum, one) => sum + one.file.size, 0);
    this.#tell("error", "");
    if (files.length > limits.files) this.#tell("error", t.tooManyFiles(String(limits.files)));
    else if (bytes > limits.bytes) this.#tell("error", t.tooLarge(bytesInWords(limits.bytes)));
    else this.#files = files;
    const zip = onlyZip(this.#files);
    const words = zip
      ? t.chosenZip(zip.name, bytesInWords(bytes))
      : t.chosen(String(files.length), bytesInWords(bytes));
    this.#tell("chosen", this.#files === files ? words : "");
    const source = this.querySelector<HTMLInputElement>('input[name="source"][value="files"]');
    if (source) source.checked = true;
    this.#showParts();
    void this.#useSamples(files);
  }

  /** Show the first of the chosen photos that the browser can read. */
  async #useSamples(files: readonly PackedFile[]): Promise<void> {
    const pictures = await readable(files, SAMPLES);
    for (const address of this.#samples) URL.revokeObjectURL(address);
    this.#samples = pictures.map((picture) => URL.createObjectURL(picture));
    this.#showParts();
  }

  async #submit(): Promise<void> {
    if (this.#busy) return;
    this.#tell("error", "");
    const missing = this.#missing();
    if (missing) {
      this.#tell("error", missing);
      return;
    }
    this.#setBusy(true);
    try {
      const source = await this.#source();
      this.#progress(t.starting, 1);
      location.assign(await makeBatch(this.#settings.urls.batches, source, this.#options()));
    } catch (error) {
      this.#setBusy(false);
      this.#tell("error", wordsOf(error));
    }
  }

  #missing(): string {
    const { source, hints } = this.#values();
    if (source === "files" && this.#files.length === 0) return t.nothingChosen;
    if (source === "photos" && this.#photos().length === 0) return t.noPhotoChosen;
    if (hints === "palette" && !this.#editor?.regions.length) return t.noRegion;
    const references = this.#checked("reference").length;
    if (hints === "references" && !references) return t.noReference;
    if (hints === "references" && references > MAX_REFERENCES)
      return t.tooManyReferences(MAX_REFERENCES);
    return "";
  }

  async #source(): Promise<{ upload: string } | { photos: string[] }> {
    if (this.#values().source === "photos") return { photos: this.#photos() };
    if (this.#uploaded?.of !== this.#files) {
      const zip = onlyZip(this.#files);
      const archive = zip ?? (await pack(this.#files, (share) => this.#show(t.packing, share)));
      const name =
        zip?.name ?? `${commonFolder(this.#files) || this.#values().name || "photos"}.zip`;
      const id = await uploadArchive(archive, name, this.#settings.limits.piece, {
        progress: (share) => this.#show(t.uploading, share),
        stalled: () => this.#words(t.stalled),
      });
      this.#uploaded = { of: this.#files, id };
    }
    return { upload: this.#uploaded?.id ?? "" };
  }

  #options(): BatchOptions {
    const { name, model, format, quality, metadata, mark, hints, keep_photos } = this.#values();
    const palette = hints === "palette" ? { version: 1, regions: this.#editor?.regions } : null;
    const saved = {
      format,
      quality: Number(quality),
      metadata,
      mark,
      keep_photos: keep_photos !== "",
    };
    const references = hints === "references" ? this.#checked("reference") : [];
    const strength = hints === "references" ? this.#strength : 1;
    const colors = { hints, palette, references, strength };
    return { name, model: model || null, ...saved, ...colors } as BatchOptions;
  }

  #values(): Record<(typeof FIELDS)[number], string> {
    const data = new FormData(this.querySelector("form") ?? undefined);
    const text = (key: string) => String(data.get(key) ?? "").trim();
    return Object.fromEntries(FIELDS.map((name) => [name, text(name)])) as Record<
      (typeof FIELDS)[number],
      string
    >;
  }

  #photos(): string[] {
    return this.#checked("photo");
  }

  #checked(name: "photo" | "reference"): string[] {
    const chosen = this.querySelectorAll<HTMLInputElement>(`input[name="${name}"]:checked`);
    return [...chosen].map((input) => input.value);
  }

  get #settings(): FormConfig {
    if (!this.#config) throw new Error("The form is not on the page.");
    return this.#config;
  }

  get #like(): LikePreview | null {
    return this.querySelector<LikePreview>("rehue-like");
  }

  get #editor(): PaletteEditor | null {
    return this.querySelector<PaletteEditor>("rehue-palette-editor");
  }

  #setBusy(busy: boolean): void {
    this.#busy = busy;
    const button = this.querySelector<HTMLButtonElement>('button[type="submit"]');
    if (button) button.disabled = busy;
    this.#part("progress")?.toggleAttribute("hidden", !busy);
  }

  #show(words: (percent: number) => string, share: number): void {
    this.#progress(words(Math.round(share * 100)), share);
  }

  #progress(words: string, share: number): void {
    const bar = this.#part("bar");
    if (bar instanceof HTMLProgressElement) bar.value = share;
    this.#words(words);
  }

  #words(words: string): void {
    const place = this.#part("words");
    if (place) place.textContent = words;
  }

  #tell(name: "error" | "chosen", words: string): void {
    const place = this.#part(name);
    if (!place) return;
    place.textContent = words;
    place.hidden = words === "";
    if (name === "error" && words) place.scrollIntoView({ block: "nearest" });
  }

  #part(name: string): HTMLElement | null {
    return this.querySelector(`[data-show="${name}"]`);
  }
}

function wordsOf(error: unknown): string {
  if (!(error instanceof ProblemError)) return String(error);
  return error.detail || (error.status === 0 ? t.offline : t.failed(error.status));
}

customElements.define("rehue-new-batch", NewBatch);
