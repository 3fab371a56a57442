// The data of the case at any of its acts: what an act changed, and the fold of all changes until then.
//
// They come in pieces after the story; until a piece is there, its acts are "not yet".
(function () {
  "use strict";

  function make() {
    const acts = new Map();
    let numbers = [];
    let complete = false;
    let failed = "";

    function take(piece) {
      Object.keys(piece.acts || {}).forEach(function (number) { acts.set(Number(number), piece.acts[number]); });
      numbers = Array.from(acts.keys()).sort(function (a, b) { return a - b; });
      complete = Boolean(piece.complete);
      failed = piece.failed || "";
    }

    // "there", "loading", or "missing" where the record could not be enacted again.
    function known(act) {
      if (complete || (numbers.length && numbers[numbers.length - 1] >= act)) { return "there"; }
      return failed ? "missing" : "loading";
    }

    function changes(act) { return (acts.get(act) || {}).changes || []; }

    function at(act) {
      const held = new Map();
      for (let i = 0; i < numbers.length && numbers[i] <= act; i += 1) {
        changes(numbers[i]).forEach(function (change) {
          if (change.after === null || change.after === undefined) { held.delete(change.path); } else { held.set(change.path, change); }
        });
      }
      return held;
    }

    function broken(why) { failed = why; }

    return { take: take, known: known, changes: changes, at: at, broken: broken, failed: function () { return failed; } };
  }

  // Ask for the pieces one after the other; `told` after each.
  function load(url, facts, told) {
    function ask(from) {
      return fetch(url + "?dari=" + from, { credentials: "same-origin" }).then(function (answer) {
        if (!answer.ok) { throw new Error("status " + answer.status); }
        return answer.json();
      }).then(function (piece) {
        facts.take(piece);
        told();
        return piece.next === null || piece.next === undefined ? null : ask(piece.next);
      });
    }
    return ask(1);
  }

  window.alurReplayFacts = { make: make, load: load };
}());
