// What a person typed and the server has not got yet, kept in this browser: for a lost network, a closed lid, a crash.
// Another person at the same browser never sees it: it is kept under the account.
(function () {
  "use strict";

  function key(user, draft, path) { return "alur.draft." + user + "." + draft + "." + path; }

  function open(user, draft, path) {
    const name = key(user, draft, path);
    return {
      read: function () {
        try { return JSON.parse(window.localStorage.getItem(name)); } catch (refused) { return null; }
      },
      // `seen`: the revision these words began from.
      keep: function (text, seen) {
        try { window.localStorage.setItem(name, JSON.stringify({ text: text, seen: seen })); } catch (full) { /* the server has to do */ }
      },
      forget: function () {
        try { window.localStorage.removeItem(name); } catch (refused) { /* nothing was kept */ }
      }
    };
  }

  window.alurDraftStore = { open: open };
}());
