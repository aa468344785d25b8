import { en } from "../i18n/batches.en.ts";
import { ko } from "../i18n/batches.ko.ts";

const LANGUAGE = document.documentElement.lang.toLowerCase().split("-")[0];

/** The page's dictionary: Django says the language in <html lang>. */
export const t = LANGUAGE === "ko" ? ko : en;

/** Bytes for people: "45 MB". */
export function size(bytes: number): string {
  const units = ["kB", "MB", "GB"];
  let value = bytes / 1024;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1024;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
