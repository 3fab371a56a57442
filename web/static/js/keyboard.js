// Keys for lists: ? shows them, j and k move, Enter opens, c claims, / searches.
//
// Single keys can be switched off (WCAG 2.1.4): the choice is kept in this browser. Keys are never taken from a field.
(function () {
  "use strict";

  const STORED = "alur.keys";
  let dialog = null;

  function enabled() {
    try { return window.localStorage.getItem(STORED) !== "off"; } catch (refused) { return true; }
  }

  function remember(on) {
    try { window.localStorage.setItem(STORED, on ? "on" : "off"); } catch (refused) { /* private window: not kept */ }
  }

  function typing(target) {
    if (target.type === "range") { return false; }
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.closest("[role=textbox]");
  }

  function links() {
    return Array.from(document.querySelectorAll("[data-row] [data-row-link]"));
  }

  function move(by) {
    const all = links();
    if (!all.length) { return false; }
    const row = document.activeElement.closest && document.activeElement.closest("[data-row]");
    const at = row ? all.indexOf(row.querySelector("[data-row-link]")) : (by > 0 ? -1 : all.length);
    const next = all[Math.min(all.length - 1, Math.max(0, at + by))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  function claim() {
    const row = document.activeElement.closest && document.activeElement.closest("[data-row]");
    const button = row ? row.querySelector("[data-claim]") : document.querySelector("[data-claim-page]");
    if (!button) { return false; }
    button.click();
    return true;
  }

  function search() {
    const field = document.querySelector("[data-search]");
    if (!field) { return false; }
    field.focus();
    field.select();
    return true;
  }

  // Out of the search field, back to the keys.
  function leave(event) {
    if (event.key === "Escape") { event.currentTarget.blur(); }
  }

  function help() {
    if (!dialog) { return false; }
    if (!dialog.open) { dialog.showModal(); }
    return true;
  }

  const acts = {
    j: function () { return move(1); },
    k: function () { return move(-1); },
    c: claim,
    "/": search,
    "?": help
  };

  // May this press be taken as a shortcut? For pages with keys of their own, too.
  function free(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) { return false; }
    return !typing(event.target) && !(dialog && dialog.open) && enabled();
  }

  function pressed(event) {
    if (!free(event)) { return; }
    const act = acts[event.key];
    if (act && act()) { event.preventDefault(); }
  }

  window.alurKeys = { free: free };

  document.addEventListener("DOMContentLoaded", function () {
    dialog = document.getElementById("keys");
    document.addEventListener("keydown", pressed);
    document.querySelectorAll("[data-keys-open]").forEach(function (button) {
      button.hidden = !dialog;
      button.addEventListener("click", help);
    });
    document.querySelectorAll("[data-search]").forEach(function (field) { field.addEventListener("keydown", leave); });
    if (!dialog) { return; }
    const box = dialog.querySelector("[data-keys-enabled]");
    box.checked = enabled();
    box.addEventListener("change", function () { remember(box.checked); });
    dialog.querySelector("[data-keys-close]").addEventListener("click", function () { dialog.close(); });
  });
}());
