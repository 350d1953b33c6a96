// An answer as plain text.

/**
 * The words on the screen, with marks as `[n]`.
 * @param {Element} el
 */
export function plain(el) {
  const held = /** @type {Element} */ (el.cloneNode(true));
  for (const mark of held.querySelectorAll(".mark")) mark.replaceWith(/** @type {HTMLElement} */ (mark).dataset.n === "0" ? "" : ` [${/** @type {HTMLElement} */ (mark).dataset.n}]`);
  for (const tag of held.querySelectorAll(".tag")) tag.remove();
  for (const item of held.querySelectorAll("li")) item.prepend("- ");
  for (const part of held.querySelectorAll("p, li, tr, h3, h4, h5, h6, pre")) part.append("\n");
  for (const cell of held.querySelectorAll("td, th")) cell.append("\t");
  return (held.textContent ?? "").replace(/\n{3,}/g, "\n\n").trim();
}
