/** What any page says of an upload. */
import { messagesOf } from "../i18n/index.ts";

const en = {
  offline: "The server could not be reached.",
  refused: (status: number) => `The photo was refused (${status}).`,
};

const ko: typeof en = {
  offline: "서버에 연결할 수 없습니다.",
  refused: (status) => `사진을 받을 수 없습니다 (${status}).`,
};

export const t = messagesOf({ en, ko });
