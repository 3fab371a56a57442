// "Show it when …" in a person's words. Writes `conditional.hide`; what it cannot say stays an expression.
(function () {
  "use strict";

  const make = window.alurDom.make, newId = window.alurDom.id, fill = window.alurDom.fill;
  const IS = /^([A-Za-z]\w*) (!=|==) (?:'([^'\\]*)'|"([^"\\]*)")$/;
  const NONE = /^([A-Za-z]\w*) (is|is not) None$/;
  const TICK = /^(not )?([A-Za-z]\w*)$/;

  // hide "role != 'vai'" means: shown when role is vai.
  function read(hide) {
    let found = IS.exec(hide);
    if (found) { return { name: found[1], test: found[2] === "!=" ? "is" : "is_not", value: found[3] === undefined ? found[4] : found[3] }; }
    found = NONE.exec(hide);
    if (found) { return { name: found[1], test: found[2] === "is" ? "is_filled" : "is_empty" }; }
    found = TICK.exec(hide);
    if (found) { return { name: found[2], test: found[1] ? "is_ticked" : "is_unticked" }; }
    return null;
  }

  function write(rule) {
    const value = "'" + String(rule.value || "").replace(/['\\]/g, "") + "'";
    return {
      is: rule.name + " != " + value,
      is_not: rule.name + " == " + value,
      is_filled: rule.name + " is None",
      is_empty: rule.name + " is not None",
      is_ticked: "not " + rule.name,
      is_unticked: rule.name
    }[rule.test];
  }

  function testsFor(field) {
    if (field && field.type === "checkbox") { return ["is_ticked", "is_unticked"]; }
    return field && Array.isArray(field.values) && field.type !== "checklist" ? ["is", "is_not", "is_filled", "is_empty"] : ["is_filled", "is_empty", "is", "is_not"];
  }

  // One labelled select. `options`: [value, words].
  function chooser(words, options, value, change, disabled) {
    const id = newId("cond");
    const select = make("select", { class: "form-select", id: id, disabled: disabled, onchange: function () { change(select.value); } },
      options.map(function (one) { return make("option", { value: one[0] }, one[1]); }));
    select.value = value;
    return make("div", { class: "panel-part" }, make("label", { for: id }, words), select);
  }

  // `fields`: components above that may be looked at; `change(expression or undefined)`.
  function create(words, hide, fields, editable, change, helper) {
    const box = make("div", { class: "panel-condition" });
    const source = typeof hide === "string" ? hide.replace(/^\s*=\s*/, "") : "";
    let rule = source ? read(source.trim()) : null;
    if (rule && !fields.some(function (field) { return field.key === rule.name; })) { rule = null; }
    let mode = !source ? "always" : rule ? "rule" : "expression";

    function tell() { change(mode === "always" ? undefined : mode === "rule" && rule ? write(rule) : box.querySelector("textarea").value.trim() || undefined); }

    function draw(focusOn) {
      const modes = [["always", words.always], ["rule", words.when_is], ["expression", words.when_expression]];
      const parts = [chooser(words.cond_mode, modes, mode, setMode, !editable)];
      if (mode === "rule" && !fields.length) { parts.push(make("p", { class: "hint" }, words.no_fields_above)); }
      if (mode === "rule" && fields.length) { parts.push.apply(parts, ruleParts()); }
      if (mode === "expression") { parts.push.apply(parts, expressionParts()); }
      box.replaceChildren.apply(box, parts);
      if (focusOn !== undefined) { box.querySelectorAll("select, textarea, input")[focusOn].focus(); }
    }

    function setMode(next) {
      mode = next;
      if (mode === "rule" && !rule && fields.length) { rule = begin(fields[fields.length - 1]); }
      draw(0);
      if (mode !== "expression" || source) { tell(); }
    }

    function begin(field) {
      const first = Array.isArray(field.values) && field.values[0] ? field.values[0].value : "";
      return { name: field.key, test: testsFor(field)[0], value: first };
    }

    function ruleParts() {
      const field = fields.find(function (one) { return one.key === rule.name; });
      const names = fields.map(function (one) { return [one.key, one.label || one.key]; });
      const parts = [
        chooser(words.cond_field, names, rule.name, function (name) {
          rule = begin(fields.find(function (one) { return one.key === name; })); draw(1); tell();
        }, !editable),
        chooser(words.cond_test, testsFor(field).map(function (test) { return [test, words[test]]; }), rule.test, function (test) {
          rule.test = test; draw(2); tell();
        }, !editable)
      ];
      if (rule.test !== "is" && rule.test !== "is_not") { return parts; }
      const options = field && Array.isArray(field.values) ? field.values.map(function (one) { return [one.value, one.label]; }) : null;
      if (options) {
        if (!options.some(function (one) { return one[0] === rule.value; })) { options.unshift([rule.value || "", rule.value || "–"]); }
        parts.push(chooser(words.cond_value, options, rule.value, function (value) { rule.value = value; tell(); }, !editable));
        return parts;
      }
      const id = newId("cond");
      const input = make("input", { class: "form-control", id: id, readonly: !editable, oninput: function () { rule.value = input.value; tell(); } });
      input.value = rule.value || "";
      parts.push(make("div", { class: "panel-part" }, make("label", { for: id }, words.cond_value), input));
      return parts;
    }

    function expressionParts() {
      const id = newId("cond");
      const area = make("textarea", { class: "form-control code", id: id, rows: "2", spellcheck: "false", readonly: !editable, "aria-describedby": id + "-hint", oninput: tell });
      area.value = source || (rule ? write(rule) : "");
      area.dataset.hint = id + "-hint";
      const names = fields.map(function (one) { return one.key; }).join(", ");
      const part = make("div", { class: "panel-part panel-expression", "data-expression": "expression" }, make("label", { for: id }, words.hide_when), area,
        make("p", { class: "hint", id: id + "-hint" }, names ? fill(words.names_above, { names: names }) : ""));
      if (editable) { window.alurExpression(area, helper); }
      return [part];
    }

    draw();
    return box;
  }

  window.alurFormCondition = { create: create, read: read, write: write };
}());
