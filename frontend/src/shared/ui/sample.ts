/** The photo that a page offers to try: `data-sample` is its address. */
export async function sampleOf(button: HTMLElement): Promise<File> {
  const address = button.dataset.sample ?? "";
  const blob = await (await fetch(address)).blob();
  const extension = address.split(".").at(-1) ?? "webp";
  return new File([blob], `${button.dataset.name ?? "photo"}.${extension}`, { type: blob.type });
}
