// Keys, and the sheet that tells them. Single letters count outside of fields only, and can be switched off.

import { marksIn } from "./blocks.js";
import { h, sheet } from "./dom.js";
import { keep, kept } from "./keep.js";
import { t } from "./words.js";

/** @typedef {Record<string, () => void>} Acts by the name of what is done */

/** Keys without Ctrl and what they do. */
const SINGLE = { "/": "focus_box", n: "next_problem", p: "previous_problem", "[": "previous_mark", "]": "next_mark", s: "show_sources", "?": "show_help" };
/** Keys with Ctrl (⌘ on a Mac). */
const WITH_CTRL = { k: "open_history", "shift+o": "new_question", "shift+c": "copy_answer" };

/** @param {Acts} acts */
export function watchKeys(acts) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey) {
      const name = /** @type {Record<string, string>} */ (WITH_CTRL)[event.shiftKey ? `shift+${key}` : key];
      if (name) event.preventDefault(), acts[name]();
      return;
    }
    if (key === "escape") return acts.close();
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.altKey || target.matches("input, textarea, select") || document.querySelector("dialog[open]")) return;
    if (target.matches(".mark") && (key === "arrowleft" || key === "arrowright")) {
      event.preventDefault();
      return step(target, key === "arrowright" ? 1 : -1);
    }
    const name = /** @type {Record<string, string>} */ (SINGLE)[key];
    if (!name || kept("letters") === "off") return;
    event.preventDefault();
    acts[name]();
  });
}

/**
 * From one mark to another of the same answer.
 * @param {HTMLElement} mark
 * @param {number} by
 */
export function step(mark, by) {
  const marks = marksIn(/** @type {Element} */ (mark.closest(".answer")));
  marks[(marks.indexOf(mark) + by + marks.length) % marks.length].focus();
}

/**
 * To the next mark among all answers.
 * @param {number} by
 * @param {string} [which] selector of the marks that count
 */
export function toMark(by, which = ".mark") {
  const all = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(`.answer ${which}`)]);
  if (!all.length) return;
  const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length];
  next.scrollIntoView({ block: "center" });
  next.focus({ preventScroll: true });
}

export function showHelp() {
  const rows = [
    ["Enter", "key_send"],
    ["Shift+Enter", "key_line"],
    ["Esc", "key_stop"],
    ["← →", "key_marks"],
    ...Object.entries(SINGLE).map(([key, name]) => [key, name]),
    ...Object.entries(WITH_CTRL).map(([key, name]) => [`Ctrl+${key.replace("shift+", "Shift+").replace(/\w$/, (last) => last.toUpperCase())}`, name]),
  ];
  const letters = h("input", { type: "checkbox", onchange: (/** @type {any} */ event) => keep("letters", event.target.checked ? "" : "off") });
  /** @type {HTMLInputElement} */ (letters).checked = kept("letters") !== "off";
  sheet(t("keys"), [h("dl", { class: "keys" }, rows.flatMap(([key, name]) => [h("dt", null, h("kbd", null, key)), h("dd", null, t(name))])), h("label", { class: "switch" }, letters, t("letters"))], { side: "middle" });
}
