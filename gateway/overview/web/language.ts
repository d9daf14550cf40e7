/** The language that everything on the page is written in, with its forms of numbers and times. */
import { createContext, useContext } from "react";
import { type Language, type Texts, textsIn } from "./texts.ts";

export interface Spoken {
  readonly language: Language;
  readonly texts: Texts;
  readonly number: (value: number) => string;
  /** 0.25 → 25 % */
  readonly share: (value: number) => string;
  /** The time of day; before today, with its day. */
  readonly time: (at: string) => string;
}

export const SpokenContext = createContext<Spoken | undefined>(undefined);

export function useSpoken(): Spoken {
  const spoken = useContext(SpokenContext);
  if (spoken === undefined) throw new Error("no language is chosen");
  return spoken;
}

export function speak(language: Language): Spoken {
  const locale = language === "vi" ? "vi-VN" : "en-GB";
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const share = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: "medium" });
  const calendar = new Intl.DateTimeFormat(locale, { dateStyle: "short", timeStyle: "medium" });
  return {
    language,
    texts: textsIn(language),
    number: (value) => number.format(value),
    share: (value) => share.format(value),
    time(at) {
      const date = new Date(at);
      const isToday = date.toDateString() === new Date().toDateString();
      return (isToday ? clock : calendar).format(date);
    },
  };
}
