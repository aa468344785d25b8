/** Django says the page's language in <html lang>; English stands in for any that is not here. */
export function isKorean(language: string): boolean {
  return language.toLowerCase().split("-")[0] === "ko";
}

/** The page's dictionary out of one for each language. */
export function messagesOf<Messages>(dictionaries: { en: Messages; ko: Messages }): Messages {
  return isKorean(document.documentElement.lang) ? dictionaries.ko : dictionaries.en;
}
