/** What just happened, as sentences: toasts for the eye, a live region for the ear. */

export interface Toast {
  readonly id: number;
  readonly kind: "info" | "error";
  readonly text: string;
}

const INFO_TIME = 5_000;
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

  show(kind: Toast["kind"], text: string): void {
    const id = this.#next++;
    this.toasts = [...this.toasts.filter((toast) => toast.text !== text), { id, kind, text }];
    window.setTimeout(() => this.dismiss(id), kind === "error" ? ERROR_TIME : INFO_TIME);
    this.changed();
  }

  dismiss(id: number): void {
    this.toasts = this.toasts.filter((toast) => toast.id !== id);
    this.changed();
  }
}
