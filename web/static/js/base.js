// Behaviour every page shares. Pages work without it; it only makes them kinder.
(function () {
  "use strict";

  // A refused form: the summary of faults takes the focus, so that it is read first.
  function focusSummary(scope) {
    const summary = scope.querySelector("[data-focus]");
    if (summary) { summary.focus(); }
  }

  // One press is one submit. The button stays readable to screen readers: it is not disabled, only held.
  // The attribute, not form.method: a question named "method" would stand in its place.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || (form.getAttribute("method") || "").toLowerCase() !== "post") { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
    window.setTimeout(() => { delete form.dataset.sent; form.removeAttribute("aria-busy"); }, 8000);
  });
  // Coming back with the browser's own button restores the page as it was, holding flags included.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent; form.removeAttribute("aria-busy");
    });
  });

  // Show or hide a password while typing it.
  document.querySelectorAll("[data-shows]").forEach((button) => {
    const field = document.getElementById(button.dataset.shows);
    if (!field) { return; }
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = field.type === "text";
      field.type = shown ? "password" : "text";
      button.setAttribute("aria-pressed", String(!shown));
    });
  });

  document.addEventListener("DOMContentLoaded", () => focusSummary(document));
  document.addEventListener("htmx:afterSwap", (event) => focusSummary(event.target));
})();
