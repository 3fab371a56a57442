// The player on a page of a bundle: all it plays stands in the page, and nothing is asked of anybody.
(function () {
  "use strict";

  document.addEventListener("DOMContentLoaded", function () {
    const root = document.querySelector("[data-bundle-replay]");
    if (!root) { return; }
    const read = function (name) { return JSON.parse(root.querySelector("[data-" + name + "]").textContent); };
    window.alurReplay.start(root, Object.assign(read("given"), { words: read("words") }));
  });
}());
