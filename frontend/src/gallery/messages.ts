import { messagesOf } from "../shared/i18n/index.ts";
import { en } from "./messages.en.ts";
import { ko } from "./messages.ko.ts";

/** The gallery's words in the page's language. */
export const t = messagesOf({ en, ko });
