/** What is said about passkeys. Korean (messages.ko.ts) has every key of this. */
export const en = {
  address: (better: string) =>
    better
      ? `Passkeys do not work at this address. Open ${better} for them.`
      : "Passkeys do not work at this address: they need a name and https.",
  browser: "This browser has no passkeys.",
  cancelled: "No passkey was used: it was called off, or took too long. Please try again.",
  known: "This device has a passkey of this account already.",
  failed: "That did not work. Please try again.",
};

export type PasskeysMessages = typeof en;
