/** What just happened, as sentences: toasts for the eye, a live region for the ear. */

/** What can be done about it. */
export interface Remedy {
  readonly text: string;
  act(): void;
}

export interface Toast {
  readonly id: number;
  readonly kind: "info" | "error";
  readonly text: string;
  readonly remedy: Remedy | null;
}

const INFO_TIME = 5_000;
/** Long enough to read, to think, and to reach the button. */
const REMEDY_TIME = 12_000;
const ERROR_TIME = 12_000;

export class Notices {
  toasts: readonly Toast[] = [];
  /** Read out by screen readers when it changes. */
  status = "";
  #next = 1;

  constructor(readonly changed: () => void) {}

  announce(text: string): void {
    this.status = text;
    this.changed();
  }

  show(kind: Toast["kind"], text: string, remedy: Remedy | null = null): void {
    const toast = { id: this.#next++, kind, text, remedy };
    this.toasts = [...this.toasts.filter((other) => other.text !== text), toast];
    const time = kind === "error" ? ERROR_TIME : remedy ? REMEDY_TIME : INFO_TIME;
    window.setTimeout(() => this.dismiss(toast.id), time);
    this.changed();
  }

  dismiss(id: number): void {
    this.toasts = this.toasts.filter((toast) => toast.id !== id);
    this.changed();
  }
}
