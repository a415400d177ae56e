// Words and numbers in the language of the page. A text that is missing in a language is an error, not a fallback.

import { formatLocale } from "./vendor/d3.js";
import { en } from "./texts/en.js";
import { nl } from "./texts/nl.js";

/** The languages of the page. */
export const LANGUAGES = ["en", "nl"];
const TEXTS = { en, nl };
const LOCALES = {
  en: formatLocale({ decimal: ".", thousands: ",", grouping: [3], currency: ["€", ""], minus: "\u2212" }),
  nl: formatLocale({ decimal: ",", thousands: ".", grouping: [3], currency: ["€", ""], minus: "\u2212" }),
};

/** The words of one language. */
export class Words {
  constructor(language) {
    this.language = language;
  }

  /** Return a text; `{name}` in it is replaced by the value of that name. */
  say(key, values = {}) {
    const text = TEXTS[this.language][key];
    if (text === undefined) throw new Error(`no text ${key} in ${this.language}`);
    return text.replace(/\{(\w+)\}/g, (_, name) => {
      if (values[name] === undefined) throw new Error(`text ${key} needs ${name}`);
      return String(values[name]);
    });
  }

  /** Return the text of a key, or null where there is none. */
  maybe(key) {
    return TEXTS[this.language][key] ?? null;
  }

  /** Return a title that the model has in both languages. */
  title(title) {
    return title[this.language];
  }

  /** Return a number with a fixed number of decimals, a true minus sign, and never minus zero. */
  number(value, places = 0, plus = false) {
    if (value === null || value === undefined) return this.say("undefined");
    const zero = Number(Math.abs(value).toFixed(places)) === 0;
    return LOCALES[this.language].format(`${plus && !zero ? "+" : ""},.${places}f`)(zero ? 0 : value);
  }

  /** Return a number of runs in words. */
  runs(count) {
    return this.say(count === 1 ? "runs.one" : "runs.many", { count: this.number(count) });
  }

  /** Return a number in up to three figures, as for a level or a parameter. */
  short(value) {
    if (value === null || value === undefined) return this.say("undefined");
    if (Number.isInteger(value)) return this.number(value);
    const places = Math.min(Math.max(2 - Math.floor(Math.log10(Math.abs(value))), 0), 6);
    return this.number(Number(value.toFixed(places)), Math.max(countDecimals(Number(value.toFixed(places))), 0));
  }

  /** Return a day, as 1 August 2019. */
  date(iso) {
    const [year, month, day] = iso.split("-").map(Number);
    return `${day} ${this.month(month)} ${year}`;
  }

  month(number) {
    return this.say("months").split(" ")[number - 1];
  }
}

function countDecimals(value) {
  const text = String(value);
  if (text.includes("e")) return 6;
  return text.includes(".") ? text.split(".")[1].length : 0;
}

export const textKeys = (language) => Object.keys(TEXTS[language]).sort();
