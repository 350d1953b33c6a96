// The catalogue of the page's language, and what is written with it.

export const { lang } = document.documentElement;

const catalogue = /** @type {HTMLTemplateElement} */ (document.getElementById("words"));
/** @type {Record<string, string>} Within the page: nothing is waited for, so that all can be pressed from the start. */
const words = JSON.parse(catalogue.content.textContent ?? "");

/**
 * The words for a key, with `{name}` filled in. A key `x` with a number `n` of 1 takes `x_one` where there is one.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  const one = Number(values.n) === 1 ? words[`${key}_one`] : undefined;
  const text = one ?? words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/**
 * A sentence of the service in the reader's words, where the catalogue has it.
 * @param {{ text: string, key: string, values: Record<string, string> } | null | undefined} one
 */
export const told = (one) => (one?.key && words[one.key] ? t(one.key, one.values) : one?.text ?? "");

/**
 * Milliseconds as seconds, with one decimal, in the reader's words.
 * @param {number} ms
 */
export const seconds = (ms) => t("secs", { s: (ms / 1000).toFixed(1) });

/**
 * A day or an hour in the reader's words.
 * @param {string} iso
 * @param {Intl.DateTimeFormatOptions} [options]
 */
export function date(iso, options = { dateStyle: "medium" }) {
  const day = new Date(iso);
  return Number.isNaN(+day) ? iso : new Intl.DateTimeFormat(lang, options).format(day);
}
