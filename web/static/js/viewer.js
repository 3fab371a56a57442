// The viewer's keys: arrows turn the page while the paper has the focus, + and - change its size. The links do the
// same without this file. What a page is wider than its place, the arrows move it, as they do everywhere.
(function () {
  "use strict";

  const STEPS = { ArrowRight: "next", ArrowLeft: "previous", "+": "larger", "=": "larger", "-": "smaller" };

  function pressed(event) {
    const paper = event.target.closest ? event.target.closest(".viewer-paper") : null;
    const step = STEPS[event.key];
    if (!paper || !step || event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key.startsWith("Arrow") && paper.scrollWidth > paper.clientWidth) { return; }
    const link = paper.closest("[data-viewer]").querySelector("[data-viewer-" + step + "]");
    if (link) { event.preventDefault(); link.click(); }
  }

  document.addEventListener("keydown", pressed);
}());
