import type { PasskeysMessages } from "./messages.en.ts";

export const ko: PasskeysMessages = {
  address: (better) =>
    better
      ? `이 주소에서는 패스키를 쓸 수 없습니다. ${better} 주소로 열어 주세요.`
      : "이 주소에서는 패스키를 쓸 수 없습니다. 도메인 이름과 https가 필요합니다.",
  browser: "이 브라우저에서는 패스키를 쓸 수 없습니다.",
  cancelled: "패스키를 쓰지 못했습니다. 취소되었거나 시간이 지났습니다. 다시 시도해 주세요.",
  known: "이 기기에는 이 계정의 패스키가 이미 있습니다.",
  failed: "처리하지 못했습니다. 다시 시도해 주세요.",
};
