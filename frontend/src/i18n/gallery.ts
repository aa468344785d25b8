import { galleryEn } from "./gallery.en.ts";
import { galleryKo } from "./gallery.ko.ts";

/** The gallery's dictionary: Django says the language in <html lang>. */
export const t = document.documentElement.lang.startsWith("ko") ? galleryKo : galleryEn;
