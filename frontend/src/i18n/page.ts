import { messagesFor } from "./index.ts";

/** The page's dictionary: Django says the language in <html lang>. */
export const t = messagesFor(document.documentElement.lang);
