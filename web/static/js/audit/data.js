// The panel's data: what the act in view changed, before → after, and everything that was known then.
(function () {
  "use strict";

  const parts = window.alurReplayParts;
  const CONCEALED = "•••";
  const FIRST = 8;

  function value(parent, tag, text, words) {
    const none = text === null || text === undefined;
    const said = parts.add(parent, tag, none ? "soft" : "", none ? words.nothing : String(text));
    if (!none && String(text).indexOf(CONCEALED) >= 0) { said.classList.add("is-masked"); }
    return none ? false : said.classList.contains("is-masked");
  }

  function name(parent, change, whole) {
    parts.add(parent, "span", "replay-label", change.label || change.path).title = change.path;
    if (whole && change.label && change.label !== change.path) { parts.add(parent, "span", "replay-path", change.path); }
  }

  function changed(list, changes, words) {
    let masked = false;
    list.replaceChildren();
    changes.forEach(function (change) {
      const item = parts.add(list, "li", "replay-change");
      name(item, change, false);
      const line = parts.add(item, "span", "replay-values");
      parts.add(line, "span", "visually-hidden", words.before + " ");
      masked = value(line, "del", change.before, words) || masked;
      parts.add(line, "span", "replay-arrow", " → ").setAttribute("aria-hidden", "true");
      parts.add(line, "span", "visually-hidden", " " + words.after + " ");
      masked = value(line, "ins", change.after, words) || masked;
    });
    return masked;
  }

  function all(list, held, words, wanted) {
    list.replaceChildren();
    held.forEach(function (change) {
      if (wanted && (change.path + " " + (change.label || "") + " " + change.after).toLowerCase().indexOf(wanted) < 0) { return; }
      name(parts.add(list, "dt"), change, true);
      value(list, "dd", change.after, words);
    });
  }

  function make(panel, model, facts) {
    const box = panel.querySelector("[data-data]");
    const find = function (name) { return box.querySelector("[data-data-" + name + "]"); };
    const details = find("all");
    const filter = find("filter");
    let act = 0;
    let told = "";
    let place = 0;

    function whole() {
      if (!details.open) { return; }
      const held = facts.at(act);
      all(details.querySelector("dl"), held, model.words, filter.value.trim().toLowerCase());
      if (Array.from(held.values()).some(function (change) { return String(change.after).indexOf(CONCEALED) >= 0; })) {
        find("masked").hidden = false;
      }
    }

    function draw() {
      const known = facts.known(act);
      const now = place + known;
      if (told === now) { return; }
      told = now;
      find("loading").hidden = known !== "loading";
      find("missing").hidden = known !== "missing";
      if (known === "missing") { find("why").textContent = facts.failed(); }
      const changes = known === "there" ? facts.changes(act) : [];
      const deed = ((model.story.acts || {})[act] || [0])[0];
      find("deed").hidden = changes.length === 0 || deed === place;
      find("deed").textContent = parts.filled(model.words.ofdeed, { n: deed });
      find("none").hidden = known !== "there" || changes.length > 0;
      const masked = changed(find("changes"), changes.slice(0, FIRST), model.words);
      const rest = changes.slice(FIRST);
      find("masked").hidden = !changed(find("rest"), rest, model.words) && !masked;
      find("more").hidden = rest.length === 0;
      find("more-text").textContent = parts.filled(model.words.more, { n: rest.length });
      details.hidden = known !== "there";
      whole();
    }

    details.addEventListener("toggle", whole);
    filter.addEventListener("input", whole);
    return {
      show: function (event) {
        act = event.act;
        place = event.n;
        draw();
      },
      arrived: function () { told = ""; draw(); }
    };
  }

  window.alurReplayData = { make: make };
}());
