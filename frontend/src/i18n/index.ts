import { en, type Messages } from "./en.ts";
import { ko } from "./ko.ts";

/** The dictionary of a language tag such as "ko" or "ko-KR"; English for any other. */
export function messagesFor(language: string): Messages {
  return language.toLowerCase().split("-")[0] === "ko" ? ko : en;
}

export type { Messages };
