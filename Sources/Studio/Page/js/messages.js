// The page's words, by one file for each language; chosen by the browser, with ?lang= for a look at the other.

const LANGUAGES = ["en", "ko"];
let words = {};
let language = "en";
let plural = new Intl.PluralRules("en");

export async function loadMessages() {
  const asked = new URLSearchParams(location.search).get("lang");
  const wanted = [asked, ...navigator.languages].filter(Boolean).map((tag) => tag.slice(0, 2).toLowerCase());
  language = wanted.find((tag) => LANGUAGES.includes(tag)) ?? "en";
  plural = new Intl.PluralRules(language);
  document.documentElement.lang = language;
  words = await (await fetch(`/page/messages/${language}.json`)).json();
}

/** The message under `key`; `{name}` stands for a value. A message may have forms by `values.n`: `{"one": …, "other": …}`. */
export function t(key, values = {}) {
  let text = words[key] ?? key;
  if (typeof text === "object") text = text[plural.select(values.n)] ?? text.other;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export const has = (key) => key in words;

export const number = (value, digits = 0) =>
  new Intl.NumberFormat(language, { maximumFractionDigits: digits, minimumFractionDigits: digits }).format(value);

export const percent = (value) => new Intl.NumberFormat(language, { style: "percent" }).format(value);

export function bytes(count) {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let unit = 0;
  let value = count;
  while (value >= 1000 && unit < units.length - 1) { value /= 1000; unit += 1; }
  return `${number(value, unit === 0 || value >= 100 ? 0 : 1)} ${units[unit]}`;
}

/** A length of time in words: 8 s, 1 min 20 s, 2 h 5 min; a short one with its tenths. */
export function duration(seconds) {
  if (seconds > 0 && seconds < 9.95) return t("time.s", { n: number(seconds, 1) });
  const whole = Math.max(0, Math.round(seconds));
  const parts = [["time.h", Math.floor(whole / 3600)], ["time.min", Math.floor(whole / 60) % 60], ["time.s", whole % 60]];
  const from = Math.max(0, parts.findIndex(([, n]) => n > 0));
  const told = parts.slice(from, from + 2).filter(([, n]) => n > 0);
  return (told.length > 0 ? told : [["time.s", 0]]).map(([key, n]) => t(key, { n })).join(" ");
}

/** Minutes, seconds and frames of a place in the clip: 00:04:12. */
export function timecode(frame, [numerator, denominator]) {
  const rate = numerator / denominator;
  const seconds = Math.floor(frame / rate + 1e-6);
  const rest = Math.floor(frame - seconds * rate + 1e-6);
  const two = (value) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  return `${hours ? `${hours}:` : ""}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}:${two(rest)}`;
}

export function ago(iso) {
  const seconds = (Date.now() - new Date(iso).getTime()) / 1000;
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  if (seconds < 90) return format.format(0, "minute");
  if (seconds < 5400) return format.format(-Math.round(seconds / 60), "minute");
  if (seconds < 129600) return format.format(-Math.round(seconds / 3600), "hour");
  return format.format(-Math.round(seconds / 86400), "day");
}

/** Puts messages where the document asks for them: `data-t` for text, `data-label` for name and tooltip. */
export function translateDocument() {
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll("[data-label]")) {
    const text = t(node.dataset.label);
    node.setAttribute("aria-label", text);
    if (node.matches("button")) node.title = node.dataset.keys ? `${text} (${node.dataset.keys})` : text;
  }
}
