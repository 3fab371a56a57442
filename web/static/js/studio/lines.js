// From a fault to its line in the text, and which line the caret is in. Tab leaves the text, as everywhere.
(function () {
  "use strict";

  function startOf(area, line) {
    return area.value.split("\n").slice(0, line - 1).reduce(function (sum, text) { return sum + text.length + 1; }, 0);
  }

  function go(area, line) {
    const start = startOf(area, line);
    const end = area.value.indexOf("\n", start);
    area.focus();
    area.setSelectionRange(start, end < 0 ? area.value.length : end);
    area.scrollTop = Math.max(0, (line - 6) * (area.scrollHeight / area.value.split("\n").length));
  }

  document.addEventListener("DOMContentLoaded", function () {
    const area = document.getElementById("teks");
    const status = document.querySelector("[data-line-status]");
    function tell() {
      const line = area.value.slice(0, area.selectionStart).split("\n").length;
      status.textContent = status.dataset.words.replace("{n}", String(line));
    }
    document.querySelectorAll("[data-line]").forEach(function (link) {
      link.addEventListener("click", function (event) {
        event.preventDefault();
        go(area, Number(link.dataset.line));
        tell();
      });
    });
    ["keyup", "click", "focus"].forEach(function (kind) { area.addEventListener(kind, tell); });
    if (area.dataset.at) { go(area, Number(area.dataset.at)); tell(); }
  });
}());
