// What can be taken away: the answer with its sources, as Markdown or plain text, and the thread as a file.

import { button, byId, copy, h, toast } from "./dom.js";
import { doubtful } from "./foot.js";
import { call } from "./net.js";
import { plain } from "./plain.js";
import { t } from "./words.js";

/**
 * @param {import("./turn.js").Turn} turn
 * @param {"markdown" | "plain"} form
 */
export async function copyAnswer(turn, form) {
  const { answer } = await (await call(`/runs/${turn.run}`)).json();
  const markdown = form === "markdown";
  const lines = answer.sources.map((/** @type {any} */ one) => (markdown ? `${one.number}. [${one.title.replace(/[[\]\\]/g, "\\$&")}](<${one.url}>)` : `[${one.number}] ${one.title} – ${one.url}`));
  const doubts = answer.claims.filter(doubtful).map((/** @type {any} */ claim) => `- ${claim.text} (${t(`w_${claim.verdict}`)})`);
  const bold = (/** @type {string} */ text) => (markdown ? `**${text}**` : text);
  const body = markdown ? answer.answer : plain(turn.answer);
  const parts = [body, lines.length ? `${bold(t("sources"))}\n\n${lines.join("\n")}` : "", doubts.length ? `${bold(t("doubts"))}\n\n${doubts.join("\n")}` : ""];
  await copy(parts.filter(Boolean).join("\n\n"));
  toast(t("copied", { n: lines.length }));
}

/**
 * A thread as a file.
 * @param {string} thread
 * @param {"md" | "json"} format
 */
async function download(thread, format) {
  const file = await (await call(`/threads/${thread}/export?format=${format}`)).blob();
  const link = /** @type {HTMLAnchorElement} */ (h("a", { download: `${thread}.${format}` }));
  link.href = URL.createObjectURL(file);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/**
 * The menu of what can be taken, below the button that opened it.
 * @param {import("./turn.js").Turn} turn
 * @param {HTMLElement} at
 */
export function takeMenu(turn, at) {
  const before = document.querySelector(".menu");
  before?.remove();
  if (before?.parentElement === at.parentElement) return;
  const act = (/** @type {() => Promise<void>} */ work) => () => {
    close();
    work().catch((error) => toast(error.message));
  };
  const items = !turn.run ? [button("copy_plain", act(() => copy(plain(turn.answer)).then(() => toast(t("copied", { n: turn.sources.length })))))] : [
    button("copy_markdown", act(() => copyAnswer(turn, "markdown"))),
    button("copy_plain", act(() => copyAnswer(turn, "plain"))),
    button("export_md", act(() => download(turn.thread, "md"))),
    button("export_json", act(() => download(turn.thread, "json"))),
  ];
  const menu = h("div", { class: "menu", role: "menu" }, items);
  for (const item of items) item.setAttribute("role", "menuitem");
  const close = () => {
    menu.remove();
    document.removeEventListener("pointerdown", outside, true);
    at.focus({ preventScroll: true });
  };
  const outside = (/** @type {Event} */ event) => menu.contains(/** @type {Node} */ (event.target)) || close();
  menu.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") event.stopPropagation(), close();
    if (step) event.preventDefault(), items[(items.indexOf(/** @type {any} */ (document.activeElement)) + step + items.length) % items.length].focus();
  });
  at.after(menu);
  if (menu.getBoundingClientRect().bottom > byId("ask").getBoundingClientRect().top) menu.classList.add("up");
  items[0].focus();
  setTimeout(() => document.addEventListener("pointerdown", outside, true));
}

/** Copying a selection of an answer keeps the numbers of its sources. */
export function watchCopy() {
  document.addEventListener("copy", (event) => {
    const selected = getSelection();
    if (!selected || selected.isCollapsed || !(selected.anchorNode?.parentElement?.closest(".answer"))) return;
    const held = h("div", null);
    for (let at = 0; at < selected.rangeCount; at++) held.append(selected.getRangeAt(at).cloneContents());
    event.clipboardData?.setData("text/plain", plain(held));
    event.preventDefault();
  });
}
