// The table itself: a field for every cell, walked through with the arrow keys.
(function () {
  "use strict";

  const make = window.alurDom.make, fill = window.alurDom.fill, model = window.alurTableModel;

  // `tell`: { change(about, action), act(name, row), column(kind, index) }
  function create(place, words, editable, tell) {
    let file = null;

    function titleOf(column) { return column.getAttribute("label") || model.source(column) || words[column.localName]; }

    function head(column, kind, index) {
      const title = titleOf(column);
      return make("th", { scope: "col", class: kind, "data-id": column.getAttribute("id") },
        make("span", { class: "column-kind" }, words[kind]),
        make("button", { type: "button", class: "btn btn-link", "data-column": kind + "." + index, title: fill(words["edit_" + kind], { column: title }),
          onclick: function () { tell.column(kind, index); } }, title),
        make("code", { class: "column-source" }, model.source(column)));
    }

    function cell(element, row, column, title) {
      const at = row + "." + column;
      const input = make("input", {
        class: "form-control code-cell", "data-at": at, spellcheck: "false", autocomplete: "off", autocapitalize: "none", readonly: !editable,
        "aria-label": fill(words.cell, { row: row + 1, column: title }),
        oninput: function () { tell.change("cell " + at, function () { model.setText(file, element, input.value); }); }
      });
      input.value = model.textOf(element);
      return make("td", { "data-id": element.getAttribute("id") }, input);
    }

    function noteCell(rule, row, column) {
      const input = make("input", { class: "form-control note", "data-at": row + "." + column, readonly: !editable, "aria-label": fill(words.note_cell, { row: row + 1 }),
        oninput: function () { tell.change("note " + row, function () { model.setNote(file, rule, input.value); }); } });
      input.value = model.note(rule);
      return make("td", {}, input);
    }

    function tools(row, count) {
      function button(name, sign, disabled) {
        const label = fill(words["row_" + name], { row: row + 1 });
        return make("button", { type: "button", class: "btn btn-quiet btn-sm", "aria-label": label, title: label, disabled: disabled, "data-tool": name + "." + row,
          onclick: function () { tell.act(name, row); } }, sign);
      }
      return make("td", { class: "row-tools" }, button("up", "↑", row === 0), button("down", "↓", row === count - 1), button("copy", "+"), button("remove", "×", count === 1));
    }

    function draw(now) {
      file = now;
      const inputs = model.columns(file, "input"), outputs = model.columns(file, "output"), rules = model.rows(file);
      const heads = inputs.map(function (one, n) { return head(one, "input", n); }).concat(outputs.map(function (one, n) { return head(one, "output", n); }));
      const body = rules.map(function (rule, row) {
        let column = -1;
        const cells = ["input", "output"].flatMap(function (kind) {
          const titles = (kind === "input" ? inputs : outputs).map(titleOf);
          return model.entries(rule, kind).map(function (one, n) { column += 1; return cell(one, row, column, titles[n] || words[kind]); });
        });
        return make("tr", { "data-id": rule.getAttribute("id"), "data-row": row + 1 }, make("th", { scope: "row" }, String(row + 1)), cells,
          noteCell(rule, row, column + 1), editable ? tools(row, rules.length) : null);
      });
      place.replaceChildren(make("table", { class: "decision-grid" },
        make("thead", {}, make("tr", {}, make("td", {}), heads, make("th", { scope: "col" }, words.note), editable ? make("td", {}) : null)),
        make("tbody", {}, body)));
    }

    function focus(row, column) {
      const found = place.querySelector("[data-at='" + row + "." + column + "']");
      if (found) { found.focus(); found.select(); }  // typing replaces, as in other tables
    }

    // Rows that the try-out found, and elements that a finding names.
    function mark(hits, faulty) {
      place.querySelectorAll("tr[data-row]").forEach(function (line) {
        const hit = hits[line.dataset.row];
        if (hit) { line.dataset.hit = hit; } else { delete line.dataset.hit; }
      });
      place.querySelectorAll("td[data-id]").forEach(function (one) {
        const why = faulty[one.dataset.id], input = one.querySelector("input");
        if (why) { one.dataset.faulty = "1"; input.setAttribute("aria-invalid", "true"); input.title = why; } else if ("faulty" in one.dataset) {
          delete one.dataset.faulty; input.removeAttribute("aria-invalid"); input.removeAttribute("title");
        }
      });
    }

    place.addEventListener("keydown", function (event) {
      const at = event.target.dataset && event.target.dataset.at;
      if (!at) { return; }
      const row = Number(at.split(".")[0]), column = Number(at.split(".")[1]);
      const act = event.altKey && { ArrowUp: "up", ArrowDown: "down" }[event.key]
        || event.ctrlKey && { Enter: "add", Delete: "remove", d: "copy" }[event.key];
      if (act) { event.preventDefault(); if (editable) { tell.act(act, row, column); } return; }
      if (event.altKey || event.ctrlKey || event.metaKey) { return; }
      if (event.key === "ArrowUp") { event.preventDefault(); focus(row - 1, column); }
      if (event.key === "ArrowDown" || event.key === "Enter") { event.preventDefault(); focus(row + 1, column); }
    });

    // To the cell, row or column that a finding is about.
    function goTo(id) {
      const found = Array.from(place.querySelectorAll("[data-id]")).find(function (one) { return one.dataset.id === id; });
      const goal = found && (found.querySelector("input") || found.querySelector("button"));
      if (goal) { goal.focus(); }
    }

    return { draw: draw, focus: focus, mark: mark, goTo: goTo };
  }

  window.alurTableGrid = { create: create };
}());
