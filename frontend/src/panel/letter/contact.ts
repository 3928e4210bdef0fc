/** What a visitor wrote into the one free field; the server has the last word. */

export type ContactKind =
  | ""
  | "email"
  | "phone"
  | "telegram"
  | "whatsapp"
  | "viber"
  | "vk"
  | "link"
  | "noted";

const EMAIL = /^[^\s@,;<>"]{1,64}@[^\s@,;<>"]+\.[^\s@,;<>".]{2,}$/;
const ADDRESS = /^(?:https?:\/\/)?(?:[\w-]+\.)+[a-zа-яё]{2,}(?:[/?#]\S*)?$/i;
const PHONE = /^[+(]?[\d\s().\-–‑/]{5,24}\d$/;
const NAMED: [ContactKind, RegExp][] = [
  ["telegram", /^(?:telegram|telega|tg|t\.me|телеграмм?|телега|тг)\s*[:\-–—]?\s+\S/i],
  ["whatsapp", /^(?:whats\s?app|whatsup|wa|ват?сапп?|вотсапп?|вацап)\s*[:\-–—]?\s+\S/i],
  ["viber", /^(?:viber|вайбер)\s*[:\-–—]?\s+\S/i],
  ["vk", /^(?:vk|vkontakte|вк|вконтакте)\s*[:\-–—]?\s+\S/i],
];
const PROFILES: [ContactKind, RegExp][] = [
  ["telegram", /^(?:https?:\/\/)?(?:t|telegram)\.me\/@?[a-z][\w]{3,31}\/?$/i],
  ["vk", /^(?:https?:\/\/)?(?:www\.|m\.)?vk\.(?:com|ru)\/@?[a-z][\w.]{1,31}\/?$/i],
  ["whatsapp", /^(?:https?:\/\/)?wa\.me\/\d+\/?$/i],
];

/** Tell whether it is meant as an e-mail address and cannot be one yet. */
export function isUnfinished(text: string): boolean {
  const given = text.trim();
  return kindOf(given) === "email" && !EMAIL.test(given);
}

/** Return the kind of a contact, empty where there is none. */
export function kindOf(text: string): ContactKind {
  const given = text.trim().replace(/\s+/g, " ");
  if (!given) {
    return "";
  }
  const isMeantAsEmail = /^[^@\s]+@[^@\s]*$/.test(given);
  if (EMAIL.test(given) || isMeantAsEmail) {
    return "email";
  }
  const named = [...NAMED, ...PROFILES].find(([, pattern]) => pattern.test(given));
  if (named) {
    return named[0];
  }
  if (ADDRESS.test(given)) {
    return "link";
  }
  const digits = given.replace(/\D/g, "").length;
  if (PHONE.test(given) && digits >= 7 && digits <= 15) {
    return "phone";
  }
  return /^@[A-Za-z]\w{3,31}$/.test(given) ? "telegram" : "noted";
}
