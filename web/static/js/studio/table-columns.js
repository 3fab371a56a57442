// The panel of one column: its label, what it reads or fills, its type, its place.
(function () {
  "use strict";

  const make = window.alurDom.make, newId = window.alurDom.id, fill = window.alurDom.fill, model = window.alurTableModel;

  // `acts`: { change(about, action), move(step), remove(), close() }
  function draw(place, file, column, types, words, editable, acts) {
    const isInput = column.localName === "input";

    function field(label, value, put, extra) {
      const id = newId("column");
      const input = make("input", Object.assign({ class: "form-control", id: id, readonly: !editable, oninput: function () {
        acts.change(id, function () { put(input.value); });
      } }, extra));
      input.value = value;
      return make("div", { class: "panel-part" }, make("label", { for: id }, label), input);
    }

    function typeField() {
      const id = newId("column"), now = model.typed(column).getAttribute("typeRef") || "";
      const known = types.some(function (one) { return one[0] === now; }) ? types : types.concat([[now, now]]);
      const select = make("select", { class: "form-select", id: id, disabled: !editable, onchange: function () {
        acts.change(null, function () { model.setAttribute(model.typed(column), "typeRef", select.value); });
      } }, known.map(function (one) { return make("option", { value: one[0] }, one[1]); }));
      select.value = now;
      return make("div", { class: "panel-part" }, make("label", { for: id }, words.type), select);
    }

    function button(words_, kind, action) { return make("button", { type: "button", class: "btn btn-sm btn-outline-" + kind, onclick: action }, words_); }

    const tools = editable ? [
      button("← " + words.left, "secondary", function () { acts.move(-1); }),
      button(words.right + " →", "secondary", function () { acts.move(1); }),
      button(words.remove_column, "danger", acts.remove)
    ] : [];
    place.replaceChildren(make("fieldset", { class: "decision-column" },
      make("legend", {}, fill(words.column, { column: column.getAttribute("label") || model.source(column) })),
      make("div", { class: "column-fields" },
        field(words.label, column.getAttribute("label") || "", function (value) { model.setAttribute(column, "label", value); }),
        field(isInput ? words.expression : words.output_name, model.source(column), function (value) { model.setSource(file, column, value); },
          { class: "form-control code-cell", spellcheck: "false", autocapitalize: "none", autocomplete: "off" }),
        typeField()),
      make("div", { class: "builder-tools" }, tools, button(words.done, "secondary", acts.close))));
  }

  window.alurTableColumns = { draw: draw };
}());
