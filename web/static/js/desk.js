// The desk: documents follow the rows of the check-list, and keys do what the buttons do.
//
// n and p turn the documents, l answers every row with Ya, Ctrl+Enter saves and goes on, ? shows the keys. Single keys
// can be switched off (WCAG 2.1.4), in the same place as those of lists; they are never taken from a field one types in.
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

  // A letter typed on a radio button or a tick box goes nowhere: there it may be a key.
  function typing(target) {
    if (target.tagName === "INPUT") { return !/^(radio|checkbox)$/.test(target.type); }
    return target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName);
  }

  function click(selector) {
    const found = document.querySelector(selector);
    if (!found) { return false; }
    found.click();
    return true;
  }

  // Without a request: the radios are set here, and the form is told once.
  function allGood() {
    const form = document.querySelector("[data-desk-form]");
    const said = form ? Array.from(form.querySelectorAll('.review-answer input[type="radio"][value="ya"]')) : [];
    if (!said.length) { return false; }
    const changed = said.filter(function (radio) { return !radio.checked; });
    changed.forEach(function (radio) { radio.checked = true; });
    if (changed.length) { changed[changed.length - 1].dispatchEvent(new Event("change", { bubbles: true })); }
    return true;
  }

  function save() {
    const button = document.querySelector("[data-save-next]");
    if (!button) { return false; }
    button.form.requestSubmit(button);
    return true;
  }

  function help() {
    if (!dialog) { return false; }
    if (!dialog.open) { dialog.showModal(); }
    return true;
  }

  const acts = {
    n: function () { return click("[data-paper-next]"); },
    p: function () { return click("[data-paper-previous]"); },
    l: allGood,
    "?": help
  };

  function pressed(event) {
    if (event.defaultPrevented || (dialog && dialog.open)) { return; }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      if (save()) { event.preventDefault(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !enabled()) { return; }
    const act = acts[event.key];
    if (act && act()) { event.preventDefault(); }
  }

  // ---- the document that belongs to a row -------------------------------------------------------------------------

  function shown() {
    const mark = document.querySelector("[data-paper-shown]");
    return mark ? mark.dataset.paperShown : null;
  }

  function paperOf(link) {
    const url = new URL(link.href, window.location.href);
    return url.searchParams.get("dok");
  }

  function linkOf(row) { return row.querySelector('a[href*="dok="]'); }

  function mark() {
    const now = shown();
    document.querySelectorAll(".review-row").forEach(function (row) {
      const link = linkOf(row);
      row.classList.toggle("is-shown", Boolean(link) && paperOf(link) === now);
    });
  }

  function show(link) {
    const id = paperOf(link);
    if (!id || id === shown()) { return; }
    const url = new URL(link.href, window.location.href);
    url.searchParams.delete("dok");
    window.htmx.ajax("GET", url.pathname + "/dokumen/" + id + url.search, { target: "#paper", swap: "innerHTML" });
  }

  function watchRows(desk) {
    if (!document.getElementById("paper") || !window.htmx) { return; }
    desk.addEventListener("focusin", function (event) {
      const row = event.target.closest(".review-row");
      const link = row && linkOf(row);
      if (link) { show(link); }
    });
    desk.addEventListener("click", function (event) {
      const link = event.target.closest('.desk-form a[href*="dok="]');
      if (!link || event.ctrlKey || event.metaKey) { return; }
      event.preventDefault();
      show(link);
    });
    document.addEventListener("htmx:afterSwap", mark);
    mark();
  }

  // ---- ticking all of a list --------------------------------------------------------------------------------------

  function tickAll(button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      document.querySelectorAll("#" + button.dataset.tickAll + ' input[type="checkbox"]').forEach(function (box) {
        box.checked = true;
      });
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-tick-all]").forEach(tickAll);
    const desk = document.querySelector("[data-desk]");
    if (!desk) { return; }
    dialog = document.getElementById("keys");
    document.addEventListener("keydown", pressed);
    watchRows(desk);
    const all = desk.querySelector("[data-all-good]");
    if (all) { all.addEventListener("click", function (event) { if (allGood()) { event.preventDefault(); } }); }
    document.querySelectorAll("[data-keys-open]").forEach(function (button) {
      button.hidden = !dialog;
      button.addEventListener("click", help);
    });
    if (!dialog) { return; }
    const box = dialog.querySelector("[data-keys-enabled]");
    box.checked = enabled();
    box.addEventListener("change", function () { remember(box.checked); });
    dialog.querySelector("[data-keys-close]").addEventListener("click", function () { dialog.close(); });
  });
}());
