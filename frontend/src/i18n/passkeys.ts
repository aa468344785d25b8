import { passkeysEn } from "./passkeys.en.ts";
import { passkeysKo } from "./passkeys.ko.ts";

/** The dictionary for passkeys: Django says the language in <html lang>. */
export const t = document.documentElement.lang.startsWith("ko") ? passkeysKo : passkeysEn;
