// Keeps what is typed while the questions are being asked anew: an answer given after the question left is put back.
//
// Without it, whoever types on while the answer is on its way would see the last letters vanish. And whoever goes from
// a field straight to choosing a file would choose it for an input that the answer has taken away meanwhile.
(function () {
  "use strict";

  const FIELDS = "form-fields";
  let sent = new Map();
  let since = [];

  function ours(event) { return Boolean(event.detail.target) && event.detail.target.id === FIELDS; }

  function fields() {
    return Array.from(document.querySelectorAll("#" + FIELDS + " [id][name]")).filter(function (field) {
      return field.type !== "file" && field.type !== "hidden" && field.tagName !== "BUTTON";
    });
  }

  function ticked(field) { return field.type === "checkbox" || field.type === "radio"; }

  function state(field) { return ticked(field) ? field.checked : field.value; }

  function caret(field) {
    return document.activeElement === field && typeof field.selectionStart === "number"
      ? [field.selectionStart, field.selectionEnd] : null;
  }

  function changedSince(field) { return sent.has(field.id) && sent.get(field.id) !== state(field); }

  function putBack(kept) {
    const field = document.getElementById(kept.id);
    if (!field || state(field) === kept.state) { return; }
    if (ticked(field)) { field.checked = kept.state; } else { field.value = kept.state; }
    if (kept.caret) { field.setSelectionRange(kept.caret[0], kept.caret[1]); }
    // The browser does not know that a person wrote this, so it would not say that it changed.
    const tell = function () { field.dispatchEvent(new Event("change", { bubbles: true })); };
    if (document.activeElement === field && !ticked(field)) {
      field.addEventListener("blur", tell, { once: true });
    } else {
      tell();
    }
  }

  document.addEventListener("click", function (event) {
    const asked = event.target;
    if (!(asked instanceof HTMLInputElement) || asked.type !== "file" || !asked.closest("#" + FIELDS)) { return; }
    asked.addEventListener("change", function () {
      const now = asked.isConnected ? null : document.getElementById(asked.id);
      if (!now) { return; }
      now.files = asked.files;
      now.dispatchEvent(new Event("change", { bubbles: true }));
    }, { once: true });
  }, true);

  document.addEventListener("htmx:beforeRequest", function (event) {
    if (ours(event)) { sent = new Map(fields().map(function (field) { return [field.id, state(field)]; })); }
  });
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (!ours(event)) { return; }
    since = fields().filter(changedSince).map(function (field) {
      return { id: field.id, state: state(field), caret: caret(field) };
    });
  });
  document.addEventListener("htmx:afterSwap", function () {
    const kept = since;
    since = [];
    kept.forEach(putBack);
  });
}());
