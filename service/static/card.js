// The card of a mark: the verdict, the page's own words, where they stand. The same by mouse, keyboard and touch.

import { WORDS, glyph, marksIn } from "./blocks.js";
import { button, copy, h, narrow, outward, sheet, toast } from "./dom.js";
import { turnOf } from "./turn.js";
import { date, t, told } from "./words.js";

const OPEN_MS = 120;
const LEAVE_MS = 200;
const GAP = 6;
const QUOTED_WORDS = 6;

/** @type {{ mark: HTMLElement, el: HTMLElement, pinned: boolean } | null} */
let open = null;
let timer = 0;
/** Whether focus comes back to a mark whose card was just closed. */
let returning = false;

export const cardOpen = () => open !== null;

/** @param {boolean} [back] whether focus returns to the mark */
export function closeCard(back = false) {
  clearTimeout(timer);
  if (!open) return;
  const { mark, el } = open;
  open = null;
  mark.setAttribute("aria-expanded", "false");
  lit(mark, false);
  if (el instanceof HTMLDialogElement) el.close();
  else el.remove();
  returning = true;
  if (back && mark.isConnected) mark.focus({ preventScroll: true });
  returning = false;
}

/**
 * @param {HTMLElement} mark
 * @param {boolean} [pinned] whether it stays when the pointer leaves
 */
export function openCard(mark, pinned = false) {
  if (open?.mark === mark) {
    open.pinned ||= pinned;
    return;
  }
  closeCard();
  const turn = turnOf(mark);
  if (!turn) return;
  const content = contents(mark, turn);
  mark.setAttribute("aria-expanded", "true");
  lit(mark, true);
  if (narrow()) {
    const el = sheet(t("card"), content, { kind: "card-sheet", onclose: () => open?.el === el && ((open = null), mark.setAttribute("aria-expanded", "false"), lit(mark, false)) });
    open = { mark, el, pinned: true };
    keepInView(mark, el);
    return;
  }
  const el = h("div", { class: "card", role: "dialog", "aria-label": t("card") }, content);
  el.addEventListener("pointerenter", () => clearTimeout(timer));
  el.addEventListener("pointerleave", leave);
  document.body.append(el);
  place(el, mark);
  open = { mark, el, pinned };
}

function leave() {
  clearTimeout(timer);
  if (open && !open.pinned) timer = setTimeout(closeCard, LEAVE_MS);
}

/** Listen once, for all marks there will ever be. */
export function watchMarks() {
  document.addEventListener("pointerover", (event) => {
    const mark = markAt(event.target);
    if (!mark || event.pointerType === "touch") return;
    clearTimeout(timer);
    timer = setTimeout(() => openCard(mark), OPEN_MS);
  });
  document.addEventListener("pointerout", (event) => {
    if (markAt(event.target) && event.pointerType !== "touch") leave();
  });
  document.addEventListener("focusin", (event) => {
    const mark = markAt(event.target);
    if (mark) rove(mark);
    if (mark && !returning && !narrow() && mark.matches(":focus-visible")) openCard(mark);
    else if (open && !open.pinned && !open.el.contains(/** @type {Node} */ (event.target))) closeCard();
  });
  document.addEventListener("click", (event) => {
    const mark = markAt(event.target);
    if (mark) {
      event.preventDefault();
      if (open?.mark === mark && open.pinned) return closeCard(true);
      openCard(mark, true);
      if (event.detail === 0) /** @type {HTMLElement | null} */ (open?.el.querySelector("a, button"))?.focus({ preventScroll: true });
    } else if (open && !(open.el instanceof HTMLDialogElement) && !open.el.contains(/** @type {Node} */ (event.target))) closeCard();
  });
  addEventListener("scroll", () => open && !(open.el instanceof HTMLDialogElement) && place(open.el, open.mark), { passive: true });
  addEventListener("resize", () => closeCard());
}

/** @param {EventTarget | null} target @returns {HTMLElement | null} */
const markAt = (target) => (target instanceof Element ? target.closest(".mark") : null);

/** One stop of the Tab key for all marks of an answer: the last one visited. @param {HTMLElement} mark */
function rove(mark) {
  const answer = mark.closest(".answer");
  for (const one of answer ? marksIn(answer) : []) one.tabIndex = one === mark ? 0 : -1;
}

/** @param {HTMLElement} mark @param {boolean} on */
function lit(mark, on) {
  const answer = mark.closest(".answer");
  const at = mark.dataset.c;
  if (answer && at) for (const span of answer.querySelectorAll(`.claim[data-c="${at}"]`)) span.classList.toggle("lit", on);
}

/** @param {HTMLElement} el @param {HTMLElement} mark */
function place(el, mark) {
  const at = mark.getBoundingClientRect();
  const claim = [...(mark.closest(".answer")?.querySelectorAll(`.claim[data-c="${mark.dataset.c}"]`) ?? [])].flatMap((span) => [...span.getClientRects()]);
  const top = Math.min(at.top, ...claim.map((box) => box.top));
  const bottom = Math.max(at.bottom, ...claim.map((box) => box.bottom));
  const { width, height } = el.getBoundingClientRect();
  const composer = document.querySelector("#ask .box")?.getBoundingClientRect().top ?? innerHeight;
  const below = bottom + GAP + height <= composer || top - GAP - height < 0;
  const left = Math.max(12, Math.min(at.left + at.width / 2 - width / 2, innerWidth - width - 12));
  el.style.left = `${left}px`;
  el.style.top = `${below ? bottom + GAP : top - GAP - height}px`;
}

/** @param {HTMLElement} mark @param {HTMLElement} el */
function keepInView(mark, el) {
  const bottom = mark.getBoundingClientRect().bottom;
  const over = bottom - el.getBoundingClientRect().top + 24;
  if (over > 0) scrollBy({ top: over });
}

/**
 * @param {HTMLElement} mark
 * @param {import("./turn.js").Turn} turn
 */
function contents(mark, turn) {
  const number = Number(mark.dataset.n);
  const claim = mark.dataset.c === undefined ? null : turn.view?.claims[Number(mark.dataset.c)];
  const source = turn.sources.find((one) => one.number === number);
  const passage = passageOf(turn.view, claim, number);
  const verdict = number ? passage?.verdict ?? "unchecked" : "none";
  const strip = h("p", { class: `verdict ${verdict}` }, h("span", { "aria-hidden": "true" }, `${glyph(verdict)} `), t(/** @type {any} */ (WORDS)[verdict], { reason: turn.running ? t("not_yet") : t("not_a_claim") }));
  return [strip, ...words(claim, passage, verdict), source ? about(source) : null, actions(mark, claim, passage, source)];
}

/**
 * What one source says to a claim.
 * @param {any} view
 * @param {any} claim
 * @param {number} number
 */
function passageOf(view, claim, number) {
  const found = claim?.passages?.find((/** @type {any} */ one) => one.number === number);
  return found && { other: [], ...found, ...view.texts[found.at] };
}

/**
 * @param {any} claim
 * @param {any} passage
 * @param {string} verdict
 */
function words(claim, passage, verdict) {
  if (!passage?.text) {
    const reason = claim ? told(claim.reason) : "";
    return [reason ? h("p", { class: "why" }, reason) : null];
  }
  const beside = (/** @type {string} */ text) => (text ? h("span", { class: "beside" }, text) : null);
  const quote = h("blockquote", { class: "quote" }, beside(passage.before), passage.before ? " " : null, cut(passage), passage.after ? " " : null, beside(passage.after));
  if (verdict === "contradicted" && claim.says) {
    const [here, there] = claim.says;
    return [
      h("dl", { class: "says" }, h("dt", null, t("answer_says")), h("dd", null, h("b", { class: "differs" }, here)), h("dt", null, t("page_says")), h("dd", null, h("b", { class: "differs" }, there))),
      quote,
    ];
  }
  const reason = verdict === "supported" || !claim.reason ? "" : told(claim.reason);
  return [reason ? h("p", { class: "why" }, reason) : null, verdict === "unsupported" ? h("p", { class: "why" }, t("closest")) : null, quote];
}

/**
 * The words of a page, those it shares with the claim marked, those that stand against it otherwise.
 * @param {{ text: string, same: number[], other: number[] }} quote
 */
export function cut({ text, same, other }) {
  const spans = [same, other].flatMap((ends, kind) => ends.flatMap((end, at) => (at % 2 ? [] : [[end, ends[at + 1], kind]])));
  /** @type {(Node | string)[]} */
  const parts = [];
  let at = 0;
  for (const [start, end, kind] of spans.sort((a, b) => a[0] - b[0])) {
    parts.push(text.slice(at, start), kind ? h("b", { class: "differs" }, text.slice(start, end)) : h("mark", null, text.slice(start, end)));
    at = end;
  }
  return [...parts, text.slice(at)];
}

/** @param {any} source */
function about(source) {
  const address = source.url.replace(/^https?:\/\//, "");
  const facts = [source.published ? t("published", { date: date(source.published) }) : "", t("read_at", { time: date(source.fetched_at, { dateStyle: "medium", timeStyle: "short" }) })].filter(Boolean);
  return h("div", { class: "where" }, tile(source), h("div", null, h("p", { class: "of" }, source.title || source.site), h("p", { class: "meta address" }, address), h("p", { class: "meta" }, facts.join(" · "))));
}

/**
 * A letter instead of a picture from elsewhere.
 * @param {any} source
 */
export const tile = (source) => h("span", { class: "tile", "aria-hidden": "true" }, (source.site || "?")[0].toUpperCase());

/**
 * @param {HTMLElement} mark
 * @param {any} claim
 * @param {any} passage
 * @param {any} source
 */
function actions(mark, claim, passage, source) {
  const same = marksIn(/** @type {Element} */ (mark.closest(".answer"))).filter((one) => one.dataset.c !== undefined && one.dataset.c === mark.dataset.c);
  const at = same.indexOf(mark);
  const quote = passage?.text ?? "";
  const row = h("div", { class: "actions" });
  if (source) row.append(outward(source.url + fragment(quote), { class: "button", title: t("new_tab") }, t("open_page"), h("span", { class: "vh" }, ` (${t("new_tab")})`)));
  if (quote) row.append(button("copy_quote", () => copy(`“${quote.trim()}” (${source?.title ?? ""}, ${source?.url ?? ""})`).then(() => toast(t("quote_copied")))));
  if (same.length > 1) {
    const go = (/** @type {number} */ step) => () => openCard(same[(at + step + same.length) % same.length], true);
    row.append(h("button", { "aria-label": t("previous_source"), title: t("previous_source"), onclick: go(-1) }, "←"), h("button", { "aria-label": t("next_source"), title: t("next_source"), onclick: go(1) }, "→"));
  }
  return row.children.length ? row : null;
}

/** The part of an address that makes the browser scroll to the passage. @param {string} quote */
function fragment(quote) {
  const words = quote.trim().split(/\s+/).filter(Boolean);
  const code = (/** @type {string[]} */ some) => encodeURIComponent(some.join(" ")).replace(/-/g, "%2D");
  if (!words.length) return "";
  if (words.length <= QUOTED_WORDS * 2) return `#:~:text=${code(words)}`;
  return `#:~:text=${code(words.slice(0, QUOTED_WORDS))},${code(words.slice(-QUOTED_WORDS))}`;
}
