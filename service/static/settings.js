// Theme, language, key: what a reader sets once.

import { button, copy, h, sheet, toast } from "./dom.js";
import { keep, keepCookie, kept } from "./keep.js";
import { showHelp } from "./keys.js";
import { call } from "./net.js";
import { lang, t } from "./words.js";

const THEMES = ["", "light", "dark"];

/** The other language, asked of the service with the next page. */
export function switchLanguage() {
  keepCookie("lang", lang === "en" ? "zh-CN" : "en");
  location.reload();
}

/** @param {any} about */
export function openSettings(about) {
  const theme = /** @type {HTMLSelectElement} */ (h("select", { id: "theme" }, THEMES.map((name) => h("option", { value: name }, t(`theme_${name || "system"}`)))));
  theme.value = document.documentElement.dataset.theme ?? "";
  theme.addEventListener("change", () => {
    document.documentElement.dataset.theme = theme.value;
    keepCookie("theme", theme.value);
  });
  const spoken = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", onchange: () => keep("aloud", spoken.checked ? "on" : "") }));
  spoken.checked = kept("aloud") === "on";
  const forget = kept("key") ? button("key_forget", () => (keep("key", ""), toast(t("key_forgotten")))) : null;
  const facts = about ? h("p", { class: "meta" }, t("about", { model: about.model, profile: about.profile, providers: about.providers.join(", ") })) : null;
  sheet(t("settings"), [h("div", { class: "stack" }, h("label", { for: "theme" }, t("theme")), theme, h("label", { class: "switch" }, spoken, t("aloud")), button("other_language", switchLanguage), button("keys", showHelp), forget, facts)]);
}

/**
 * The link that shows a thread: make it, copy it, take it back.
 * @param {string} thread
 */
export async function openShare(thread) {
  const path = `/ui/threads/${thread}/share`;
  const box = h("div", { class: "stack" });
  /** @param {string} method */
  const ask = async (method) => {
    try {
      const response = await call(path, { method });
      show(response.status === 204 ? "" : (await response.json()).id);
    } catch (error) {
      toast(/** @type {Error} */ (error).message);
    }
  };
  /** @param {string} id */
  const show = (id) => {
    if (!id) return box.replaceChildren(h("p", null, t("share_what")), button("share_make", () => ask("POST"), { class: "main" }));
    const link = /** @type {HTMLInputElement} */ (h("input", { type: "text", readonly: true, "aria-label": t("share") }));
    link.value = `${location.origin}/shared/${id}`;
    box.replaceChildren(h("p", null, t("share_what")), link, button("share_copy", () => copy(link.value).then(() => toast(t("share_copied"))), { class: "main" }), button("share_end", () => ask("DELETE")));
  };
  sheet(t("share"), [box], { side: "middle" });
  await ask("GET");
}
