// The deadline of a task as people say it (so many working days after this, at that hour), made into its expression and
// back by the server; with the date that comes out and why. Also the reminders that stand beside the task.
(function () {
  "use strict";

  const REMINDED = "pengingat";
  const ORDER = ["task", "task_en", "due", "role", "superior", "superior_of"];
  const HOUR = /^([01]?\d|2[0-3])[:.][0-5]\d$/;
  const NUMBER = /^\d{1,3}$/;

  function quoted(text) { return JSON.stringify(text); }

  function written(parts) {
    const base = parts.base || "now()", amount = parts.amount || "1";
    const at = parts.at ? ", at=" + (HOUR.test(parts.at) ? quoted(parts.at.replace(".", ":")) : parts.at) : "";
    if (parts.mode === "after") { return "working_days_after(" + base + ", " + amount + at + ")"; }
    if (parts.mode === "before") { return "working_days_before(" + base + ", " + amount + at + ")"; }
    if (parts.mode === "days" || parts.mode === "hours") { return base + " + " + parts.mode + "(" + amount + ")"; }
    if (parts.mode === "date") { return parts.at ? "at(" + quoted(parts.date) + ", " + quoted(parts.at.replace(".", ":")) + ")" : "date(" + quoted(parts.date) + ")"; }
    return parts.mode === "name" ? parts.base : "";
  }

  window.alurPanelDue = function (panel) {
    const section = panel.form.querySelector("[data-due]"), reminder = panel.form.querySelector("[data-reminder]");
    const fault = section.querySelector("[data-due-fault]");
    const part = {};
    section.querySelectorAll("[data-due-part]").forEach(function (field) { part[field.dataset.duePart] = field; });
    const own = section.querySelector("#p-due");
    let asked = 0, fields = null, told = null, seen = "";

    // A task with reminders stands in a sub-process, whose script tells the deadline to both.
    function around() {
      const parent = panel.element && panel.element.parent;
      const bo = parent && parent.businessObject;
      if (!bo || !panel.model.is(bo, "bpmn:SubProcess")) { return null; }
      return (bo.flowElements || []).some(function (e) { return e.calledElement === REMINDED; }) ? parent : null;
    }

    function source() {
      const due = panel.model.get(panel.element, "prop:due");
      return due === "reminder.due" && fields ? fields.due || "" : due;
    }

    function writeReminder(changes) {
      const next = Object.assign({}, fields, changes);
      const first = function (k) { const at = ORDER.indexOf(k); return at < 0 ? ORDER.length : at; };
      const rows = Object.keys(next).sort(function (a, b) { return first(a) - first(b); }).filter(function (k) { return next[k] !== ""; }).map(function (k) { return quoted(k) + ": " + next[k]; });
      const script = panel.model.get(around(), "text:preScript"), line = "reminder = {" + rows.join(", ") + "}";
      // What else the script says stays as it is.
      panel.model.set(around(), "text:preScript", script.slice(0, told.start) + line + script.slice(told.end));
      told = { start: told.start, end: told.start + line.length };
      fields = next;
      seen = now();
    }

    function write(text) {
      writing(text);
      seen = now();
    }

    function writing(text) {
      if (panel.model.get(panel.element, "prop:due") === "reminder.due" && fields) { writeReminder({ due: text || "None" }); } else { panel.model.set(panel.element, "prop:due", text); }
    }

    function visible(mode) {
      section.querySelectorAll("[data-due-for]").forEach(function (box) { box.hidden = box.dataset.dueFor.split(" ").indexOf(mode) < 0; });
    }

    function show(parts) {
      const mode = parts.mode || "none", fixed = mode === "date";
      const values = { mode: mode, base: fixed ? "" : parts.base, date: fixed ? parts.base : "", amount: parts.amount, at: parts.at };
      Object.keys(values).forEach(function (name) {
        if (document.activeElement !== part[name]) { part[name].value = values[name] || ""; }
      });
      visible(part.mode.value);
    }

    function wrong(parts) {
      const amounts = ["after", "before", "days", "hours"].indexOf(parts.mode) >= 0;
      if (amounts && parts.amount && !NUMBER.test(parts.amount) && !/^[A-Za-z][\w.]*$/.test(parts.amount)) { return part.amount; }
      const named = parts.mode === "date" ? /^$/ : /^[A-Za-z][\w.]*$/;
      if (parts.at && ["after", "before", "date"].indexOf(parts.mode) >= 0 && !HOUR.test(parts.at) && !named.test(parts.at)) { return part.at; }
      return null;
    }

    function typed() {
      return { mode: part.mode.value, base: part.base.value.trim(), date: part.date.value, amount: part.amount.value.trim(), at: part.at.value.trim() };
    }

    function changed() {
      const parts = typed(), bad = wrong(parts);
      [part.amount, part.at].forEach(function (field) { field.removeAttribute("aria-invalid"); });
      fault.hidden = !bad;
      if (bad) {
        bad.setAttribute("aria-invalid", "true");
        fault.textContent = panel.words.due_wrong;
        return;
      }
      visible(parts.mode);
      if (parts.mode === "own") { own.value = source(); own.focus(); preview(); return; }
      if (parts.mode === "name" && !parts.base) { part.base.focus(); return; }
      if (parts.mode === "date" && !parts.date) { part.date.focus(); return; }
      if ((parts.mode === "after" || parts.mode === "days" || parts.mode === "hours") && !parts.base) { part.base.value = "now()"; }
      if (parts.mode === "before" && !parts.base) { part.base.focus(); return; }
      if (["none", "name", "date"].indexOf(parts.mode) < 0 && !parts.amount) { part.amount.value = "1"; }
      write(parts.mode === "none" ? "" : written(typed()));
      preview();
    }

    function preview() {
      const mine = asked += 1, text = source();
      const words = { why: panel.model.get(panel.element, "prop:due_why"), why_en: panel.model.get(panel.element, "prop:due_why_en") };
      panel.check([Object.assign({ key: "due", kind: "due", source: text, samples: panel.trial.samples() }, words)]).then(function (results) {
        if (mine !== asked) { return; }
        const found = results.due || {};
        if (found.parts && !(part.mode.value === "own" && section.contains(document.activeElement))) { show(found.parts); }
        panel.trial.preview("due", found, text);
      }).catch(function () { /* said elsewhere */ });
    }

    section.addEventListener("change", function (event) {
      if (!event.target.dataset.duePart) { return; }
      // What lies before a day, or is a day itself, is not counted from the opening.
      if (event.target === part.mode && ["before", "name"].indexOf(part.mode.value) >= 0 && /^(now|today)\(\)$/.test(part.base.value)) { part.base.value = ""; }
      changed();
    });
    // While one types, the date is shown already; it is kept when the field is left.
    section.addEventListener("input", function (event) {
      if (!event.target.dataset.duePart || event.target.dataset.duePart === "mode") { return; }
      const parts = typed(), mine = asked += 1;
      if (wrong(parts) || (parts.mode === "date" && !parts.date)) { return; }
      window.setTimeout(function () {
        if (mine !== asked) { return; }
        panel.check([{ key: "due", kind: "due", source: written(parts), samples: panel.trial.samples() }]).then(function (results) {
          if (mine === asked) { panel.trial.preview("due", results.due || {}, written(parts)); }
        }).catch(function () { /* said elsewhere */ });
      }, 350);
    });
    own.addEventListener("alur:checked", function (event) { panel.trial.preview("due", event.detail, own.value); });

    // reminders ---------------------------------------------------------------------------------------------------------

    function text(value) {
      try { return typeof JSON.parse(value) === "string" ? JSON.parse(value) : value; } catch (error) { return value; }
    }

    function showReminder() {
      const found = around();
      const can = panel.vocabulary().processes.some(function (p) { return p.id === REMINDED; });
      reminder.querySelectorAll("[data-reminder-off]").forEach(function (box) { box.hidden = Boolean(found) || (!can && box.querySelector("button") !== null); });
      reminder.querySelector("[data-reminder-missing]").hidden = Boolean(found) || can;
      reminder.querySelector("[data-reminder-on]").hidden = !found || !fields;
      reminder.querySelector("[data-reminder-own]").hidden = !found || Boolean(fields);
      reminder.querySelectorAll("[data-reminder-part]").forEach(function (field) {
        if (document.activeElement !== field) { field.value = fields ? text(fields[field.dataset.reminderPart] || "") : ""; }
      });
    }

    reminder.addEventListener("change", function (event) {
      const name = event.target.dataset.reminderPart;
      if (!name) { return; }
      const typed = event.target.value.trim(), plain = !typed || /^[\w .,–-]*$/.test(typed) || !/^[[{(]/.test(typed);
      writeReminder({ [name]: !typed && name !== "superior" ? "" : plain ? quoted(typed) : typed });
    });
    reminder.querySelector("[data-reminder-add]").addEventListener("click", function () { window.alurReminder(panel, REMINDED, source()); });

    // What this form itself wrote is shown already: only another element, or a change from elsewhere, is read anew.
    function now() {
      const outside = around();
      return [panel.element.id, panel.model.get(panel.element, "prop:due"), outside ? panel.model.get(outside, "text:preScript") : ""].join("\n");
    }

    return {
      show: function () {
        const outside = around(), was = seen;
        seen = now();
        if (was === seen) { return; }
        fault.hidden = true;
        if (was.split("\n")[0] !== panel.element.id) { show({ mode: "none" }); fields = null; }
        if (!outside) { fields = null; showReminder(); preview(); return; }
        const mine = asked += 1;
        panel.check([{ key: "r", kind: "reminder", source: panel.model.get(outside, "text:preScript") }]).then(function (results) {
          if (mine !== asked) { return; }
          told = (results.r || {}).parts || null;
          fields = told ? told.fields : null;
          showReminder();
          preview();
        }).catch(function () { /* said elsewhere */ });
      },
      refresh: preview
    };
  };
}());
