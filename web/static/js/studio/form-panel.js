// The questions about one component, as the server described them: each answer goes straight into the file.
(function () {
  "use strict";

  const make = window.alurDom.make, newId = window.alurDom.id, fill = window.alurDom.fill, model = window.alurFormModel;
  const OURS = ["id", "type", "key", "path", "components", "schemaVersion", "properties", "validate", "conditional", "layout", "action"];

  // `change(path, value, key)` writes; `key` joins what one typing does into one step to undo. `renamed(before, after)`
  // hears of another name for the data;
  // `helper` gives the names and functions that expressions can use.
  function create(place, words, editable, change, renamed, helper) {
    function input(question, value, more, put) {
      const id = newId("ask");
      const described = question.hint ? id + "-hint" : null;
      const element = make(question.widget === "textarea" || question.widget === "expression" ? "textarea" : "input", Object.assign({
        class: "form-control" + (question.widget === "expression" || question.widget === "code" || question.widget === "name" ? " code" : ""),
        id: id, "data-at": question.at, "aria-describedby": described, readonly: !editable
      }, more));
      element.value = value === undefined || value === null ? "" : String(value);
      element.addEventListener("input", function () { put(element.value, element); });
      return part(question, id, element);
    }

    function part(question, id, element) {
      return make("div", { class: "panel-part" }, make("label", { for: id }, question.title), element,
        question.hint ? make("p", { class: "hint", id: id + "-hint" }, question.hint) : null);
    }

    function text(question, value, more) {
      return input(question, value, more, function (typed) { change(question.at, typed === "" ? undefined : typed, question.at); });
    }

    // Whatever reads it follows once it is written out, not letter by letter.
    function name(question, value) {
      const part_ = text(question, value, { autocapitalize: "none", spellcheck: "false", autocomplete: "off" }), element = part_.querySelector("input");
      let before = element.value;
      element.addEventListener("change", function () { renamed(before, element.value); before = element.value; });
      return part_;
    }

    // With completion, by what the properties panel of a diagram has for it. Faults come with the preview.
    function expression(question, value) {
      const part_ = text(question, value, { rows: "2", spellcheck: "false" });
      part_.classList.add("panel-expression");
      part_.dataset.expression = "expression";
      const area = part_.querySelector("textarea");
      if (question.hint) { area.dataset.hint = area.id + "-hint"; }
      if (editable) { window.alurExpression(area, helper); }
      return part_;
    }

    function figure(question, value) {
      const inProperty = question.at.indexOf("properties.") === 0;
      return input(question, value, { inputmode: question.widget === "whole" ? "numeric" : "decimal", autocomplete: "off" }, function (typed, element) {
        const clean = typed.trim().replace(",", ".");
        const good = clean === "" || (question.widget === "whole" ? /^-?\d{1,15}$/ : /^-?\d{1,15}(\.\d{1,10})?$/).test(clean);
        element.setCustomValidity(good ? "" : words.not_number);
        if (!good) { element.setAttribute("aria-invalid", "true"); element.title = words.not_number; return; }
        element.removeAttribute("aria-invalid");
        element.removeAttribute("title");
        change(question.at, clean === "" ? undefined : inProperty ? clean : Number(clean), question.at);
      });
    }

    function flag(question, value) {
      const id = newId("ask"), usual = question.default === true;
      const box = make("input", { type: "checkbox", class: "form-check-input", id: id, "data-at": question.at, disabled: !editable, onchange: function () {
        change(question.at, box.checked === usual ? undefined : box.checked);
      } });
      box.checked = value === undefined ? usual : value === true;
      return make("div", { class: "panel-part form-check" }, box, make("label", { for: id, class: "form-check-label" }, question.title));
    }

    function half(question, value) {
      const id = newId("ask");
      const box = make("input", { type: "checkbox", class: "form-check-input", id: id, "data-at": question.at, disabled: !editable, onchange: function () {
        change(question.at, box.checked ? 8 : undefined);
      } });
      box.checked = typeof value === "number" && value <= 8;
      return make("div", { class: "panel-part form-check" }, box, make("label", { for: id, class: "form-check-label" }, question.title));
    }

    function choice(question, value) {
      const id = newId("ask"), usual = question.default || "";
      const options = question.options.slice();
      const now = value === undefined || value === null ? usual : String(value);
      if (!options.some(function (one) { return one[0] === now; })) { options.push([now, now]); }
      const select = make("select", { class: "form-select", id: id, "data-at": question.at, disabled: !editable, onchange: function () {
        change(question.at, select.value === usual && value === undefined || select.value === "" ? undefined : select.value);
      } }, options.map(function (one) { return make("option", { value: one[0] }, one[1]); }));
      select.value = now;
      return part(question, id, select);
    }

    function widget(question, component, above) {
      const value = model.get(component, question.at);
      const makers = {
        text: function () { return text(question, value); },
        name: function () { return name(question, value); },
        code: function () { return text(question, value, { spellcheck: "false", autocomplete: "off" }); },
        textarea: function () { return text(question, value, { rows: "3" }); },
        expression: function () { return expression(question, value); },
        whole: function () { return figure(question, value); },
        number: function () { return figure(question, value); },
        flag: function () { return flag(question, value); },
        half: function () { return half(question, value); },
        choice: function () { return choice(question, value); },
        condition: function () {
          return window.alurFormCondition.create(words, value, above, editable, function (hide) { change(question.at, hide, question.at); }, helper);
        },
        options: function () {
          return window.alurFormOptions.create(words, value, editable, function (values, key) { change(question.at, values, key); });
        }
      };
      return makers[question.widget]();
    }

    function group(one, component, above) {
      const parts = one.questions.map(function (question) { return widget(question, component, above); });
      if (!one.closed) { return make("fieldset", { class: "panel-group" }, make("legend", {}, one.title), parts); }
      const answered = one.questions.some(function (question) { return model.get(component, question.at) !== undefined; });
      return make("details", { class: "panel-group", open: answered }, make("summary", {}, one.title), parts);
    }

    // What the file holds and no question asks about: it is there, and stays.
    function others(component, groups) {
      const asked = groups.flatMap(function (one) { return one.questions.map(function (question) { return question.at; }); });
      const plain = Object.keys(component).filter(function (name) { return !OURS.includes(name) && !asked.includes(name); });
      const properties = Object.keys(component.properties || {}).map(function (name) { return name.replace(/^alur:/, ""); })
        .filter(function (name) { return name !== "type" && name !== "source" && !asked.includes("properties." + name); });
      const names = plain.concat(properties);
      return names.length ? make("p", { class: "hint" }, fill(words.others, { names: names.join(", ") })) : null;
    }

    function draw(component, groups, above, faults) {
      const list = faults.map(function (fault) { return make("li", {}, fault.reason + " " + fault.cure); });
      place.replaceChildren(
        list.length ? make("ul", { class: "panel-faults" }, list) : "",
        ...groups.map(function (one) { return group(one, component, above); }),
        others(component, groups) || "");
    }

    // The findings alone, so that whoever types keeps the caret.
    function drawFaults(faults) {
      const list = faults.map(function (fault) { return make("li", {}, fault.reason + " " + fault.cure); });
      const old = place.querySelector(".panel-faults");
      if (old) { old.remove(); }
      if (list.length) { place.prepend(make("ul", { class: "panel-faults" }, list)); }
    }

    function focus() {
      const first = place.querySelector("input, select, textarea, summary, button");
      if (!first) { return; }
      first.focus();
      if (first.select) { first.select(); }  // what a new component is called is there to be replaced
    }

    return { draw: draw, drawFaults: drawFaults, focus: focus };
  }

  window.alurFormPanel = { create: create };
}());
