// Keeps what is typed: a draft is saved two seconds after the last key, and when the page is left; it says so. All words come from the page.
(function () {
  "use strict";

  const PAUSE = 2000;
  const RETRY = 15000;

  function watch(form) {
    const status = document.querySelector("[data-autosave-status]");
    const state = { timer: null, dirty: false, sending: null, again: false, submitted: false };

    function say(text, kind) {
      if (!status) { return; }
      status.textContent = text;
      status.dataset.kind = kind;
    }

    function later(pause) {
      window.clearTimeout(state.timer);
      state.timer = window.setTimeout(save, pause);
    }

    function changed(event) {
      if (event.target.closest("[data-no-autosave]")) { return; }
      state.dirty = true;
      later(PAUSE);
    }

    function body() {
      const data = new FormData(form);
      // Files travel with their own upload or with the form itself, never with a draft.
      Array.from(data.entries()).forEach(function (entry) {
        if (entry[1] instanceof File) { data.delete(entry[0]); }
      });
      return data;
    }

    function save(leaving) {
      if (!state.dirty || state.submitted) { return; }
      if (state.sending) { state.again = true; return; }
      state.dirty = false;
      say(form.dataset.saving, "saving");
      state.sending = fetch(form.dataset.autosave, {
        method: "POST",
        body: body(),
        credentials: "same-origin",
        headers: { Accept: "application/json", "X-Requested-With": "fetch" },
        keepalive: leaving === true
      }).then(read).then(saved, failed).then(function () {
        state.sending = null;
        if (state.again) { state.again = false; save(); }
      });
    }

    function read(answer) {
      return answer.json().then(function (told) { return { ok: answer.ok, status: answer.status, told: told }; });
    }

    function saved(result) {
      if (result.ok) { say(result.told.message, "saved"); return; }
      // The server has said why: no use in trying the same again.
      say(result.told.message || form.dataset.failed, "failed");
    }

    function failed() {
      state.dirty = true;
      say(form.dataset.failed, "failed");
      later(RETRY);
    }

    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    document.addEventListener("visibilitychange", function () {
      if (document.visibilityState === "hidden") { save(true); }
    });
    form.addEventListener("submit", function () {
      state.submitted = true;
      window.clearTimeout(state.timer);
    });
    window.addEventListener("pageshow", function () { state.submitted = false; });
  }

  document.addEventListener("DOMContentLoaded", function () {
    // A page that answers a refused form was sent for by POST: reloading it would send the old answers over the newer
    // draft. From here on, reloading asks for the page, and the page brings the draft.
    if (document.querySelector("form[data-autosave]")) { window.history.replaceState(null, "", window.location.href); }
    document.querySelectorAll("form[data-autosave]").forEach(watch);
  });
}());
