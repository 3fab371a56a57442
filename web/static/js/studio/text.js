// A file of a draft as plain text, saved by itself.
(function () {
  "use strict";

  const area = document.querySelector("[data-text-path]");
  if (!area || !window.alurDraft) { return; }
  const handle = window.alurDraft.open(area.dataset.textPath);

  function show(text) { if (area.value !== text) { area.value = text; } }

  handle.load().then(show, function () { /* what the server rendered stays */ });
  handle.onreload(show);
  area.addEventListener("input", function () { handle.save(area.value); });
}());
