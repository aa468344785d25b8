/** What the front page says of an upload. */
import { messagesOf } from "../shared/i18n/index.ts";

const en = {
  dropHere: "Drop the photo to colour it",
  uploading: (name: string, percent: number) => `Sending ${name}: ${percent} %`,
  stalled: (name: string) => `${name}: the connection is lost. Sending goes on when it is back.`,
  preparing: (name: string) => `Opening ${name} …`,
};

const ko: typeof en = {
  dropHere: "사진을 놓으면 채색합니다",
  uploading: (name, percent) => `${name} 보내는 중: ${percent} %`,
  stalled: (name) => `${name}: 연결이 끊겼습니다. 다시 연결되면 이어서 보냅니다.`,
  preparing: (name) => `${name} 여는 중 …`,
};

export const t = messagesOf({ en, ko });
