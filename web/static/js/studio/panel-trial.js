// The moment at which deadlines and timers are tried, the samples for what a case would bring, and what comes out.
(function () {
  "use strict";

  window.alurPanelTrial = function (panel, again) {
    const opened = panel.form.querySelector("[data-trial-opened]"), zone = panel.form.querySelector("[data-trial-zone]");
    let given = {};

    function line(className, text) {
      const made = document.createElement("p");
      made.className = className;
      made.textContent = text;
      return made;
    }

    function preview(name, result, source) {
      const box = panel.form.querySelector('[data-preview="' + name + '"]'), found = result.preview, rows = [];
      if (!source) { rows.push(line("hint", name === "due" ? panel.words.no_due : "")); }
      (result.faults || []).concat(result.warnings || []).forEach(function (f) { if (name === "due") { rows.push(line("caution", f.text + " " + (f.cure || ""))); } });
      if (found && found.at) {
        rows.push(line("panel-date", found.text), line("panel-why", found.sentence));
        if (found.early) { rows.push(line("caution", panel.words.early)); }
      } else if (found && found.why) {
        rows.push(line("hint", panel.words.no_preview.replace("{why}", found.why)));
      }
      (found && found.samples ? found.samples : []).forEach(function (s) { rows.push(line("hint", panel.words.sample.replace("{name}", s.name) + ": " + s.text)); });
      box.replaceChildren.apply(box, rows);
      sampleFields(found ? found.samples : []);
    }

    function sampleFields(list) {
      const box = panel.form.querySelector("[data-trial-samples]");
      if (box.contains(document.activeElement)) { return; }
      box.replaceChildren.apply(box, list.map(function (s, i) {
        const made = document.createElement("div"), label = document.createElement("label"), input = document.createElement("input");
        made.className = "field";
        label.className = "form-label";
        label.htmlFor = input.id = "p-sample-" + i;
        label.textContent = panel.words.sample.replace("{name}", s.name);
        input.className = "form-control";
        input.type = /^\d{4}-\d\d-\d\dT/.test(s.value) ? "datetime-local" : "text";
        input.value = s.value;
        input.addEventListener("change", function () { given[s.name] = input.value; retry(); });
        made.append(label, input);
        return made;
      }));
    }

    function retry() {
      if (!panel.element) { return; }
      again();
      const timer = panel.expression(panel.form.querySelector("#p-timer"));
      if (timer && timer.area.value && !timer.area.closest("[hidden]")) { timer.shown(); }
    }

    [opened, zone].forEach(function (field) { field.addEventListener("change", retry); });

    return {
      preview: preview,
      samples: function () { return given; },
      opened: function () { return opened.value; },
      zone: function () { return zone.value; },
      in: function (name) { zone.value = name; },
      forget: function () { given = {}; }
    };
  };
}());
