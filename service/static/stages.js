// What a run does: one line with the time that went by, and the list behind it.

import { h, say } from "./dom.js";
import { seconds, t } from "./words.js";

const SLOW_MS = 8000;
const TICK_MS = 200;

/** The line stays where it is; the list is open or closed as the reader left it. */
export class Stages {
  constructor() {
    this.line = h("span", { class: "line" }, t("deciding"));
    this.clock = h("span", { class: "clock" });
    this.list = h("ul", { class: "steps" });
    this.el = h("details", { class: "activity" }, h("summary", null, h("i", { class: "pulse", "aria-hidden": "true" }), this.line, this.clock), this.list);
    /** @type {Map<string, HTMLElement>} */
    this.pages = new Map();
    this.read = 0;
    this.failed = 0;
    this.found = new Set();
    this.stage = "deciding";
    this.text = t("deciding");
    this.began = performance.now();
    this.heard = this.began;
    this.timer = setInterval(() => this.tick(), TICK_MS);
  }

  /** Something came: the run lives. */
  sign() {
    this.heard = performance.now();
  }

  tick() {
    const now = performance.now();
    const slow = now - this.heard > SLOW_MS;
    this.line.textContent = slow ? t("slow", { stage: t(`stage_${this.stage}`) }) : this.text;
    this.clock.textContent = `· ${seconds(now - this.began)}`;
  }

  /**
   * @param {string} stage
   * @param {string} text
   * @param {boolean} [aloud]
   */
  to(stage, text, aloud = stage !== this.stage) {
    this.stage = stage;
    this.text = text;
    this.line.textContent = text;
    if (aloud) say(text);
  }

  /** @param {string[]} queries */
  planned(queries) {
    if (!queries.length) return this.found.size ? undefined : this.to("writing", t("no_search"));
    const more = queries.length > 1 ? ` (+${queries.length - 1})` : "";
    this.to("searching", t("searching", { query: queries[0] + more }));
  }

  /** @param {{ query: string, provider: string, urls: string[], ms: number, error: string | null }} told */
  results(told) {
    const fresh = told.urls.filter((url) => !this.found.has(url));
    fresh.forEach((url) => this.found.add(url));
    const outcome = told.error ? t("step_search_failed", { reason: told.error }) : t("step_results", { n: told.urls.length, provider: told.provider });
    this.list.append(h("li", { class: told.error ? "bad" : "" }, h("span", { class: "sign", "aria-hidden": "true" }, told.error ? "✕" : "⌕"), h("span", null, told.query), h("span", { class: "meta" }, `${outcome} · ${seconds(told.ms)}`)));
    if (!told.error && this.stage === "searching") this.to("reading", t("reading", { done: 0 }));
  }

  /**
   * @param {string} url
   * @param {string} title
   * @param {number} ms
   * @param {string} [reason] why it could not be read
   */
  page(url, title, ms, reason) {
    if (this.pages.has(url)) return;
    const outcome = reason ? t("step_failed", { reason }) : t("step_read", { s: seconds(ms) });
    const item = h("li", { class: reason ? "bad" : "" }, h("span", { class: "sign", "aria-hidden": "true" }, reason ? "✕" : "✓"), h("span", null, title || url), h("span", { class: "meta" }, outcome));
    this.pages.set(url, item);
    this.list.append(item);
    if (reason) this.failed += 1;
    else this.read += 1;
    if (this.stage !== "reading" && this.stage !== "searching") return;
    const failed = this.failed ? t("reading_failed", { n: this.failed }) : "";
    this.to("reading", t("reading", { done: this.read }) + failed, false);
  }

  /**
   * The end, whichever.
   * @param {string} text
   * @param {number} [ms]
   */
  end(text, ms) {
    clearInterval(this.timer);
    this.el.classList.add("ended");
    this.line.textContent = text;
    this.clock.textContent = ms === undefined ? "" : `· ${seconds(ms)}`;
    if (!this.list.children.length) this.el.classList.add("bare");
  }
}
