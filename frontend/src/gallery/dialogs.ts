/** The gallery's questions: their words stand in the template, their answers are promises. */

function dialog(root: HTMLElement, name: string): HTMLDialogElement {
  const host = root.querySelector<HTMLDialogElement>(`dialog[data-dialog="${name}"]`);
  if (!host) throw new Error(`There is no dialog ${name}.`);
  return host;
}

function part(host: HTMLElement, name: string): HTMLElement {
  return host.querySelector<HTMLElement>(`[data-part="${name}"]`) as HTMLElement;
}

/** @returns what the form says when it is sent, or null when the question is put away. */
async function ask(host: HTMLDialogElement): Promise<FormData | null> {
  host.returnValue = "";
  // The only button that submits is what the dialog is for: Enter presses it.
  host.onclick = (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-close]");
    if (button) host.close(button.dataset.close);
  };
  host.showModal();
  await new Promise((resolve) => host.addEventListener("close", resolve, { once: true }));
  if (host.returnValue === "") return null;
  const data = new FormData(host.querySelector("form") as HTMLFormElement);
  data.set("answer", host.returnValue);
  return data;
}

export interface Name {
  readonly name: string;
  readonly take: boolean;
}

/** Ask for the name of a tag or a collection; some are proposed. */
export async function askName(
  root: HTMLElement,
  what: "tag" | "collect" | "rename",
  proposed: readonly string[],
  value = "",
): Promise<Name | null> {
  const host = dialog(root, "name");
  const title = part(host, "title");
  title.textContent = title.dataset[what] ?? "";
  part(host, "take").hidden = what !== "tag";
  const names = proposed.map((name) =>
    Object.assign(document.createElement("option"), { value: name }),
  );
  host.querySelector("datalist")?.replaceChildren(...names);
  const input = host.querySelector<HTMLInputElement>("input[name=name]") as HTMLInputElement;
  input.value = value;
  const data = await ask(host);
  const name = String(data?.get("name") ?? "").trim();
  return data && name ? { name, take: data.get("answer") === "untag" } : null;
}

export interface Download {
  readonly what: "coloured" | "originals";
  readonly format: string;
  readonly metadata: string;
}

export async function askDownload(root: HTMLElement): Promise<Download | null> {
  const data = await ask(dialog(root, "download"));
  if (!data) return null;
  const what = data.get("what") === "originals" ? "originals" : "coloured";
  return { what, format: String(data.get("format")), metadata: String(data.get("metadata")) };
}

export async function askSure(
  root: HTMLElement,
  title: string,
  words: string,
  ok: string,
): Promise<boolean> {
  const host = dialog(root, "sure");
  part(host, "title").textContent = title;
  part(host, "words").textContent = words;
  part(host, "ok").textContent = ok;
  return (await ask(host)) !== null;
}
