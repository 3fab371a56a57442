// What the system does in a service task: the handler, and one field for each of its documented inputs.
(function () {
  "use strict";

  const NAMED = { mail: "mails", letter: "letters" };
  const OTHER = "*";

  function make(tag, className, text) {
    const made = document.createElement(tag);
    if (className) { made.className = className; }
    if (text) { made.textContent = text; }
    return made;
  }

  window.alurPanelService = function (panel) {
    const select = panel.form.querySelector("[data-handler]"), inputs = panel.form.querySelector("[data-inputs]");
    const outputs = panel.form.querySelector("[data-outputs]"), fault = panel.form.querySelector("[data-handler-fault]");
    const errors = panel.form.querySelector("[data-errors]");
    let fields = [], drawn = "";

    function handlers() { return panel.vocabulary().handlers; }
    function current() {
      const id = panel.model.get(panel.element, "op:id");
      return handlers().find(function (h) { return h.id === id; }) || null;
    }

    function group(label, list) {
      const made = document.createElement("optgroup");
      made.label = label;
      list.forEach(function (h) { made.append(new Option(h.name + " (" + h.id + ")", h.id)); });
      return made;
    }

    function options(id) {
      const by = function (used) { return handlers().filter(function (h) { return h.used === used; }).sort(function (a, b) { return a.name.localeCompare(b.name); }); };
      select.replaceChildren(new Option(panel.words.none, ""), group(panel.words.used, by(true)), group(panel.words.others, by(false)));
      if (id && !handlers().some(function (h) { return h.id === id; })) { select.append(new Option(panel.words.unknown.replace("{name}", id), id)); }
      select.value = id;
    }

    function label(input) {
      const made = make("label", "form-label", input.text || input.name);
      made.append(" ", make("span", "optional", "(" + [input.name, input.type_text, input.required ? panel.words.required : panel.words.optional].join(", ") + ")"));
      return made;
    }

    // A mail or letter is chosen; its name is a text in the expression.
    function named(input, value) {
      const known = panel.vocabulary()[NAMED[input.type]].find(function (o) { return value === "'" + o.id + "'" || value === JSON.stringify(o.id); });
      return known ? known.id : value ? OTHER : "";
    }

    function chooser(input, id, value) {
      const list = panel.vocabulary()[NAMED[input.type]], made = make("select", "form-select");
      made.id = id;
      made.append(new Option(panel.words.none, ""));
      list.forEach(function (o) { made.append(new Option(o.name, o.id)); });
      made.append(new Option(panel.words.own, OTHER));
      made.value = named(input, value);
      return made;
    }

    function area(input, id, value) {
      const made = make("textarea", "form-control");
      made.id = id;
      made.rows = 1;
      made.spellcheck = false;
      made.value = value;
      made.addEventListener("change", function () { panel.model.set(panel.element, "param:" + input.name, made.value.trim()); });
      return made;
    }

    function field(input, index) {
      const id = "p-input-" + index, value = panel.model.get(panel.element, "param:" + input.name);
      const box = make("div", "field panel-expression"), words = label(input);
      box.dataset.expression = "expression";
      const text = area(input, id, value);
      words.htmlFor = id;
      box.append(words);
      if (!NAMED[input.type]) {
        box.append(text);
        fields.push({ name: input.name, at: text, completed: window.alurExpression(text, panel) });
        return box;
      }
      const chosen = chooser(input, id, value), lead = make("a", "panel-lead", panel.words["open_" + input.type]);
      const follow = function () {
        lead.hidden = !chosen.value || chosen.value === OTHER;
        lead.href = panel.settings[input.type] + encodeURIComponent(chosen.value);
      };
      follow();
      text.id = id + "-own";
      text.setAttribute("aria-label", words.textContent);
      text.hidden = chosen.value !== OTHER;
      chosen.addEventListener("change", function () {
        text.hidden = chosen.value !== OTHER;
        follow();
        if (chosen.value === OTHER) { text.focus(); return; }
        text.value = chosen.value ? JSON.stringify(chosen.value) : "";
        panel.model.set(panel.element, "param:" + input.name, text.value);
      });
      box.append(chosen, text, lead);
      const again = function (now) {
        chosen.value = named(input, now);
        text.hidden = chosen.value !== OTHER;
        follow();
      };
      fields.push({ name: input.name, at: text, again: again, completed: window.alurExpression(text, panel) });
      return box;
    }

    function draw(handler) {
      fields = [];
      inputs.replaceChildren();
      outputs.replaceChildren();
      errors.hidden = !handler || !handler.errors.length;
      if (!handler) { return; }
      errors.textContent = panel.words.errors.replace("{codes}", handler.errors.join(", "));
      if (handler.inputs.length) { inputs.append.apply(inputs, handler.inputs.map(field)); } else { inputs.append(make("p", "hint", panel.words.inputs_none)); }
      fields.forEach(function (f) { if (f.at.value) { f.completed.shown(); } });
      outputs.append.apply(outputs, handler.outputs.map(function (o) {
        const row = make("p", "hint"), result = panel.model.get(panel.element, "op:resultVariable");
        row.append(make("code", "", (result ? result + "." : "") + o.name), " " + [o.text, o.type_text].filter(Boolean).join(" · "));
        return row;
      }));
    }

    // Undone, or changed elsewhere: what is shown follows, but never what is being typed.
    function refill() {
      fields.forEach(function (f) {
        const value = panel.model.get(panel.element, "param:" + f.name);
        if (document.activeElement !== f.at && f.at.value !== value) {
          f.at.value = value;
          if (f.again) { f.again(value); }
          f.completed.shown();
        }
      });
    }

    select.addEventListener("change", function () {
      const handler = handlers().find(function (h) { return h.id === select.value; });
      panel.model.setHandler(panel.element, select.value, handler ? handler.inputs.map(function (i) { return i.name; }) : []);
    });

    return {
      show: function () {
        const id = panel.model.get(panel.element, "op:id"), handler = current();
        const now = panel.element.id + " " + id + " " + panel.model.get(panel.element, "op:resultVariable");
        options(id);
        fault.hidden = !id || handler !== null;
        fault.textContent = id && !handler ? panel.words.unknown.replace("{name}", id) : "";
        if (now === drawn) { refill(); return; }
        drawn = now;
        draw(handler);
      },
      forget: function () { drawn = ""; }
    };
  };
}());
