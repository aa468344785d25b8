/** The theme switch in the header. A cookie, so that the server's first byte knows the theme. */
const THEMES = ["system", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];

const YEAR = 365 * 24 * 3600;

export function followThemeSwitch(): void {
  const button = document.getElementById("theme-switch");
  if (!button) return;
  name(button);
  button.addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(current()) + 1) % THEMES.length] ?? "system";
    document.documentElement.dataset.theme = next;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store is not in every browser yet
    document.cookie = `theme=${next};path=/;max-age=${YEAR};samesite=lax`;
    name(button);
    if (button.dataset.save) keep(button.dataset.save, next);
  });
}

/** Have the account remember the theme, for every browser; the cookie is enough for this one. */
function keep(address: string, theme: Theme): void {
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
  const body = new URLSearchParams({ theme });
  void fetch(address, { method: "POST", headers: { "X-CSRFToken": token }, body }).catch(() => {});
}

function current(): Theme {
  const theme = document.documentElement.dataset.theme;
  return THEMES.find((known) => known === theme) ?? "system";
}

/** The words come from the template, which speaks the user's language. */
function name(button: HTMLElement): void {
  const words = button.dataset[current()] ?? "";
  button.setAttribute("aria-label", words);
  button.title = words;
}
