/** The few words the closed widget needs; they travel inside the launcher. */

export type Word =
  | "online"
  | "offline"
  | "back"
  | "one"
  | "many"
  | "minimise"
  | "write"
  | "chat";

export const WORDS: Record<string, Record<Word, string>> = {
  en: {
    online: "Open chat. Consultants are online",
    offline: "Leave a question",
    back: ". We are back on {n}",
    one: "Open chat. 1 new message",
    many: "Open chat. {n} new messages",
    minimise: "Minimise chat",
    write: "Write a message",
    chat: "Chat",
  },
  ru: {
    online: "Открыть чат. Консультанты на связи",
    offline: "Оставить вопрос",
    // Named without a preposition, which would change the weekday.
    back: ". Ответим: {n}",
    one: "Открыть чат. Новое сообщение",
    // Said so that no plural form is needed.
    many: "Открыть чат. Новых сообщений: {n}",
    minimise: "Свернуть чат",
    write: "Напишите сообщение",
    chat: "Чат",
  },
};

export type Say = (word: Word, n?: number | string) => string;

/** Return the words of a language, English where there are none. */
export function wordsFor(lang: string): Say {
  const words = WORDS[lang.slice(0, 2).toLowerCase()] ?? WORDS.en;
  return (word, n = 0) => (words?.[word] ?? "").replace("{n}", `${n}`);
}
