// The box: writing, sending, choosing; what is asked while an answer comes waits its turn.

import { byId, h } from "./dom.js";
import { addFiles, attachments, clearFiles, speak } from "./files.js";
import { keep, kept } from "./keep.js";
import { t } from "./words.js";

const MAX_HEIGHT_PX = 200;
const CHOICES = ["search", "depth", "recency", "language"];

/**
 * @typedef {object} Asked
 * @property {string} question
 * @property {Record<string, unknown>} options
 */

/** The form at the foot of the page. */
export class Composer {
  /**
   * @param {(asked: Asked) => void} ask
   * @param {() => void} stop
   */
  constructor(ask, stop) {
    this.ask = ask;
    this.form = byId("ask");
    this.field = /** @type {HTMLTextAreaElement} */ (byId("question"));
    this.busy = false;
    /** @type {Asked[]} */
    this.waiting = [];
    /** The run whose question is being edited. */
    this.replaces = "";
    if (!this.field.value) this.field.value = kept("draft");
    this.fit();
    this.restoreChoices();
    // What stands behind the box can be scrolled out from under it, however high it grows.
    new ResizeObserver(() => document.documentElement.style.setProperty("--foot", `${this.form.offsetHeight}px`)).observe(this.form);
    this.form.addEventListener("submit", (/** @type {Event} */ event) => (event.preventDefault(), this.send()));
    this.field.addEventListener("input", () => (keep("draft", this.field.value), this.fit()));
    this.field.addEventListener("keydown", (event) => {
      // Enter that ends the composing of a character belongs to the input method (229 where it does not say so).
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
        event.preventDefault();
        this.send();
      } else if (event.key === "Escape") {
        if (this.replaces) this.edit("", "");
        else if (this.busy) stop();
      }
    });
    byId("stop").addEventListener("click", stop);
    byId("options").addEventListener("click", () => this.toggleChoices());
    byId("attach").addEventListener("click", () => byId("file").click());
    byId("speak").addEventListener("click", speak);
    byId("file").addEventListener("change", () => (addFiles(byId("file").files), (byId("file").value = "")));
    this.field.addEventListener("paste", (event) => event.clipboardData?.files.length && (event.preventDefault(), addFiles(event.clipboardData.files)));
    this.form.addEventListener("dragover", (/** @type {Event} */ event) => event.preventDefault());
    this.form.addEventListener("drop", (/** @type {DragEvent} */ event) => event.dataTransfer?.files.length && (event.preventDefault(), addFiles(event.dataTransfer.files)));
  }

  send() {
    const question = this.field.value.trim();
    if (!question) return this.field.focus();
    const files = attachments();
    /** @type {Record<string, unknown>} */
    const options = { ...this.choices(), ...(files.length ? { attachments: files } : {}), ...(this.replaces ? { replaces: this.replaces } : {}) };
    this.edit("", "");
    clearFiles();
    if (!byId("choices").hidden) this.toggleChoices();
    this.put({ question, options });
  }

  /** Ask, or wait for the answer that is coming. @param {Asked} asked */
  put(asked) {
    if (!this.busy) return this.ask(asked);
    this.waiting.push(asked);
    this.showQueue();
  }

  /** The answer has come, or has not. @param {boolean} busy */
  setBusy(busy) {
    this.busy = busy;
    byId("stop").hidden = !busy;
    const next = busy ? undefined : this.waiting.shift();
    this.showQueue();
    if (next) this.ask(next);
  }

  clearQueue() {
    this.waiting = [];
    this.showQueue();
  }

  showQueue() {
    const row = byId("queue");
    row.hidden = !this.waiting.length;
    row.replaceChildren(...this.waiting.map((one) => h("p", null, h("span", { class: "meta" }, `${t("asked_next")} `), one.question, " ", h("button", { class: "quiet", "aria-label": t("remove_file", { name: one.question }), onclick: () => ((this.waiting = this.waiting.filter((other) => other !== one)), this.showQueue()) }, "✕"))));
  }

  /**
   * Put a question back into the box, to ask it in other words; empty puts the box back to new questions.
   * @param {string} question
   * @param {string} run
   */
  edit(question, run) {
    this.replaces = run;
    this.field.value = question;
    keep("draft", question);
    byId("send").textContent = t(run ? "ask_edited" : "ask");
    this.fit();
    if (question) this.field.focus();
  }

  fit() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, MAX_HEIGHT_PX)}px`;
  }

  toggleChoices() {
    const row = byId("choices");
    row.hidden = !row.hidden;
    byId("options").setAttribute("aria-expanded", String(!row.hidden));
  }

  /** What was chosen beside the question, without what is usual. */
  choices() {
    /** @type {Record<string, unknown>} */
    const chosen = {};
    for (const name of CHOICES) {
      const value = byId(`opt-${name}`).value;
      if (value) chosen[name] = value;
    }
    const sites = byId("opt-sites").value.split(/[\s,，]+/).map((/** @type {string} */ site) => site.replace(/^https?:\/\//, "").replace(/\/.*$/, "")).filter(Boolean);
    if (sites.length) chosen.sites = sites;
    return chosen;
  }

  restoreChoices() {
    const before = JSON.parse(kept("choices") || "{}");
    for (const name of CHOICES) {
      const select = byId(`opt-${name}`);
      if (before[name]) select.value = before[name];
      select.addEventListener("change", () => (keep("choices", JSON.stringify(this.choices())), this.told()));
    }
    byId("opt-sites").addEventListener("input", () => this.told());
    this.told();
  }

  /** The button says how many choices differ from what is usual. */
  told() {
    const usual = /** @type {Record<string, string>} */ ({ search: "auto", depth: "standard" });
    const n = Object.entries(this.choices()).filter(([name, value]) => usual[name] !== value).length;
    byId("options").textContent = n ? `${t("options")} · ${n}` : t("options");
  }
}
