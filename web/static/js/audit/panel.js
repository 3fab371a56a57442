// The panel: who acted, where the tokens stand, which deadlines run, and the documents, all as they were at an instant.
(function () {
  "use strict";

  const parts = window.alurReplayParts;

  function deed(panel, model, state, event) {
    const words = model.words;
    const version = model.story.versions[state.version];
    const element = version.elements[event.element] || {};
    const around = (event.in || []).map(function (step) {
      const name = (version.elements[step.element] || {}).name || step.element;
      return step.i === null || step.i === undefined ? name : name + " " + parts.filled(words.numbered, { n: step.i });
    }).join(" › ");
    panel.querySelector("[data-event-number]").textContent = parts.filled(words.step, { n: event.n, all: model.events.length });
    panel.querySelector("[data-event-text]").textContent = event.text;
    const group = panel.querySelector("[data-event-group]");
    group.textContent = model.story.groups[event.group];
    group.className = "replay-group is-" + event.group;
    parts.facts(panel.querySelector("[data-event-facts]"), [
      [words.when, event.when],
      [words.who, model.person(event.who) || words.system],
      [words.role, event.role],
      [words.behalf, model.person(event.behalf)],
      [words.to, model.person(event.to)],
      [words.element, element.name && element.what ? element.name + " (" + element.what + ")" : element.name],
      [words.lane, event.lane || element.lane],
      [words.inside, around],
      [words.cause, cause(model, event)],
      [words.reason, event.note],
      [words.cases, others(event)]
    ]);
  }

  // What followed from somebody's deed says whose.
  function cause(model, event) {
    const deed = model.events[((model.story.acts || {})[event.act] || [event.n])[0] - 1];
    if (!deed || deed === event) { return ""; }
    return [deed.n + ". " + deed.text, model.person(deed.who)].filter(Boolean).join(" · ");
  }

  function others(event) {
    if (!event.cases || !event.cases.length) { return null; }
    const said = document.createElement("span");
    event.cases.forEach(function (other, at) {
      if (at) { said.append(", "); }
      parts.link(said, other.number, other.url);
    });
    return said;
  }

  // A migration is seen: which version it was, which it is, and what is called differently now.
  function migration(panel, model, state, event) {
    const box = panel.querySelector("[data-migration]");
    box.hidden = event.kind !== "case:migrated";
    if (box.hidden) { return; }
    const versions = model.story.versions;
    const before = versions[Math.max(0, state.version - 1)];
    const now = versions[state.version];
    box.querySelector("[data-migration-text]").textContent =
      parts.filled(model.words.migrated, { before: before.number, after: now.number });
    const list = box.querySelector("ul");
    list.replaceChildren();
    const renamed = event.renamed || {};
    Object.keys(renamed).forEach(function (id) {
      const was = (before.elements[id] || {}).name || id;
      const is = (now.elements[renamed[id]] || {}).name || renamed[id];
      // Whose name stayed has another id, and that is what was changed.
      const words = was === is ? { before: id, after: renamed[id] } : { before: was, after: is };
      parts.add(list, "li", "", parts.filled(model.words.renamed, words));
    });
  }

  function tokens(panel, model, state, stage) {
    const list = panel.querySelector("[data-tokens]");
    const version = model.story.versions[state.version];
    list.replaceChildren();
    state.tokens.forEach(function (count, id) {
      const element = version.elements[id] || {};
      const item = parts.add(list, "li");
      const button = parts.add(item, "button", "btn btn-link", element.name || element.what || id);
      button.type = "button";
      button.addEventListener("click", function () { stage.point(id); });
      parts.add(item, "span", "soft", [element.what, element.lane, count > 1 ? parts.filled(model.words.tokens, { n: count }) : ""]
        .filter(Boolean).join(" · "));
      if (element.opens) {
        const inside = parts.add(item, "button", "btn btn-outline-secondary btn-sm", parts.filled(model.words.open, { name: element.name || id }));
        inside.type = "button";
        inside.addEventListener("click", function () { stage.enter(id); });
      }
    });
    panel.querySelector("[data-tokens-none]").hidden = state.tokens.size > 0;
  }

  function deadlines(panel, model, event, ms) {
    const list = panel.querySelector("[data-deadlines]");
    const running = model.deadlines(event.n);
    const touched = (event.deadlines || []).map(function (touch) { return model.story.deadlines[touch.d]; })
      .filter(function (deadline) { return deadline && running.indexOf(deadline) < 0; });
    list.replaceChildren();
    running.forEach(function (deadline) { list.append(deadlineItem(model, deadline, ms)); });
    touched.forEach(function (deadline) { list.append(deadlineItem(model, deadline, ms, deadline.outcome_text || model.words.ended)); });
    panel.querySelector("[data-deadlines-none]").hidden = list.children.length > 0;
  }

  function deadlineItem(model, deadline, ms, ended) {
    const words = model.words;
    const late = deadline.due < ms;
    const used = model.work.between(deadline.calendar, deadline.set, Math.max(ms, deadline.set));
    const left = model.work.between(deadline.calendar, ms, deadline.due);
    const item = parts.element("li", "replay-deadline" + (late && !ended ? " is-late" : ""));
    parts.add(item, "p", "replay-deadline-name", deadline.name);
    parts.add(item, "p", "", parts.filled(words.due, { when: deadline.due_text }));
    if (used !== null && left !== null) {
      const said = parts.filled(late ? words.over : words.left, { used: model.work.text(used), left: model.work.text(left) });
      parts.add(item, "p", "replay-deadline-left", said);
      const limit = deadline.limit || used + left;
      if (limit > 0) {
        const bar = parts.add(item, "progress", "replay-meter");
        bar.max = limit;
        bar.value = Math.min(limit, used);
        bar.setAttribute("aria-hidden", "true");
      }
    } else if (late && !ended) {
      parts.add(item, "p", "replay-deadline-left", words.late);
    }
    if (ended) { parts.add(item, "p", "soft", ended); }
    if (deadline.why) {
      const why = parts.add(item, "details");
      parts.add(why, "summary", "", words.why);
      parts.add(why, "p", "", deadline.why);
    }
    return item;
  }

  function documents(panel, model, event) {
    const list = panel.querySelector("[data-documents]");
    const there = model.documents(event.n);
    list.replaceChildren();
    there.forEach(function (file) {
      const item = parts.add(list, "li");
      parts.link(item, file.field || file.name, file.gone ? null : file.url);
      const marks = [file.field ? file.name : "", model.person(file.by), file.gone ? model.words.gone : "",
        file.from === event.n ? model.words.brought : ""];
      parts.add(item, "span", "soft", marks.filter(Boolean).join(" · "));
      if (file.digest) { parts.add(item, "span", "replay-digest", "SHA-256 " + file.digest.slice(0, 16) + "…").title = file.digest; }
    });
    panel.querySelector("[data-documents-none]").hidden = there.length > 0;
  }

  function make(panel, model, stage) {
    return {
      show: function (state, event, ms, stepped) {
        deadlines(panel, model, event, ms);
        if (!stepped) { return; }
        deed(panel, model, state, event);
        migration(panel, model, state, event);
        tokens(panel, model, state, stage);
        documents(panel, model, event);
      }
    };
  }

  window.alurReplayPanel = { make: make };
}());
