// The answer as HTML blocks from our own service, which rendered and sanitised them. Only what changed is replaced.

import { h } from "./dom.js";
import { date, t } from "./words.js";

/** Of the 16 ms of a frame: to lay out and paint what was put in takes three times as long. */
const FRAME_MS = 3;
/** A page that nobody looks at draws no frames; what is to be done is done all the same. */
const UNSEEN_MS = 250;

/**
 * Work for the next frame.
 * @param {() => void} work
 * @returns {() => void} calls it off
 */
function soon(work) {
  let waits = true;
  const go = () => {
    if (waits) (waits = false), work();
  };
  requestAnimationFrame(go);
  setTimeout(go, UNSEEN_MS);
  return () => (waits = false);
}

/** Shows blocks in an element; changes are gathered and applied once a frame. */
export class Blocks {
  /** @param {HTMLElement} el @param {(block: Element) => void} dress called for each new block */
  constructor(el, dress) {
    this.el = el;
    this.dress = dress;
    /** @type {string[]} */
    this.html = [];
    /** @type {Set<number>} */
    this.dirty = new Set();
    /** @type {(() => void) | null} */
    this.frame = null;
    /** @type {(() => void) | null | undefined} */
    this.settled = null;
  }

  /**
   * One change: `block keep html`, or `=count`.
   * @param {string} line
   */
  change(line) {
    if (line[0] === "=") {
      this.html.length = Number(line.slice(1));
    } else {
      const [, place, keep, html] = /** @type {RegExpExecArray} */ (/^(\d+) (\d+) ([^]*)$/.exec(line));
      const at = Number(place);
      this.html[at] = (this.html[at] ?? "").slice(0, Number(keep)) + html;
      this.dirty.add(at);
    }
    this.frame ||= soon(() => this.show());
  }

  /** Put what changed on the screen; what would make the frame late comes with the next one. */
  show() {
    this.frame?.();
    this.frame = null;
    const ends = performance.now() + FRAME_MS;
    while (this.el.children.length > this.html.length) this.el.lastElementChild?.remove();
    for (const at of [...this.dirty].sort((a, b) => a - b)) {
      this.dirty.delete(at);
      if (at < this.html.length) this.put(at);
      if (this.dirty.size && performance.now() > ends) {
        this.frame = soon(() => this.show());
        return;
      }
    }
    const then = this.settled;
    this.settled = null;
    if (then) soon(then);
  }

  /** @param {number} at */
  put(at) {
    const fresh = document.createElement("div");
    fresh.className = "block";
    fresh.innerHTML = this.html[at];
    this.dress(fresh);
    const old = this.el.children[at];
    const place = old ? marksIn(old).indexOf(/** @type {HTMLElement} */ (document.activeElement)) : -1;
    if (old) old.replaceWith(fresh);
    else this.el.append(fresh);
    if (place >= 0) marksIn(fresh)[place]?.focus({ preventScroll: true });
  }

  /**
   * All blocks; those that stand already are left alone.
   * @param {string[]} all
   * @param {() => void} then called when they stand
   */
  settle(all, then) {
    all.forEach((html, at) => {
      if (this.html[at] !== html) this.dirty.add(at);
      this.html[at] = html;
    });
    this.html.length = all.length;
    this.settled = then;
    this.frame ||= soon(() => this.show());
  }
}

/**
 * @param {ParentNode} el
 * @returns {HTMLElement[]}
 */
export const marksIn = (el) => [...el.querySelectorAll(".mark")].map((mark) => /** @type {HTMLElement} */ (mark));

const GLYPHS = { supported: "✓", unsupported: "?", contradicted: "≠" };
export const WORDS = /** @type {Record<string, string>} */ ({ supported: "v_supported", unsupported: "v_unsupported", contradicted: "v_contradicted", unchecked: "v_unchecked", none: "v_none" });

/**
 * The sign of a verdict.
 * @param {string} verdict
 */
export const glyph = (verdict) => /** @type {Record<string, string>} */ (GLYPHS)[verdict] ?? (verdict === "none" ? "—" : "·");

/**
 * Give marks their names and doubtful sentences their words.
 * @param {Element} block
 * @param {(number: number) => any} source by its number
 * @param {any[]} claims
 */
export function dress(block, source, claims) {
  for (const mark of marksIn(block)) {
    const number = Number(mark.dataset.n);
    const verdict = mark.dataset.v || "unchecked";
    const site = source(number)?.site ?? "";
    const name = verdict === "none" ? t("v_none") : t("mark", { number, site, verdict: t(`m_${verdict}`) });
    mark.setAttribute("aria-label", name);
    mark.setAttribute("aria-haspopup", "dialog");
    mark.setAttribute("aria-expanded", "false");
    mark.tabIndex = -1;
  }
  for (const span of block.querySelectorAll(".claim")) {
    const at = Number(/** @type {HTMLElement} */ (span).dataset.c);
    const verdict = claims[at]?.verdict;
    if (verdict === "unsupported" || verdict === "contradicted") span.classList.add(verdict);
  }
  const contradicted = new Set([...block.querySelectorAll(".claim.contradicted")].map((span) => /** @type {HTMLElement} */ (span).dataset.c));
  for (const at of contradicted) {
    const last = [...block.querySelectorAll(`[data-c="${at}"]`)].pop();
    if (!last) continue;
    const tag = document.createElement("span");
    tag.className = "tag";
    tag.textContent = t("w_contradicted");
    last.after(tag);
  }
}

const DISAGREE = /\b(sources|pages) (disagree|differ)|说法不一|不一致/i;

/**
 * What an answer lists as the sides of a disagreement stands side by side, each with where it is from.
 * @param {Element} answer
 * @param {any[]} sources
 */
export function sideBySide(answer, sources) {
  for (const list of answer.querySelectorAll(".block > :is(ul, ol)")) {
    const items = [...list.children];
    const lead = list.parentElement?.previousElementSibling?.textContent ?? list.previousElementSibling?.textContent ?? "";
    if (items.length < 2 || !DISAGREE.test(lead) || !items.every((item) => item.querySelector(".mark"))) continue;
    list.classList.add("sides");
    for (const item of items) {
      const source = sources.find((one) => one.number === Number(marksIn(item)[0].dataset.n));
      if (source) item.append(h("p", { class: "meta" }, source.site + (source.published ? ` · ${date(source.published)}` : "")));
    }
  }
}
