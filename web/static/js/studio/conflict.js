// Tells that somebody else saved the same file first, and offers the two ways out. Neither loses anything.
(function () {
  "use strict";

  function button(text, kind, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn " + kind;
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  }

  function fill(sentence, values) {
    return sentence.replace(/\{(\w+)\}/g, function (_all, name) { return values[name] || ""; });
  }

  // told: {by, text, revision}; ways: {load, copy}
  function show(place, words, told, ways) {
    const box = document.createElement("div");
    box.className = "notice notice-bad";
    box.setAttribute("role", "alert");
    box.tabIndex = -1;
    const body = document.createElement("div");
    const title = document.createElement("p");
    title.className = "notice-title";
    title.textContent = words.conflict_title;
    const sentence = document.createElement("p");
    sentence.textContent = fill(told.revision === null ? words.conflict_removed : words.conflict, { who: told.by, at: told.text });
    const row = document.createElement("div");
    row.className = "button-row";
    if (told.revision !== null) { row.append(button(words.load_theirs, "btn-outline-secondary", ways.load)); }
    row.append(button(words.keep_copy, "btn-primary", ways.copy));
    body.append(title, sentence, row);
    box.append(body);
    place.replaceChildren(box);
    box.focus();
  }

  function copied(place, words, made) {
    const box = document.createElement("div");
    box.className = "notice notice-good";
    box.setAttribute("role", "status");
    const sentence = document.createElement("p");
    const link = document.createElement("a");
    link.href = made.url;
    link.textContent = made.title;
    sentence.append(words.copied + " ", link);
    box.append(sentence);
    place.replaceChildren(box);
  }

  window.alurConflict = { show: show, copied: copied, fill: fill };
}());
