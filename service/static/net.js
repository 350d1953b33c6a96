// Requests to the service we came from, and the stream of a run.

import { h, sheet } from "./dom.js";
import { keep, kept } from "./keep.js";
import { t } from "./words.js";

/** A refusal, in the words of the service. */
export class Problem extends Error {
  /** @param {{ code?: string, title?: string, detail?: string, status?: number, retry_s?: number }} told */
  constructor(told) {
    super(told.title ?? t("broken"));
    this.code = told.code ?? "offline";
    this.detail = told.detail ?? "";
    this.status = told.status ?? 0;
    /** Seconds after which it is worth trying again; 0 when not said. */
    this.retry_s = told.retry_s ?? 0;
  }
}

/**
 * @param {string} path
 * @param {RequestInit & { json?: unknown }} [options]
 * @returns {Promise<Response>}
 * @throws {Problem}
 */
export async function call(path, { json, ...options } = {}) {
  /** @type {Record<string, string>} */
  const headers = { ...(/** @type {any} */ (options.headers) ?? {}) };
  const key = kept("key");
  if (key) headers.Authorization = `Bearer ${key}`;
  if (json !== undefined) {
    headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(json);
  }
  let response;
  try {
    response = await fetch(path, { ...options, headers });
  } catch (error) {
    if (/** @type {Error} */ (error).name === "AbortError") throw error;
    throw new Problem({ code: "offline", title: t("offline_title"), detail: t("offline_detail") });
  }
  if (response.status === 401) {
    // Another request, or another tab, may have got a newer key since this one was sent.
    if (kept("key") === key) await askForKey();
    return call(path, { json, ...options });
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

/**
 * @param {Response} response
 * @returns {Promise<Problem>}
 */
async function problemOf(response) {
  const told = await response.json().catch(() => ({}));
  const retry_s = Number(response.headers.get("Retry-After")) || 0;
  return new Problem({ status: response.status, retry_s, code: "broken", ...told });
}

/** @type {Promise<void> | null} */
let asking = null;

/** Ask for the API key until one is given; everything that waits for it goes on then. */
function askForKey() {
  asking ??= new Promise((resolve) => {
    const field = /** @type {HTMLInputElement} */ (h("input", { type: "password", id: "key", autocomplete: "current-password", required: true }));
    const wrong = kept("key") ? h("p", { class: "warn" }, t("key_wrong")) : null;
    const form = h("form", { method: "dialog", class: "stack" }, wrong, h("label", { for: "key" }, t("key_label")), field, h("p", { class: "meta" }, t("key_where")), h("button", { type: "submit", class: "main" }, t("key_use")));
    const dialog = sheet(t("key_title"), [form], {
      side: "middle",
      onclose: () => {
        keep("key", field.value.trim());
        asking = null;
        resolve();
      },
    });
    dialog.querySelector(".close")?.remove();
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    field.focus();
  });
  return asking;
}

/**
 * @typedef {{ event: string, data: string, id: number }} Told one server-sent event
 */

/**
 * Read a stream to its end.
 * @param {Response} response
 * @param {(told: Told) => void} take
 * @param {() => void} [sign] called whenever anything comes, heartbeats too
 */
export async function read(response, take, sign) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).pipeThrough(/** @type {any} */ (new TextDecoderStream())).getReader();
  let rest = "";
  let last = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    sign?.();
    rest += value;
    const parts = rest.split("\n\n");
    rest = parts.pop() ?? "";
    for (const part of parts) {
      const told = { event: "", data: "", id: last };
      /** @type {string[]} */
      const data = [];
      for (const line of part.split("\n")) {
        const [, name, text] = /^(\w*):? ?(.*)$/.exec(line) ?? [];
        if (name === "event") told.event = text;
        else if (name === "id") last = told.id = Number(text);
        else if (line.startsWith("data:")) data.push(line.slice(line[5] === " " ? 6 : 5));
      }
      if (!data.length) continue;
      told.data = data.join("\n");
      take(told);
    }
  }
}
