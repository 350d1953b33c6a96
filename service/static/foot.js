// What stands below an answer: what was checked and how it came out, where sources disagree, what to ask next.

import { glyph } from "./blocks.js";
import { h } from "./dom.js";
import { t, told } from "./words.js";

/** Warnings that tell of an answer without its end. */
const CUT = ["note_cut", "note_long"];

/**
 * Whether a sentence should not be believed as it stands.
 * @param {any} claim
 */
export const doubtful = (claim) => claim.verdict === "unsupported" || claim.verdict === "contradicted";

/**
 * The warning that the answer is without its end, if it is.
 * @param {any} view
 */
export const cutShort = (view) => view.warnings.find((/** @type {any} */ one) => CUT.includes(one.key));

/**
 * A button that says when it is worth pressing, and can be pressed then.
 * @param {HTMLButtonElement} el
 * @param {number} left seconds
 */
export function countDown(el, left) {
  const words = el.textContent ?? "";
  const tick = () => {
    el.disabled = left > 0;
    el.textContent = left > 0 ? `${words} (${left} s)` : words;
    if (left-- > 0) setTimeout(tick, 1000);
  };
  tick();
}

/**
 * @param {any} view
 * @param {number} pages
 * @param {Element} answer
 */
export function notes(view, pages, answer) {
  const said = view.warnings.filter((/** @type {any} */ one) => one.key !== "corrected" && !CUT.includes(one.key));
  const list = said.map((/** @type {any} */ one) => h("p", { class: "note", lang: one.key ? null : "en" }, told(one)));
  // Most answers that found nothing say themselves what was searched for.
  if (view.abstained && pages && !view.searches.every((/** @type {any} */ one) => answer.textContent?.includes(one.query))) {
    const queries = view.searches.map((/** @type {any} */ one) => `“${one.query}”`).join(", ");
    list.unshift(h("p", { class: "note" }, t("nothing_found", { queries })));
  } else if (pages === 1 && !view.abstained) list.push(h("p", { class: "note" }, t("thin", { n: 1 })));
  return list;
}

/**
 * Sentences that one of their sources supports and another contradicts, with both passages side by side.
 * @param {any} view
 * @param {Element} answer
 */
export function disagreements(view, answer) {
  return view.claims.flatMap((/** @type {any} */ claim, /** @type {number} */ at) => {
    const verdicts = (claim.passages ?? []).map((/** @type {any} */ one) => one.verdict);
    if (!verdicts.includes("supported") || !verdicts.includes("contradicted")) return [];
    const sides = claim.passages.map((/** @type {any} */ one) => {
      const source = view.sources.find((/** @type {any} */ other) => other.number === one.number);
      return h("li", null, h("p", { class: `verdict ${one.verdict}` }, `${glyph(one.verdict)} ${one.number} · ${source?.site ?? ""}`), h("blockquote", { class: "quote" }, view.texts[one.at].text));
    });
    return [h("div", { class: "disagree" }, h("h3", null, t("disagree")), h("p", null, [...answer.querySelectorAll(`.claim[data-c="${at}"]`)].map((span) => span.textContent).join("")), h("ul", { class: "sides" }, sides))];
  });
}

/**
 * What was checked and how it came out; each number leads to the first such sentence.
 * @param {any} view
 * @param {Element} answer
 */
export function summary(view, answer) {
  const checked = view.claims.filter((/** @type {any} */ claim) => claim.verdict !== "unchecked");
  const gone = view.removed.length;
  if (!checked.length && !gone) return null;
  const parts = ["supported", "unsupported", "contradicted"].map((verdict) => {
    const n = checked.filter((/** @type {any} */ claim) => claim.verdict === verdict).length;
    return n ? h("button", { class: `count ${verdict}`, onclick: () => jump(view, answer, verdict) }, h("span", { "aria-hidden": "true" }, `${glyph(verdict)} `), t(`n_${verdict}`, { n })) : null;
  });
  const bad = checked.some((/** @type {any} */ claim) => claim.verdict !== "supported");
  const hide = bad ? h("label", { class: "switch" }, h("input", { type: "checkbox", onchange: (/** @type {any} */ event) => answer.classList.toggle("only-supported", event.target.checked) }), t("hide_unsupported")) : null;
  const removed = gone ? h("details", { class: "removed" }, h("summary", null, t("n_removed", { n: gone })), h("ul", null, view.removed.map((/** @type {string} */ text) => h("li", null, text)))) : null;
  const line = checked.length ? h("div", { class: "summary" }, h("span", null, t("n_checked", { n: checked.length })), parts, hide) : null;
  return h("div", null, line, removed);
}

/**
 * @param {any} view
 * @param {Element} answer
 * @param {string} verdict
 */
function jump(view, answer, verdict) {
  const at = view.claims.findIndex((/** @type {any} */ claim) => claim.verdict === verdict);
  const mark = /** @type {HTMLElement | null} */ (answer.querySelector(`.mark[data-c="${at}"]`));
  const place = mark ?? answer.querySelector(`[data-c="${at}"]`);
  place?.scrollIntoView({ block: "center" });
  mark?.focus({ preventScroll: true });
}

/**
 * @param {any} view
 * @param {(question: string) => void} ask
 */
export function related(view, ask) {
  if (!view.related.length) return null;
  const items = view.related.map((/** @type {string} */ question) => {
    const href = `/?q=${encodeURIComponent(question)}`;
    const onclick = (/** @type {MouseEvent} */ event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      ask(question);
    };
    return h("li", null, h("a", { href, onclick }, question));
  });
  return h("div", { class: "related" }, h("h3", null, t("related")), h("ul", null, items));
}
