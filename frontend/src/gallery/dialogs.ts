/** The gallery's questions: their words stand in the template, their answers are promises. */

function dialog(root: HTMLElement, name: string): HTMLDialogElement {
  const found = root.querySelector<HTMLDialogElement>(`dialog[data-dialog="${name}"]`);
  if (!found) throw new Error(`There is no dialog ${name}.`);
  return found;
}

function part(host: HTMLElement, name: string): HTMLElement {
  return host.querySelector<HTMLElement>(`[data-part="${name}"]`) as HTMLElement;
}

/** @returns what the form says when it is sent, or null when the question is put away. */
async function answer(host: HTMLDialogElement): Promise<FormData | null> {
  host.returnValue = "";
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
  const said = await answer(host);
  const name = String(said?.get("name") ?? "").trim();
  return said && name ? { name, take: said.get("answer") === "untag" } : null;
}

export interface Download {
  readonly what: "coloured" | "originals";
  readonly format: string;
}

export async function askDownload(root: HTMLElement): Promise<Download | null> {
  const said = await answer(dialog(root, "download"));
  if (!said) return null;
  const what = said.get("what") === "originals" ? "originals" : "coloured";
  return { what, format: String(said.get("format")) };
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
  return (await answer(host)) !== null;
}
