// The page: one thread at a time, its turns, the box, and what stands around them.

import { cardOpen, closeCard, openCard, watchMarks } from "./card.js";
import { Composer } from "./composer.js";
import { byId, calm, h, narrow, say, toast } from "./dom.js";
import { openEvidence, showEvidence } from "./evidence.js";
import { setLimits, waitFor } from "./files.js";
import { deleteOnLeaving, openHistory } from "./history.js";
import { showHelp, toMark, watchKeys } from "./keys.js";
import { call } from "./net.js";
import { openSettings, openShare, switchLanguage } from "./settings.js";
import { copyAnswer, takeMenu, watchCopy } from "./take.js";
import { Turn } from "./turn.js";
import { t } from "./words.js";

/** @type {Turn[]} */
let thread = [];
let threadId = "";
let title = "";
/** @type {any} */
let about = null;

/** Whether the page shows a thread that somebody shared. */
const shared = document.body.dataset.view === "shared";
/** Tells whether the end of an answer that grows is out of sight. */
const watching = new IntersectionObserver((changes) => {
  // A busy browser tells several changes at once; the last one holds.
  const seen = changes[changes.length - 1];
  const below = !seen.isIntersecting && seen.boundingClientRect.top > 0 && Boolean(thread.at(-1)?.running);
  byId("more-text").hidden = !below;
});

/** @type {import("./turn.js").Desk} */
const desk = {
  ask: (question, options) => composer.put({ question, options: clean(options) }),
  changed(turn) {
    if (turn !== thread.at(-1)) return;
    if (turn.thread && turn.thread !== threadId) goTo(turn.thread);
    showEvidence(turn);
    document.title = turn.running ? `${turn.question} · ${t("title_searching")}` : turn.question;
  },
  ended(turn) {
    watching.disconnect();
    byId("more-text").hidden = true;
    if (turn === thread.at(-1)) composer.setBusy(false);
  },
  edit: (turn) => composer.edit(turn.question, turn.run),
  gone: () => (threadId = ""),
  grew: () => watching.observe(/** @type {Turn} */ (thread.at(-1)).foot),
  settings: () => openSettings(about),
  share: () => openShare(threadId),
  shared,
  sharing: () => about?.share && !shared,
  copyMenu: takeMenu,
  showSources: openEvidence,
  open: openCard,
};
const composer = new Composer(ask, () => thread.at(-1)?.stop());

/** What another turn may take over of a request. @param {Record<string, unknown>} options */
function clean(options) {
  const { question: _, thread_id: __, ...rest } = options;
  return rest;
}

/** @param {import("./composer.js").Asked} asked */
function ask({ question, options }) {
  const replaced = thread.findIndex((turn) => turn.run && turn.run === options.replaces);
  if (replaced >= 0) for (const turn of thread.splice(replaced)) turn.el.remove();
  else if (thread.at(-1)?.state === "failed" && !thread.at(-1)?.run) thread.pop()?.el.remove();
  document.querySelector("#turns > .problem")?.remove();
  // A phone's keyboard would stand before the answer.
  if (narrow()) composer.field.blur();
  const turn = add(question);
  if (!title) showTitle(question);
  composer.setBusy(true);
  turn.el.classList.add("fresh");
  turn.el.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
  turn.ask({ question, ...(threadId ? { thread_id: threadId } : {}), ...options });
}

/** @param {string} question */
function add(question) {
  const turn = new Turn(question, desk);
  for (const one of thread) one.el.classList.remove("fresh");
  thread.push(turn);
  byId("turns").append(turn.el);
  view("thread");
  turn.fold();
  showEvidence(turn);
  return turn;
}

/** @param {"home" | "thread"} name */
function view(name) {
  document.body.dataset.view = shared ? "shared" : name;
  composer.field.placeholder = t(name === "home" ? "placeholder" : "placeholder_more");
}

/** @param {string} words */
function showTitle(words) {
  title = words;
  byId("title").textContent = words;
}

/** @param {string} id */
function goTo(id) {
  threadId = id;
  history.pushState(null, "", `/?thread=${id}`);
}

/** Nothing asked yet. */
function home() {
  leave();
  view("home");
  showEvidence(null);
  document.title = "Asterism";
  composer.field.focus();
}

/** Rises when what is shown is left, so that a thread which comes later is not shown in its place. */
let left = 0;

function leave() {
  left += 1;
  closeCard();
  for (const turn of thread) turn.leave();
  thread = [];
  threadId = title = "";
  byId("turns").replaceChildren();
  composer.clearQueue();
  composer.setBusy(false);
}

/**
 * @param {string} id of a thread, or of the link that shows one
 * @param {string} [where]
 */
async function openThread(id, where = `/ui/threads/${id}`) {
  leave();
  const mine = left;
  view("thread");
  threadId = shared ? "" : id;
  let told;
  try {
    told = await (await call(where)).json();
    if (mine !== left) return;
  } catch (error) {
    if (mine !== left) return;
    const problem = /** @type {import("./net.js").Problem} */ (error);
    const gone = problem.status === 404;
    byId("turns").replaceChildren(h("div", { class: "problem" }, h("p", { class: "what" }, gone ? t(shared ? "share_gone" : "thread_gone") : problem.message), h("div", { class: "actions" }, gone ? h("a", { class: "button", href: "/" }, t("new_question")) : h("button", { onclick: () => openThread(id, where) }, t("retry")))));
    threadId = gone ? "" : id;
    return;
  }
  showTitle(told.title);
  for (const one of told.turns) restore(one);
  document.title = title;
  const last = thread.at(-1);
  if (last) {
    showEvidence(last);
    composer.setBusy(last.running);
  }
}

/** Whoever comes back to the page sees what was asked in another tab meanwhile. */
async function catchUp() {
  if (document.hidden || !threadId || !thread.every((turn) => turn.run && !turn.running)) return;
  const mine = left;
  const id = threadId;
  const { turns } = await (await call(`/ui/threads/${id}`)).json();
  const stays = left !== mine || thread.at(-1)?.running;
  if (stays || turns.at(-1)?.run_id === thread.at(-1)?.run) return;
  await openThread(id);
  thread.at(-1)?.el.scrollIntoView();
}

/** @param {any} told a `TurnView` */
function restore(told) {
  const turn = add(told.question);
  turn.run = told.run_id;
  turn.thread = threadId;
  turn.options = told.options;
  turn.showFiles(told.attachments);
  if (told.answer) turn.done(told.answer);
  else turn.reconnect();
}

function route() {
  if (shared) return openThread("", `/ui${location.pathname}`);
  const here = new URLSearchParams(location.search);
  const question = here.get("q")?.trim();
  const id = here.get("thread");
  if (id) return openThread(id);
  if (!question) return home();
  leave();
  history.replaceState(null, "", "/");
  composer.edit("", "");
  ask({ question, options: composer.choices() });
}

async function look() {
  about = await (await call("/ui/about")).json();
  setLimits(about);
  if (about.share) for (const turn of thread) if (turn.view) turn.foot.replaceChildren(...turn.actions(turn.view));
  const wrong = Object.entries(about.parts).filter(([, told]) => told !== "ok");
  byId("ready").textContent = wrong.length ? wrong.map(([part, told]) => t("part_wrong", { part: t(`part_${part}`), told })).join(" ") : t("all_ready", { model: about.model });
}

function showExamples() {
  const items = [1, 2, 3].map((n) => h("li", null, h("a", { href: `/?q=${encodeURIComponent(t(`example_${n}`))}`, onclick: (/** @type {MouseEvent} */ event) => event.ctrlKey || event.metaKey || (event.preventDefault(), ask({ question: t(`example_${n}`), options: composer.choices() })) }, t(`example_${n}`))));
  byId("examples").replaceChildren(...items);
}

const told = {
  open: (/** @type {string} */ id) => (history.pushState(null, "", `/?thread=${id}`), openThread(id)),
  current: () => threadId,
  renamed: (/** @type {string} */ id, /** @type {string} */ name) => id === threadId && showTitle(name),
  deleted: (/** @type {string} */ id) => id === threadId && (history.pushState(null, "", "/"), home()),
};
const problems = '.mark:is([data-v="unsupported"], [data-v="contradicted"], [data-v="none"])';

watchMarks();
watchCopy();
deleteOnLeaving();
showExamples();
watchKeys({
  close: () => cardOpen() && closeCard(true),
  focus_box: () => composer.field.focus(),
  next_problem: () => toMark(1, problems),
  previous_problem: () => toMark(-1, problems),
  next_mark: () => toMark(1),
  previous_mark: () => toMark(-1),
  show_sources: openEvidence,
  show_help: showHelp,
  open_history: () => shared || document.querySelector("dialog[open]") || openHistory(told),
  new_question: () => (shared ? location.assign("/") : (history.pushState(null, "", "/"), home())),
  copy_answer: () => !shared && thread.findLast((turn) => turn.view) && copyAnswer(/** @type {Turn} */ (thread.findLast((turn) => turn.view)), "markdown").catch((error) => toast(error.message)),
});
byId("open-history").addEventListener("click", () => openHistory(told));
byId("open-settings").addEventListener("click", () => openSettings(about));
byId("language").addEventListener("click", switchLanguage);
document.querySelector(".name")?.addEventListener("click", (event) => {
  if (shared || /** @type {MouseEvent} */ (event).ctrlKey || /** @type {MouseEvent} */ (event).metaKey) return;
  event.preventDefault();
  history.pushState(null, "", "/");
  home();
});
addEventListener("popstate", route);
document.addEventListener("visibilitychange", () => catchUp().catch(() => {}));
addEventListener("offline", () => say(t("offline_title")));
addEventListener("scroll", () => document.body.classList.toggle("scrolled", scrollY > 0), { passive: true });
byId("more-text").addEventListener("click", () => thread.at(-1)?.foot.scrollIntoView({ block: "end", behavior: calm() ? "auto" : "smooth" }));
route();
if (!shared) {
  const looking = look();
  waitFor(looking);
  looking.catch((error) => (byId("ready").textContent = error.message));
}
