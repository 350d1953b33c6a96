// The sources of a turn: cited, read and not cited, not read. Beside the answer on wide screens, in a sheet on others.

import { marksIn } from "./blocks.js";
import { byId, h, outward, sheet, wide } from "./dom.js";
import { tile } from "./card.js";
import { date, t, told } from "./words.js";

/** @type {import("./turn.js").Turn | null} */
let shown = null;

/** @param {import("./turn.js").Turn | null} turn */
export function showEvidence(turn) {
  shown = turn;
  const aside = byId("evidence");
  const some = turn !== null && (turn.sources.length > 0 || turn.unread.length > 0);
  aside.hidden = !some;
  if (some) aside.replaceChildren(...list(turn));
}

/** Open the sources: the sheet, or where they stand already. */
export function openEvidence() {
  if (!shown) return;
  if (wide()) return /** @type {HTMLElement | null} */ (byId("evidence").querySelector("a"))?.focus();
  const [head, ...rest] = list(shown);
  sheet(head.textContent ?? "", rest, { kind: "evidence" });
}

/** @param {import("./turn.js").Turn} turn */
function list(turn) {
  const cited = new Set(marksIn(turn.answer).map((mark) => Number(mark.dataset.n)));
  const ordered = [...turn.sources].sort((a, b) => a.number - b.number);
  const used = turn.view ? ordered.filter((source) => cited.has(source.number)) : ordered;
  const other = turn.view ? ordered.filter((source) => !cited.has(source.number)) : [];
  const n = turn.sources.length;
  // Of pages that were read, those with nothing to the question are no sources.
  const read = turn.stages.read;
  const failed = turn.unread.length ? t("and_failed", { n: turn.unread.length }) : "";
  return [
    h("h2", null, t(read > n ? "sources_of" : "sources_head", { n, read }) + failed),
    part("", used, turn),
    part("not_cited", other, turn),
    turn.unread.length ? h("section", null, h("h3", null, t("could_not_read")), h("ul", null, turn.unread.map(unread))) : null,
  ].filter((one) => one !== null);
}

/**
 * @param {string} key
 * @param {any[]} sources
 * @param {import("./turn.js").Turn} turn
 */
function part(key, sources, turn) {
  if (!sources.length) return null;
  return h("section", null, key ? h("h3", null, t(key)) : null, h("ul", null, sources.map((source) => row(source, turn))));
}

/**
 * @param {any} source
 * @param {import("./turn.js").Turn} turn
 */
function row(source, turn) {
  const light = (/** @type {boolean} */ on) => () => {
    for (const mark of marksIn(turn.answer)) {
      if (Number(mark.dataset.n) !== source.number) continue;
      mark.classList.toggle("lit", on);
      for (const span of turn.answer.querySelectorAll(`.claim[data-c="${mark.dataset.c}"]`)) span.classList.toggle("lit", on);
    }
  };
  const day = source.published ? ` · ${date(source.published)}` : "";
  const link = outward(source.url, { class: "source", title: t("new_tab") }, h("span", { class: "number" }, String(source.number)), h("span", { class: "of" }, source.title || source.url), h("span", { class: "meta" }, tile(source), source.site + day));
  for (const [event, on] of /** @type {[string, boolean][]} */ ([["pointerenter", true], ["pointerleave", false], ["focus", true], ["blur", false]])) link.addEventListener(event, light(on));
  return h("li", { "data-n": source.number }, link);
}

/** @param {{ url: string, reason: any }} page */
const unread = (page) => h("li", { class: "unread" }, outward(page.url, {}, page.url.replace(/^https?:\/\//, "")), h("span", { class: "meta" }, `✕ ${told(page.reason)}`));
