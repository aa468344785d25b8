import { messagesOf } from "../shared/i18n/index.ts";
import { en } from "./messages.en.ts";
import { ko } from "./messages.ko.ts";

/** What is said about passkeys, in the page's language. */
export const t = messagesOf({ en, ko });
