// One turn: the question, what is done about it, the answer, and what one can do with it.

import { Blocks, dress, marksIn, sideBySide } from "./blocks.js";
import { alarm, button, byId, h, say } from "./dom.js";
import { countDown, cutShort, disagreements, doubtful, notes, related, summary } from "./foot.js";
import { kept } from "./keep.js";
import { Problem, call, read } from "./net.js";
import { plain } from "./plain.js";
import { Stages } from "./stages.js";
import { t, told } from "./words.js";

/** An answer comes in the language of its question, unless another was chosen; lines are as high from the start. */
const HAN = /\p{Script=Han}/u;
const AGAIN_MS = [300, 1000, 2000, 4000];

/**
 * @typedef {object} Desk what a turn asks of the page around it
 * @property {(question: string, options: Record<string, unknown>) => void} ask
 * @property {(turn: Turn) => void} changed sources or state are new
 * @property {(turn: Turn) => void} ended
 * @property {(turn: Turn) => void} edit
 * @property {(turn: Turn, at: HTMLElement) => void} copyMenu
 * @property {() => void} gone the thread does not exist any more
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
    const lang = view.language === "zh" ? "zh-CN" : view.language;
    if (this.answer.lang !== lang) this.answer.lang = lang;
    this.el.classList.toggle("abstained", view.abstained);
    if (!this.stages.list.children.length) this.steps(view);
    this.showFiles(view.attachments);
    const pages = view.pages.filter((/** @type {any} */ page) => page.status === "read").length;
    const ended = cutShort(view) ? "cut_short" : view.abstained && view.searches.length ? "done_nothing" : pages ? "done" : "done_direct";
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
    this.notes.replaceChildren(...notes(view, pages, this.answer));
    this.foot.replaceChildren(...this.actions(view));
    this.end("done");
    say(t("ready_said", { n: view.claims.length, bad: view.claims.filter(doubtful).length }));
  }

  /** @param {any} view */
  steps(view) {
    for (const one of view.searches) this.stages.results({ ...one, urls: Array(one.results).fill(""), error: one.error ?? null });
    for (const page of view.pages) if (page.status !== "skipped") this.stages.page(page.url, "", page.ms, page.status === "failed" ? told(page.reason) || "?" : undefined);
  }

  /**
   * Ask the same again, in place of this turn.
   * @param {Record<string, unknown>} [otherwise] what is chosen differently
   */
  repeat(otherwise) {
    this.desk.ask(this.question, { ...this.options, ...(this.run ? { replaces: this.run } : {}), ...otherwise });
  }

  /** @param {any} view */
  actions(view) {
    const last = { class: "last-only" };
    const row = h("div", { class: "actions" });
    const many = view.sources.length;
    if (many) row.append(h("button", { class: "sources-button", onclick: () => this.desk.showSources() }, t("n_sources", { n: many })));
    row.append(button("copy", (event) => this.desk.copyMenu(this, /** @type {HTMLElement} */ (event.currentTarget)), { "aria-haspopup": "menu" }));
    row.append(button("regenerate", () => this.repeat(), last), button("edit", () => this.desk.edit(this), last));
    if (this.desk.sharing()) row.append(button("share", () => this.desk.share(), last));
    if (!view.searches.length) row.append(button("search_anyway", () => this.repeat({ search: "always" }), last));
    const cut = cutShort(view);
    return [
      cut ? h("div", { class: "note" }, h("p", { class: "what" }, told(cut)), h("div", { class: "actions last-only" }, button("ask_again", () => this.repeat()))) : null,
      summary(view, this.answer),
      ...disagreements(view, this.answer),
      view.abstained ? h("div", { class: "actions last-only" }, button("other_words", () => this.desk.edit(this)), this.withoutSources()) : null,
      row,
      related(view, (question) => this.desk.ask(question, {})),
    ].filter((one) => one !== null);
  }

  withoutSources() {
    return button("without_sources", () => this.repeat({ search: "never" }));
  }

  /** @param {Problem} problem */
  fail(problem) {
    if (!this.running) return;
    this.blocks.show();
    const stopped = problem.code === "run-cancelled";
    const cut = problem.code === "run-interrupted";
    const gone = problem.code === "thread-not-found";
    if (gone) this.desk.gone();
    const ways = [];
    if (cut) ways.push(button("go_on", () => this.resume()));
    ways.push(button(stopped || cut || gone ? "ask_again" : "retry", () => this.repeat()));
    if (/^model-/.test(problem.code)) ways.push(button("check_settings", () => this.desk.settings()));
    if (/^(search|tool)-|^deadline/.test(problem.code)) ways.push(this.withoutSources());
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
  if (problem.code === "thread-not-found") return { what: t("thread_gone"), remedy: "" };
  if (problem.code === "offline") return { what: t("offline_title"), remedy: t("offline_detail") };
  if (problem.code === "too-busy") return { what: t("busy"), remedy: t("busy_wait", { n: problem.retry_s || 5 }) };
  const lead = /^model-/.test(problem.code) ? t("model_down") : /^search-/.test(problem.code) ? t("search_down") : "";
  const detail = problem.detail || problem.message;
  return lead ? { what: lead, remedy: detail } : { what: problem.message, remedy: detail.replace(problem.message, "").trim() };
}
