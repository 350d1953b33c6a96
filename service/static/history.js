// Earlier threads: found by their words, renamed, deleted with a way back.

import { button, byId, h, sheet, toast } from "./dom.js";
import { keep, kept } from "./keep.js";
import { call } from "./net.js";
import { date, t } from "./words.js";

const TYPING_MS = 150;
const UNDO_MS = 6000;
/** @type {Map<string, number>} threads that will be deleted when their time is up */
const going = new Map();

/**
 * @typedef {object} Told
 * @property {(thread: string) => void} open
 * @property {() => string} current
 * @property {(thread: string, title: string) => void} renamed
 * @property {(thread: string) => void} deleted
 */

/** @param {Told} told */
export function openHistory(told) {
  const field = /** @type {HTMLInputElement} */ (h("input", { type: "search", placeholder: t("history_search"), "aria-label": t("history_search") }));
  const list = h("div", { class: "threads" });
  let next = "";
  let asked = 0;
  const show = async (more = false) => {
    const mine = ++asked;
    const query = new URLSearchParams({ limit: "50", q: field.value, ...(more && next ? { cursor: next } : {}) });
    try {
      const page = await (await call(`/threads?${query}`)).json();
      if (mine !== asked) return;
      next = page.next ?? "";
      const threads = page.threads.filter((/** @type {any} */ one) => !going.has(one.id));
      const rows = grouped(threads, (one) => row(one, told, dialog, () => show()));
      const empty = !threads.length && !more ? [h("p", { class: "meta" }, field.value ? t("history_no_match", { q: field.value }) : t("history_empty"))] : [];
      const further = next ? [button("more", () => show(true), { class: "more" })] : [];
      list.querySelector(".more")?.remove();
      if (more) list.append(...rows, ...further);
      else list.replaceChildren(...rows, ...empty, ...further);
    } catch (error) {
      list.replaceChildren(h("p", { class: "problem" }, /** @type {Error} */ (error).message));
    }
  };
  let typing = 0;
  field.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => show(), TYPING_MS);
  });
  const dialog = sheet(t("history"), [field, list], { side: "left", kind: "history" });
  field.focus();
  show();
}

/**
 * @param {any[]} threads
 * @param {(thread: any) => HTMLElement} make
 */
function grouped(threads, make) {
  /** @type {Map<string, any[]>} */
  const groups = new Map([[t("pinned"), []]]);
  for (const one of threads) {
    const name = pinned(one.id) ? t("pinned") : dayName(one.updated_at);
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return [...groups].filter(([, some]) => some.length).map(([name, some]) => h("section", null, h("h3", null, name), h("ul", null, some.map(make))));
}

/** Kept at the top, in this browser. @param {string} thread */
const pinned = (thread) => kept("pins").split(" ").includes(thread);

/** @param {string} thread */
function togglePin(thread) {
  const others = kept("pins").split(" ").filter((one) => one && one !== thread);
  keep("pins", (pinned(thread) ? others : [...others, thread]).join(" "));
}

/** @param {string} iso */
function dayName(iso) {
  const midnight = new Date().setHours(0, 0, 0, 0);
  const days = Math.ceil((midnight - +new Date(iso)) / 86_400_000);
  return days <= 0 ? t("today") : days === 1 ? t("yesterday") : days < 7 ? t("this_week") : date(iso, { month: "long", year: "numeric" });
}

/**
 * @param {any} thread
 * @param {Told} told
 * @param {HTMLDialogElement} dialog
 * @param {() => void} again
 */
function row(thread, told, dialog, again) {
  const link = h("a", { href: `/?thread=${thread.id}`, "aria-current": thread.id === told.current() ? "page" : null }, h("span", { class: "of" }, thread.title), h("span", { class: "meta" }, `${date(thread.updated_at, dayName(thread.updated_at) === t("today") ? { timeStyle: "short" } : { dateStyle: "medium" })} · ${t("n_turns", { n: thread.turns })}`));
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    dialog.close();
    told.open(thread.id);
  });
  const item = h("li", null, link);
  const name = () => {
    const field = /** @type {HTMLInputElement} */ (h("input", { type: "text", maxlength: 120, "aria-label": t("rename") }));
    field.value = thread.title;
    const form = h("form", { class: "rename" }, field, h("button", { type: "submit", class: "main" }, t("save")));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (!field.value.trim()) return;
      try {
        const renamed = await (await call(`/threads/${thread.id}`, { method: "PATCH", json: { title: field.value.trim() } })).json();
        told.renamed(thread.id, renamed.title);
        again();
      } catch (error) {
        toast(/** @type {Error} */ (error).message);
      }
    });
    form.addEventListener("keydown", (event) => event.key === "Escape" && (event.preventDefault(), event.stopPropagation(), again()));
    item.replaceChildren(form);
    field.select();
  };
  const label = (/** @type {string} */ key) => ({ class: "quiet", "aria-label": `${t(key)}: ${thread.title}` });
  const pin = pinned(thread.id) ? "unpin" : "pin";
  item.append(button(pin, () => (togglePin(thread.id), again()), label(pin)), button("rename", name, label("rename")), button("delete", () => (remove(thread.id, told, again), again()), label("delete")));
  return item;
}

/**
 * Deleted when the time to take it back is over, or the page is left.
 * @param {string} thread
 * @param {Told} told
 * @param {() => void} again
 */
function remove(thread, told, again) {
  const work = () => {
    if (!going.delete(thread)) return;
    call(`/threads/${thread}`, { method: "DELETE", keepalive: true }).catch((error) => error.status !== 404 && toast(error.message));
  };
  going.set(thread, setTimeout(work, UNDO_MS));
  told.deleted(thread);
  const back = () => {
    clearTimeout(going.get(thread));
    going.delete(thread);
    again();
  };
  toast(t("deleted"), { label: t("undo"), act: back, ms: UNDO_MS });
}

/** What is still to be deleted goes when the page does. */
export function deleteOnLeaving() {
  addEventListener("pagehide", () => {
    for (const thread of [...going.keys()]) {
      going.delete(thread);
      call(`/threads/${thread}`, { method: "DELETE", keepalive: true }).catch(() => {});
    }
  });
}
