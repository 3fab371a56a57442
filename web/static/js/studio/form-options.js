// The choices of a question: a row each with its words, its value in the data, and its words in English.
(function () {
  "use strict";

  const make = window.alurDom.make, newId = window.alurDom.id, fill = window.alurDom.fill;
  const COLUMNS = [["label", "choice_label", "label"], ["value", "choice_value", "value"], ["label_en", "choice_en", "english"]];

  // `change(values, key)`: `key` names what was typed into, so that one typing is one step to undo.
  function create(words, given, editable, change) {
    const box = make("div", { class: "panel-options" });
    let values = Array.isArray(given) ? JSON.parse(JSON.stringify(given)) : [];

    function tell(key) { change(values.length ? JSON.parse(JSON.stringify(values)) : undefined, key); }

    function cell(row, index, column) {
      const name = column[0];
      const input = make("input", {
        class: "form-control", id: newId("option"), readonly: !editable, "aria-label": fill(words[column[1]], { n: index + 1 }), "data-cell": index + "." + name,
        oninput: function () {
          if (input.value || name !== "label_en") { row[name] = input.value; } else { delete row[name]; }
          tell("values." + index + "." + name);
        }
      });
      input.value = row[name] === undefined ? "" : row[name];
      return make("td", {}, input);
    }

    function button(label, sign, action, disabled) {
      return make("button", { type: "button", class: "btn btn-quiet btn-sm", "aria-label": label, title: label, disabled: disabled, onclick: action }, sign);
    }

    function swap(index, other) {
      values.splice(other, 0, values.splice(index, 1)[0]);
      draw();
      tell();
      focus(other + ".label");
    }

    function focus(cellName) {
      const found = box.querySelector("[data-cell='" + cellName + "']");
      if (found) { found.focus(); }
    }

    function rowOf(row, index) {
      const cells = COLUMNS.map(function (column) { return cell(row, index, column); });
      if (editable) {
        const n = { n: index + 1 };
        cells.push(make("td", { class: "panel-option-tools" },
          button(fill(words.choice_up, n), "↑", function () { swap(index, index - 1); }, index === 0),
          button(fill(words.choice_down, n), "↓", function () { swap(index, index + 1); }, index === values.length - 1),
          button(fill(words.choice_remove, n), "×", function () {
            values.splice(index, 1); draw(); tell(); focus(Math.min(index, values.length - 1) + ".label");
          })));
      }
      return make("tr", {}, cells);
    }

    function freshValue() {
      const taken = values.map(function (one) { return one.value; });
      let number = values.length + 1;
      while (taken.includes("pilihan_" + number)) { number += 1; }
      return "pilihan_" + number;
    }

    function draw() {
      const heads = COLUMNS.map(function (column) { return make("th", { scope: "col" }, words[column[2]]); });
      const table = make("table", {}, make("thead", {}, make("tr", {}, heads, editable ? make("td", {}) : null)), make("tbody", {}, values.map(rowOf)));
      const more = editable ? make("button", { type: "button", class: "btn btn-outline-secondary btn-sm", onclick: function () {
        values.push({ label: "", value: freshValue() }); draw(); tell(); focus((values.length - 1) + ".label");
      } }, "+ " + words.choice_add) : null;
      box.replaceChildren(values.length ? table : "", more || "");
    }

    draw();
    return box;
  }

  window.alurFormOptions = { create: create };
}());
