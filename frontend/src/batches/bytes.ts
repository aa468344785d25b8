/** Bytes for people: "45 MB". */
export function bytesInWords(bytes: number): string {
  const units = ["kB", "MB", "GB"];
  let value = bytes / 1024;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1024;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
