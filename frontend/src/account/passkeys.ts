/** Says in words when a passkey cannot be used; allauth's own scripts ask the browser for it. */
import { t } from "./messages.ts";

const BUTTONS =
  "#passkey_login, #mfa_webauthn_add, #mfa_webauthn_reauthenticate, #mfa_webauthn_signup";

export function explainPasskeys(): void {
  const button = document.querySelector<HTMLButtonElement>(BUTTONS);
  if (button === null) return;
  const reason = whyNot();
  if (reason) {
    button.disabled = true;
    say(button, reason);
  }
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    say(button, wordsOf((event as CustomEvent<{ exception: unknown }>).detail.exception));
  });
}

/** Why passkeys cannot work on this page; empty if they can. They belong to a name, not a number. */
function whyNot(): string {
  const { hostname, port, pathname } = location;
  if (hostname === "127.0.0.1" || hostname === "[::1]")
    return t.address(`http://localhost${port && `:${port}`}${pathname}`);
  if (!isSecureContext || /^[\d.]+$/.test(hostname) || hostname.startsWith("["))
    return t.address("");
  return "PublicKeyCredential" in window ? "" : t.browser;
}

function wordsOf(exception: unknown): string {
  switch (exception instanceof DOMException ? exception.name : "") {
    case "NotAllowedError":
    case "AbortError":
      return t.cancelled;
    case "InvalidStateError":
      return t.known;
    case "SecurityError":
      return t.address("");
    default:
      return t.failed;
  }
}

function say(button: HTMLElement, words: string): void {
  document.getElementById("passkey-note")?.remove();
  const note = document.createElement("p");
  note.id = "passkey-note";
  note.className = "message-line warning";
  note.setAttribute("role", "status");
  note.dataset.testid = "passkey-note";
  note.textContent = words;
  button.parentElement?.after(note);
}
