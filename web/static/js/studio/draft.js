// Files of a draft in the browser: read, saved by themselves, never overwritten by or over somebody else's.
//
//   const handle = window.alurDraft.open("process.bpmn");
//   handle.load().then(function (text) { … });   // what to show: the server's, or what this browser had not sent yet
//   handle.save(text);                           // two seconds after the last call it is sent
//   handle.saveNow().then(…);                    // at once; resolves to the revision, rejects when it could not
//   handle.onstate(function (state, told) { … }) // clean | dirty | saving | saved | failed | conflict | closed
//   handle.onreload(function (text) { … })       // the person chose the other's version: show it
(function () {
  "use strict";

  const PAUSE = 2000;
  const RETRY = 15000;
  const PRESENCE = 20000;

  const place = document.getElementById("studio");
  if (!place) { return; }
  const page = JSON.parse(place.dataset.studio);
  const words = page.words;
  const status = place.querySelector("[data-draft-status]");
  const handles = new Map();

  function token() {
    return JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRF-Token"] || "";
  }

  function say(text, kind) {
    if (status.textContent !== text) { status.textContent = text; }
    status.dataset.kind = kind;
  }

  function request(method, url, headers, body, keepalive) {
    return fetch(url, {
      method: method,
      body: body,
      credentials: "same-origin",
      keepalive: keepalive === true && (body || "").length < 60000,
      headers: Object.assign({ Accept: "application/json", "X-CSRF-Token": token() }, headers)
    });
  }

  // An answer of our own is JSON; anything else (a login page, an error page) is not about the file.
  function told(answer) {
    const json = (answer.headers.get("Content-Type") || "").indexOf("application/json") === 0;
    return json ? answer.json() : Promise.resolve({});
  }

  function addressOf(path) { return page.files + path.split("/").map(encodeURIComponent).join("/"); }

  function revisionOf(answer) { return parseInt((answer.headers.get("ETag") || "").replace(/\D/g, ""), 10); }

  function Handle(path) {
    this.path = path;
    this.url = addressOf(path);
    this.kept = window.alurDraftStore.open(page.user, page.draft, path);
    this.revision = null;
    this.text = null;
    this.sent = null;
    this.attempts = [];  // sent, and not known to have arrived
    this.timer = null;
    this.sending = null;
    this.state = "clean";
    this.said = status.textContent;
    this.listeners = [];
    this.reloaders = [];
  }

  Handle.prototype.onstate = function (listener) { this.listeners.push(listener); };
  Handle.prototype.onreload = function (listener) { this.reloaders.push(listener); };

  Handle.prototype.become = function (state, more) {
    const handle = this;
    handle.state = state;
    handle.listeners.forEach(function (listener) { listener(state, more || {}); });
  };

  Handle.prototype.fetchText = function () {
    return request("GET", this.url, {}).then(function (answer) {
      if (answer.status === 404) { return { text: "", revision: null }; }
      if (!answer.ok) { throw new Error("status " + answer.status); }
      return answer.text().then(function (text) { return { text: text, revision: revisionOf(answer) }; });
    });
  };

  Handle.prototype.load = function () {
    const handle = this;
    return handle.fetchText().then(function (now) {
      const unsent = page.editable ? handle.kept.read() : null;
      handle.revision = now.revision;
      handle.text = handle.sent = now.text;
      if (!unsent || unsent.text === now.text) {
        handle.kept.forget();
        return now.text;
      }
      handle.text = unsent.text;
      handle.revision = unsent.seen;
      handle.become("dirty");
      say(words.recovered, "recovered");
      handle.later(0);  // the server knows whether it still fits; if not, the person is told and chooses
      return unsent.text;
    });
  };

  Handle.prototype.save = function (text) {
    if (!page.editable || text === this.text) { return; }
    this.text = text;
    this.kept.keep(text, this.revision);
    if (this.state === "conflict") { return; }
    if (this.state !== "dirty" && this.state !== "saving") { say(words.unsaved, "dirty"); }
    this.become("dirty");
    this.later(PAUSE);
  };

  Handle.prototype.later = function (pause) {
    const handle = this;
    window.clearTimeout(handle.timer);
    handle.timer = window.setTimeout(function () { handle.saveNow().catch(function () { /* said already */ }); }, pause);
  };

  Handle.prototype.saveNow = function (leaving) {
    const handle = this;
    window.clearTimeout(handle.timer);
    if (handle.sending) {
      return handle.sending.then(function () { return handle.saveNow(leaving); });
    }
    if (handle.text === null || handle.text === handle.sent) {
      if (handle.state === "dirty") { handle.unchanged(); }
      return Promise.resolve(handle.revision);
    }
    if (handle.state === "conflict" || handle.state === "closed") { return Promise.reject(new Error(handle.state)); }
    const text = handle.text;
    handle.become("saving");
    say(words.saving, "saving");
    handle.attempts.push(text);
    const seen = handle.revision === null ? { "If-None-Match": "*" } : { "If-Match": '"' + handle.revision + '"' };
    handle.sending = request("PUT", handle.url, Object.assign({ "Content-Type": "text/plain; charset=utf-8" }, seen), text, leaving)
      .then(function (answer) { return told(answer).then(function (more) { return handle.answered(answer, more, text); }); })
      .catch(function (error) {
        if (handle.state === "saving") { handle.failed(words.failed, true); }
        throw error;
      })
      .finally(function () { handle.sending = null; });
    return handle.sending;
  };

  Handle.prototype.answered = function (answer, more, text) {
    if (answer.ok && more.revision) { return this.saved(more, text); }
    if (answer.status === 409 && more.by) { return this.overtaken(more); }
    if (answer.status === 409) {
      this.become("closed", more);
      say(more.message || words.closed, "failed");
    } else if (answer.redirected || answer.status === 401 || answer.status === 403) {
      this.failed(words.signed_out, false);
    } else {
      // What the server refuses with a reason it would refuse again.
      this.failed(more.message || words.failed, !more.message);
    }
    throw new Error("status " + answer.status);
  };

  Handle.prototype.saved = function (more, text) {
    this.revision = more.revision;
    this.sent = text;
    this.attempts = [];
    if (this.text === text) {
      this.kept.forget();
      this.said = more.saved_text;
      say(this.said, "saved");
      this.become("saved", more);
      lookForFindings();
    } else {
      this.kept.keep(this.text, this.revision);
      this.become("dirty");
      this.later(PAUSE);
    }
    return more.revision;
  };

  // Changed, and changed back: what the server has is what is shown.
  Handle.prototype.unchanged = function () {
    this.kept.forget();
    say(this.said, "saved");
    this.become("clean");
  };

  Handle.prototype.failed = function (sentence, again) {
    this.become("failed", { message: sentence });
    say(sentence, "failed");
    if (again) { this.later(RETRY); }
  };

  // Somebody saved first. Perhaps it was this very browser, whose answer got lost: then there is no conflict.
  Handle.prototype.overtaken = function (more) {
    const handle = this;
    return handle.fetchText().then(function (now) {
      if (now.revision !== null && handle.attempts.includes(now.text)) {
        handle.revision = now.revision;
        handle.sent = now.text;
        handle.become("dirty");
        handle.later(0);
        return now.revision;
      }
      handle.become("conflict", more);
      say(words.unsaved, "conflict");
      window.alurConflict.show(place.querySelector("[data-draft-conflict]"), words, more, {
        load: function () { handle.takeTheirs(); },
        copy: function () { handle.keepMine(); }
      });
      throw new Error("conflict");
    });
  };

  Handle.prototype.takeTheirs = function () {
    const handle = this;
    handle.fetchText().then(function (now) {
      handle.kept.forget();
      handle.revision = now.revision;
      handle.text = handle.sent = now.text;
      place.querySelector("[data-draft-conflict]").replaceChildren();
      say("", "clean");
      handle.become("clean");
      handle.reloaders.forEach(function (listener) { listener(now.text); });
      lookForFindings();
    });
  };

  Handle.prototype.keepMine = function () {
    const handle = this;
    const body = JSON.stringify({ path: handle.path, body: handle.text });
    request("POST", page.copy, { "Content-Type": "application/json" }, body).then(function (answer) {
      return told(answer).then(function (made) {
        if (!answer.ok) { say(made.message || words.failed, "failed"); return; }
        handle.kept.forget();
        window.alurConflict.copied(place.querySelector("[data-draft-conflict]"), words, made);
      });
    }, function () { say(words.failed, "failed"); });
  };

  function lookForFindings() {
    return request("GET", page.findings, {}).then(told).then(function (more) {
      if (more.findings) { document.dispatchEvent(new CustomEvent("alur:findings", { detail: more.findings })); }
      return more.findings || [];
    }, function () { return []; });
  }

  function open(path) {
    if (!handles.has(path)) { handles.set(path, new Handle(path)); }
    tellPresence();
    return handles.get(path);
  }

  function tellPresence() {
    if (!page.editable || document.visibilityState === "hidden") { return; }
    const path = handles.keys().next().value || "";
    request("POST", page.presence, { "Content-Type": "application/json" }, JSON.stringify({ path: path }))
      .then(told).then(function (more) { showOthers(more.others || []); }, function () { /* next time */ });
  }

  function showOthers(others) {
    const line = place.querySelector("[data-draft-others]");
    const text = others.map(function (other) {
      const sentence = handles.has(other.path) ? words.others_one : other.path ? words.others_draft : words.others_page;
      return window.alurConflict.fill(sentence, other);
    }).join(" ");
    if (line.textContent !== text) { line.textContent = text; }
    line.hidden = !text;
  }

  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState !== "hidden") { tellPresence(); return; }
    handles.forEach(function (handle) { handle.saveNow(true).catch(function () { /* kept in the browser */ }); });
  });
  window.setInterval(tellPresence, PRESENCE);
  document.addEventListener("DOMContentLoaded", function () { if (!handles.size) { tellPresence(); } });

  window.alurDraft = { open: open, page: page, findings: lookForFindings };
}());
