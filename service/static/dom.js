// Elements, announcements, short notes, sheets. Text from outside becomes text nodes and nothing else.

import { t } from "./words.js";

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * An element; a button sends no form unless its type says so. Properties that are functions listen (`onclick`); the rest are attributes; null and false are left out.
 * @param {string} tag
 * @param {Record<string, any> | null} [props]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElement}
 */
export function h(tag, props, ...children) {
  const el = document.createElement(tag);
  if (tag === "button") el.setAttribute("type", "button");
  for (const [name, value] of Object.entries(props ?? {})) {
    if (typeof value === "function") el.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) el.setAttribute(name, value === true ? "" : String(value));
  }
  el.append(.../** @type {(Node | string)[]} */ (children.flat().filter((child) => child || child === "")));
  return el;
}

/**
 * @param {string} id
 * @returns {any}
 */
export const byId = (id) => document.getElementById(id);

/**
 * A button with words on it.
 * @param {string} key its words in the catalogue
 * @param {(event: Event) => void} onclick
 * @param {Record<string, any>} [props]
 */
export const button = (key, onclick, props = {}) => h("button", { onclick, ...props }, t(key));

/**
 * A link that leaves the page. The address was checked: http or https, or it becomes plain text.
 * @param {string} url
 * @param {Record<string, any>} props
 * @param {...Child} children
 */
export function outward(url, props, ...children) {
  const fine = /^https?:\/\//i.test(url);
  const link = fine ? { href: url, target: "_blank", rel: "noopener noreferrer nofollow" } : {};
  return h(fine ? "a" : "span", { ...props, ...link }, ...children);
}

const GAP_MS = 2000;
let spoken = 0;
let waiting = 0;

/**
 * Tell a screen reader, at most every two seconds; of several in between, the last one.
 * @param {string} text
 */
export function say(text) {
  clearTimeout(waiting);
  const wait = Math.max(0, spoken + GAP_MS - Date.now());
  waiting = setTimeout(() => {
    spoken = Date.now();
    byId("status").textContent = text;
  }, wait);
}

/** @param {string} text */
export function alarm(text) {
  byId("alert").textContent = text;
}

let toastEnds = 0;

/**
 * A short note at the edge, with an action while it stands.
 * @param {string} text
 * @param {{ label?: string, act?: () => void, ms?: number }} [options]
 */
export function toast(text, { label, act, ms = 3000 } = {}) {
  const box = byId("toast");
  clearTimeout(toastEnds);
  const hide = () => (box.hidden = true);
  box.replaceChildren(text, ...(act ? [h("button", { onclick: () => (hide(), act()) }, label ?? "")] : []));
  box.hidden = false;
  // Under a modal sheet nothing can be pressed.
  ([...document.querySelectorAll("dialog[open]")].pop() ?? document.body).append(box);
  toastEnds = setTimeout(hide, ms);
}

/**
 * A modal sheet: over the right or left edge on wide screens, from below on narrow ones. Focus goes in and comes back.
 * @param {string} title
 * @param {Child[]} children
 * @param {{ side?: "left" | "right" | "middle", kind?: string, onclose?: () => void }} [options]
 * @returns {HTMLDialogElement}
 */
export function sheet(title, children, { side = "right", kind = "", onclose } = {}) {
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  const dialog = /** @type {HTMLDialogElement} */ (
    h(
      "dialog",
      { class: `sheet ${side} ${kind}`, "aria-label": title },
      h("div", { class: "head" }, h("h2", null, title), h("button", { class: "quiet close", "aria-label": t("close"), title: t("close"), onclick: () => dialog.close() }, "✕")),
      h("div", { class: "body" }, children),
    )
  );
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    document.body.append(byId("toast"));
    dialog.remove();
    onclose?.();
    if (before?.isConnected) before.focus({ preventScroll: true });
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Whether the screen is a phone's. */
export const narrow = () => matchMedia("(max-width: 719px)").matches;
/** Whether the sources stand beside the answer. */
export const wide = () => matchMedia("(min-width: 1080px)").matches;
/** Whether things should not move by themselves. */
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Copy; also where the page was not loaded over a secure connection and the clipboard is closed to it.
 * @param {string} text
 */
export async function copy(text) {
  if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text);
  const area = /** @type {HTMLTextAreaElement} */ (h("textarea", { class: "vh" }));
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}
