// One turn: the question, what is done about it, the answer, and what one can do with it.

import { Blocks, dress, glyph, marksIn, sideBySide } from "./blocks.js";
import { alarm, button, byId, h, say } from "./dom.js";
import { kept } from "./keep.js";
import { Problem, call, read } from "./net.js";
import { plain } from "./plain.js";
import { Stages } from "./stages.js";
import { t, told } from "./words.js";

/** An answer comes in the language of its question, unless another was chosen; lines are as high from the start. */
const HAN = /\p{Script=Han}/u;
/** Warnings that tell of an answer without its end. */
const CUT = ["note_cut", "note_long"];
const AGAIN_MS = [300, 1000, 2000, 4000];

/**
 * @typedef {object} Desk what a turn asks of the page around it
 * @property {(question: string, options: Record<string, unknown>) => void} ask
 * @property {(turn: Turn) => void} changed sources or state are new
 * @property {(turn: Turn) => void} ended
 * @property {(turn: Turn) => void} edit
 * @property {(turn: Turn, at: HTMLElement) => void} copyMenu
 * @property {(turn: Turn) => void} grew more of the answer is there
 * @property {() => void} settings
 * @property {() => void} share
 * @property {boolean} shared whether the page shows somebody else's thread
 * @property {() => boolean} sharing whether links may be made
 * @property {() => void} showSources
 * @property {(mark: HTMLElement, pinned: boolean) => void} open
 */

export class Turn {
  /**
   * @param {string} question
   * @param {Desk} desk
   */
  constructor(question, desk) {
    this.question = question;
    this.desk = desk;
    this.run = "";
    this.thread = "";
    /** @type {Record<string, unknown>} */
    this.options = {};
    /** @type {any} */
    this.view = null;
    /** @type {any[]} */
    this.sources = [];
    /** @type {{ url: string, reason: any }[]} */
    this.unread = [];
    this.state = "running";
    this.seen = 0;
    this.said = 0;
    this.asked = false;
    this.leaving = new AbortController();
    this.stages = new Stages();
    this.answer = h("div", { class: "answer", lang: HAN.test(question) ? "zh-CN" : "en" });
    this.notes = h("div", { class: "notes" });
    this.foot = h("div", { class: "foot" });
    this.heading = h("h2", { class: "question" }, question);
    this.files = h("div", { class: "files", hidden: true });
    this.el = h("section", { class: "turn", "aria-busy": "true" }, this.heading, this.files, this.stages.el, this.answer, this.notes, this.foot);
    this.blocks = new Blocks(this.answer, (block) => this.dress(block));
    turns.set(this.el, this);
  }

  /** A long question shows three lines until all of it is asked for. Called when it stands on the page. */
  fold() {
    this.heading.classList.add("long");
    if (this.heading.scrollHeight <= this.heading.clientHeight + 2) return this.heading.classList.remove("long");
    const all = button("show_all", () => (this.heading.classList.add("whole"), all.remove()), { class: "quiet" });
    this.heading.after(all);
  }

  /** @param {any[]} notes of pictures and recordings */
  showFiles(notes) {
    this.files.hidden = !notes.length;
    this.files.replaceChildren(...notes.map((one) => h("p", { class: "meta" }, t(`file_${one.kind}`) + (one.words ? `: ${one.words}` : ""))));
  }

  /** Whether more is to come; an answer that has come is put on the screen in some frames. */
  get following() {
    return this.running && !this.view;
  }

  get running() {
    return this.state === "running";
  }

  /** @param {Element} block */
  dress(block) {
    dress(block, (number) => this.sources.find((one) => one.number === number), this.view?.claims ?? []);
  }

  /**
   * Ask, and follow the run to its end.
   * @param {Record<string, unknown>} request as POST /ask
   */
  async ask(request) {
    this.options = request;
    if (request.language) this.answer.lang = request.language === "zh" ? "zh-CN" : "en";
    this.asked = true;
    await this.follow(() => call("/ui/ask", { method: "POST", json: request, signal: this.leaving.signal }));
  }

  /** Follow a run that goes on already, or of which perhaps some is left. */
  async reconnect() {
    await this.follow(() => this.again());
  }

  /** Go on with a run that was cut off. */
  async resume() {
    this.restart();
    await this.follow(() => call(`/ui/runs/${this.run}/resume`, { method: "POST", signal: this.leaving.signal }));
  }

  again() {
    return call(`/ui/runs/${this.run}/events?after=${this.seen}`, { signal: this.leaving.signal });
  }

  restart() {
    const before = this.stages.el;
    this.stages = new Stages();
    before.replaceWith(this.stages.el);
    this.state = "running";
    this.seen = 0;
    this.blocks.settle([], () => {});
    this.notes.replaceChildren();
    this.foot.replaceChildren();
    this.el.setAttribute("aria-busy", "true");
  }

  /** @param {() => Promise<Response>} begin */
  async follow(begin) {
    let request = begin;
    let before = "";
    for (let failed = 0; this.following; ) {
      try {
        const reply = await request();
        if (failed) this.stages.to(this.stages.stage, before);
        await read(reply, (one) => ((failed = 0), this.take(one)), () => this.stages.sign());
        if (this.following) throw new Problem({ code: "offline" });
      } catch (error) {
        if (!this.following || /** @type {Error} */ (error).name === "AbortError") return;
        const lost = !(error instanceof Problem) || error.code === "offline";
        if (!lost || !this.run) return this.fail(error instanceof Problem ? error : new Problem({ code: "offline" }));
        if (!failed) before = this.stages.text;
        this.stages.to(this.stages.stage, t("reconnecting"), !failed);
        await new Promise((go) => setTimeout(go, AGAIN_MS[Math.min(failed, AGAIN_MS.length - 1)]));
        failed += 1;
        request = () => this.again();
      }
    }
  }

  /** @param {import("./net.js").Told} one */
  take(one) {
    this.seen = one.id;
    if (!one.event) {
      if (this.stages.stage !== "writing") this.stages.to("writing", t("writing"));
      this.blocks.change(one.data);
      this.aloud(-1);
      return this.desk.grew(this);
    }
    const data = JSON.parse(one.data);
    switch (one.event) {
      case "started":
        this.run = data.run_id;
        this.thread = data.thread_id;
        return this.desk.changed(this);
      case "described":
        return this.showFiles(data.files);
      case "planned":
        return this.stages.planned(data.queries);
      case "found":
        return this.stages.results(data);
      case "read":
        return this.stages.page(data.url, data.title, data.ms);
      case "unread":
        this.unread.push(data);
        return this.stages.page(data.url, "", data.ms, told(data.reason));
      case "sources":
        this.sources = data.sources;
        this.stages.to("writing", t("writing"));
        return this.desk.changed(this);
      case "checked":
        return this.stages.to("checking", t("checking", { n: data.claims }));
      case "done":
        return this.done(data);
      case "failed":
        return this.fail(new Problem(data));
    }
  }

  /** Read finished blocks to a screen reader, where the reader wants it. @param {number} end */
  aloud(end) {
    if (kept("aloud") !== "on") return;
    for (const block of [...this.answer.children].slice(this.said, end < 0 ? end : undefined)) {
      byId("aloud").append(h("p", null, plain(block)));
      this.said += 1;
    }
  }

  /** @param {string} state */
  end(state) {
    this.state = state;
    this.el.setAttribute("aria-busy", "false");
    this.el.dataset.state = state;
    this.desk.changed(this);
    this.desk.ended(this);
  }

  /** @param {any} view an `AnswerView` */
  done(view) {
    this.view = view;
    this.run = view.run_id;
    this.thread = view.thread_id;
    this.sources = view.sources;
    this.unread = view.pages.filter((/** @type {any} */ page) => page.status === "failed");
    this.answer.lang = view.language === "zh" ? "zh-CN" : view.language;
    this.el.classList.toggle("abstained", view.abstained);
    if (!this.stages.list.children.length) this.steps(view);
    this.showFiles(view.attachments);
    const pages = view.pages.filter((/** @type {any} */ page) => page.status === "read").length;
    const cut = view.warnings.some((/** @type {any} */ one) => CUT.includes(one.key));
    const ended = cut ? "cut_short" : view.abstained && view.searches.length ? "done_nothing" : pages ? "done" : "done_direct";
    this.stages.end(t(ended, { n: pages }), view.ms);
    this.blocks.settle(view.blocks, () => this.settled(pages));
  }

  /** The answer stands, with its verdicts. @param {number} pages */
  settled(pages) {
    const { view } = this;
    sideBySide(this.answer, this.sources);
    if (this.asked) this.aloud(0);
    const first = marksIn(this.answer)[0];
    if (first) first.tabIndex = 0;
    this.notes.replaceChildren(...notes(view, pages));
    this.foot.replaceChildren(...this.actions(view));
    this.end("done");
    const doubtful = view.claims.filter((/** @type {any} */ claim) => claim.verdict === "unsupported" || claim.verdict === "contradicted").length;
    say(t("ready_said", { n: view.claims.length, bad: doubtful }));
  }

  /** @param {any} view */
  steps(view) {
    for (const one of view.searches) this.stages.results({ ...one, urls: Array(one.results).fill(""), error: one.error ?? null });
    for (const page of view.pages) if (page.status !== "skipped") this.stages.page(page.url, "", page.ms, page.status === "failed" ? told(page.reason) || "?" : undefined);
  }

  /** @param {any} view */
  actions(view) {
    const again = () => this.desk.ask(this.question, { ...this.options, replaces: this.run });
    const row = h("div", { class: "actions" });
    const many = view.sources.length;
    if (many) row.append(h("button", { type: "button", class: "sources-button", onclick: () => this.desk.showSources() }, t("n_sources", { n: many })));
    row.append(h("button", { type: "button", onclick: (/** @type {Event} */ event) => this.desk.copyMenu(this, /** @type {HTMLElement} */ (event.currentTarget)), "aria-haspopup": "menu" }, t("copy")));
    row.append(button("regenerate", again, { class: "last-only" }), button("edit", () => this.desk.edit(this), { class: "last-only" }));
    if (this.desk.sharing()) row.append(button("share", () => this.desk.share(), { class: "last-only" }));
    const direct = !view.searches.length;
    if (direct) row.append(button("search_anyway", () => this.desk.ask(this.question, { ...this.options, search: "always", replaces: this.run }), { class: "last-only" }));
    const others = view.abstained ? this.otherWays() : null;
    return [this.cutShort(view), summary(view, this), ...disagreements(view, this.answer), others, row, related(view, this.desk)].filter((one) => one !== null);
  }

  /** @param {any} view */
  cutShort(view) {
    const cut = view.warnings.find((/** @type {any} */ one) => CUT.includes(one.key));
    if (!cut) return null;
    const again = () => this.desk.ask(this.question, { ...this.options, replaces: this.run });
    return h("div", { class: "note" }, h("p", { class: "what" }, told(cut)), h("div", { class: "actions last-only" }, button("ask_again", again)));
  }

  otherWays() {
    return h("div", { class: "actions last-only" }, button("other_words", () => this.desk.edit(this)), button("without_sources", () => this.desk.ask(this.question, { ...this.options, search: "never", replaces: this.run })));
  }

  /** @param {Problem} problem */
  fail(problem) {
    if (!this.running) return;
    this.blocks.show();
    const stopped = problem.code === "run-cancelled";
    const cut = problem.code === "run-interrupted";
    const again = () => this.desk.ask(this.question, { ...this.options, ...(this.run ? { replaces: this.run } : {}) });
    const ways = [];
    if (cut) ways.push(button("go_on", () => this.resume()));
    ways.push(button(stopped || cut ? "ask_again" : "retry", again));
    if (/^model-/.test(problem.code)) ways.push(button("check_settings", () => this.desk.settings()));
    if (/^(search|tool)-|^deadline/.test(problem.code)) ways.push(button("without_sources", () => this.desk.ask(this.question, { ...this.options, search: "never", replaces: this.run })));
    const words = said(problem);
    const box = h("div", { class: stopped ? "note" : "problem" }, h("p", { class: "what" }, words.what), words.remedy ? h("p", { class: "remedy" }, words.remedy) : null, h("div", { class: "actions" }, ways));
    if (problem.retry_s) countDown(/** @type {HTMLButtonElement} */ (ways[0]), problem.retry_s);
    this.foot.replaceChildren(box);
    this.stages.end(stopped ? t("stopped_short") : cut ? t("cut_short") : t("failed_short"));
    if (stopped) say(words.what);
    else alarm(words.what);
    this.end(stopped ? "stopped" : "failed");
  }

  /** Stop: on the screen at once, and at the service. */
  async stop() {
    if (!this.following) return;
    const run = this.run;
    this.fail(new Problem({ code: "run-cancelled" }));
    this.leaving.abort();
    if (run) await call(`/runs/${run}/cancel`, { method: "POST" }).catch(() => {});
  }

  /** Stop following; the run goes on. */
  leave() {
    this.state = this.running ? "left" : this.state;
    clearInterval(this.stages.timer);
    this.leaving.abort();
  }
}

/** @type {WeakMap<Element, Turn>} */
export const turns = new WeakMap();

/**
 * The turn that an element belongs to.
 * @param {Element} el
 */
export const turnOf = (el) => turns.get(/** @type {Element} */ (el.closest(".turn")));

/** @param {Problem} problem */
function said(problem) {
  if (problem.code === "run-cancelled") return { what: t("stopped"), remedy: "" };
  if (problem.code === "run-interrupted") return { what: t("cut"), remedy: "" };
  if (problem.code === "offline") return { what: t("offline_title"), remedy: t("offline_detail") };
  if (problem.code === "too-busy") return { what: t("busy"), remedy: t("busy_wait", { n: problem.retry_s || 5 }) };
  const lead = /^model-/.test(problem.code) ? t("model_down") : /^search-/.test(problem.code) ? t("search_down") : "";
  const detail = problem.detail || problem.message;
  return lead ? { what: lead, remedy: detail } : { what: problem.message, remedy: detail.replace(problem.message, "").trim() };
}

/**
 * A button that says when it is worth pressing, and can be pressed then.
 * @param {HTMLButtonElement} el
 * @param {number} left seconds
 */
function countDown(el, left) {
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
 */
function notes(view, pages) {
  const said = view.warnings.filter((/** @type {any} */ one) => one.key !== "corrected" && !CUT.includes(one.key));
  const list = said.map((/** @type {any} */ one) => h("p", { class: "note", lang: one.key ? null : "en" }, told(one)));
  // With nothing read, the answer itself says what was searched for.
  if (view.abstained && pages) {
    const queries = view.searches.map((/** @type {any} */ one) => `“${one.query}”`).join(", ");
    list.unshift(h("p", { class: "note" }, t("nothing_found", { queries })));
  } else if (pages === 1) list.push(h("p", { class: "note" }, t("thin", { n: 1 })));
  return list;
}

/**
 * Sentences that one of their sources supports and another contradicts, with both passages side by side.
 * @param {any} view
 * @param {Element} answer
 */
function disagreements(view, answer) {
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
 * @param {Turn} turn
 */
function summary(view, turn) {
  const checked = view.claims.filter((/** @type {any} */ claim) => claim.verdict !== "unchecked");
  const gone = view.removed.length;
  if (!checked.length && !gone) return null;
  const parts = ["supported", "unsupported", "contradicted"].map((verdict) => {
    const n = checked.filter((/** @type {any} */ claim) => claim.verdict === verdict).length;
    return n ? h("button", { type: "button", class: `count ${verdict}`, onclick: () => jump(turn, verdict) }, h("span", { "aria-hidden": "true" }, `${glyph(verdict)} `), t(`n_${verdict}`, { n })) : null;
  });
  const bad = checked.some((/** @type {any} */ claim) => claim.verdict !== "supported");
  const hide = bad ? h("label", { class: "switch" }, h("input", { type: "checkbox", onchange: (/** @type {any} */ event) => turn.answer.classList.toggle("only-supported", event.target.checked) }), t("hide_unsupported")) : null;
  const removed = gone ? h("details", { class: "removed" }, h("summary", null, t("n_removed", { n: gone })), h("ul", null, view.removed.map((/** @type {string} */ text) => h("li", null, text)))) : null;
  const line = checked.length ? h("div", { class: "summary" }, h("span", null, t("n_checked", { n: checked.length })), parts, hide) : null;
  return h("div", null, line, removed);
}

/**
 * @param {Turn} turn
 * @param {string} verdict
 */
function jump(turn, verdict) {
  const at = turn.view.claims.findIndex((/** @type {any} */ claim) => claim.verdict === verdict);
  const mark = /** @type {HTMLElement | null} */ (turn.answer.querySelector(`.mark[data-c="${at}"]`));
  const place = mark ?? turn.answer.querySelector(`[data-c="${at}"]`);
  place?.scrollIntoView({ block: "center" });
  mark?.focus({ preventScroll: true });
}

/**
 * @param {any} view
 * @param {Desk} desk
 */
function related(view, desk) {
  if (!view.related.length) return null;
  const items = view.related.map((/** @type {string} */ question) => {
    const href = `/?q=${encodeURIComponent(question)}`;
    const onclick = (/** @type {MouseEvent} */ event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      desk.ask(question, {});
    };
    return h("li", null, h("a", { href, onclick }, question));
  });
  return h("div", { class: "related" }, h("h3", null, t("related")), h("ul", null, items));
}
