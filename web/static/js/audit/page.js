// The page of a replay: asks for the story, says what it waits for, and hands the story to the player.
(function () {
  "use strict";

  function show(root, name) {
    ["loading", "failed", "empty", "player"].forEach(function (one) {
      root.querySelector("[data-replay-" + one + "]").hidden = one !== name;
    });
  }

  function ask(root) {
    show(root, "loading");
    fetch(root.dataset.story, { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) { throw new Error("status " + answer.status); }
      return answer.json();
    }).then(function (story) { play(root, story); }).catch(function () { show(root, "failed"); });
  }

  // A fault of the player is no fault of the line: it is told as one, and not asked for again in vain.
  function play(root, story) {
    show(root, story.events.length ? "player" : "empty");
    if (!story.events.length) { return; }
    const words = JSON.parse(root.querySelector("[data-words]").textContent);
    try {
      window.alurReplay.start(root, { story: story, words: words });
    } catch (fault) {
      window.reportError(fault);
      throw fault;
    }
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-replay][data-story]").forEach(function (root) {
      root.querySelector("[data-replay-again]").addEventListener("click", function () { ask(root); });
      ask(root);
    });
  });
}());
