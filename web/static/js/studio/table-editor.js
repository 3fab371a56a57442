// The editor of a decision table: grid, columns, findings and try-out around one file of the draft.
(function () {
  "use strict";

  const root = document.getElementById("decision");
  if (!root || !window.alurDraft) { return; }
  const dom = window.alurDom, model = window.alurTableModel;
  const page = JSON.parse(root.dataset.table), words = page.words;
  const editable = window.alurDraft.page.editable;
  const handle = window.alurDraft.open(page.path);
  const status = root.querySelector("[data-say]"), panel = root.querySelector("[data-column]"), list = root.querySelector("[data-findings]");
  const name = root.querySelector("#decision-name"), policy = root.querySelector("#hit-policy"), aggregation = root.querySelector("#aggregation");

  let file = null, shown = "", opened = null, typing = null, hits = {}, faulty = {}, messages = [], foreign = [];
  const undo = [], redo = [];

  const grid = window.alurTableGrid.create(root.querySelector("[data-grid]"), words, editable, { change: change, act: actOnRow, column: openColumn });
  const trial = window.alurTableTrial.create(root, page.try, words, function () { return shown; }, function (rows) { hits = rows; grid.mark(hits, faulty); });
  const ask = dom.asker(page.check);
  const checkLater = dom.calmly(400, check);

  function say(sentence) { status.textContent = ""; window.setTimeout(function () { status.textContent = sentence; }, 30); }

  // Every change goes through here; `about` joins what one typing does.
  function change(about, action) {
    const before = shown;
    action();
    shown = model.write(file);
    if (shown === before) { return; }
    if (!about || about !== typing) { undo.push(before); if (undo.length > 200) { undo.shift(); } }
    typing = about;
    redo.length = 0;
    buttons();
    handle.save(shown);
    checkLater();
  }

  function buttons() {
    const back = root.querySelector("[data-do=undo]"), forth = root.querySelector("[data-do=redo]");
    if (back) { back.disabled = !undo.length; forth.disabled = !redo.length; }
  }

  function draw() {
    const decision = file.table.parentElement, hit = file.table.getAttribute("hitPolicy") || "UNIQUE";
    name.value = decision.getAttribute("name") || "";
    // A policy the engine does not honour is shown as it stands, until somebody chooses another.
    if (!Array.from(policy.options).some(function (one) { return one.value === hit; })) { policy.append(dom.make("option", { value: hit }, hit)); }
    policy.value = hit;
    aggregation.value = file.table.getAttribute("aggregation") || "";
    root.querySelector("[data-aggregation]").hidden = hit !== "COLLECT";
    grid.draw(file);
    grid.mark(hits, faulty);
    drawColumn();
    buttons();
  }

  // ---- columns

  function openColumn(kind, index) {
    opened = { kind: kind, index: index };
    drawColumn();
    panel.querySelector("input").focus();
  }

  function drawColumn() {
    const column = opened && model.columns(file, opened.kind)[opened.index];
    if (!column) { opened = null; panel.replaceChildren(); return; }
    window.alurTableColumns.draw(panel, file, column, page.types, words, editable, {
      change: function (about, action) { change(about, action); grid.draw(file); grid.mark(hits, faulty); },
      move: moveColumn, remove: removeColumn, close: closeColumn
    });
  }

  function closeColumn() {
    const button = root.querySelector("[data-column='" + opened.kind + "." + opened.index + "']");
    opened = null;
    panel.replaceChildren();
    if (button) { button.focus(); }
  }

  function moveColumn(step) {
    const goal = opened.index + step;
    if (goal < 0 || goal >= model.columns(file, opened.kind).length) { return; }
    change(null, function () { model.moveColumn(file, opened.kind, opened.index, goal); });
    opened.index = goal;
    draw();
    panel.querySelectorAll(".builder-tools button")[step < 0 ? 0 : 1].focus();
  }

  function removeColumn() {
    if (model.columns(file, opened.kind).length === 1) { say(words.last); return; }
    change(null, function () { model.removeColumn(file, opened.kind, opened.index); });
    opened = null;
    draw();
    grid.focus(0, 0);
    say(words.column_removed);
  }

  function addColumn(kind) {
    change(null, function () { model.addColumn(file, kind, words["new_" + kind]); });
    opened = { kind: kind, index: model.columns(file, kind).length - 1 };
    draw();
    panel.querySelector("input").select();
    panel.querySelector("input").focus();
    say(words.column_added);
  }

  // ---- rows

  function actOnRow(what, row, column) {
    const all = model.rows(file), at = column === undefined ? null : column;
    if (what === "remove") {
      if (all.length === 1) { say(words.last); return; }
      change(null, function () { model.take(all[row]); });
      draw();
      grid.focus(Math.min(row, all.length - 2), at || 0);
      say(dom.fill(words.row_removed, { row: row + 1 }));
      return;
    }
    if (what === "up" || what === "down") {
      const goal = row + (what === "up" ? -1 : 1);
      if (goal < 0 || goal >= all.length) { return; }
      change(null, function () { model.moveRow(file, row, goal); });
      draw();
      if (at !== null) { grid.focus(goal, at); } else { (root.querySelector("[data-tool='" + what + "." + goal + "']:not(:disabled)") || root.querySelector("[data-at='" + goal + ".0']")).focus(); }
      say(dom.fill(words.row_moved, { row: goal + 1 }));
      return;
    }
    change(null, function () { model.addRow(file, row + 1, what === "copy" ? all[row] : null); });
    draw();
    grid.focus(row + 1, at || 0);
    say(dom.fill(words.row_added, { row: row + 2 }));
  }

  // ---- undo

  function back(from, to, sentence) {
    if (!from.length) { return; }
    to.push(shown);
    shown = from.pop();
    file = model.parse(shown);
    typing = null;
    handle.save(shown);
    checkLater();
    draw();
    say(sentence);
  }

  root.addEventListener("click", function (event) {
    const tool = event.target.closest("[data-do]"), goal = event.target.closest("[data-where]");
    const what = tool && tool.dataset.do;
    if (what === "row") { actOnRow("add", model.rows(file).length - 1); }
    if (what === "input" || what === "output") { addColumn(what); }
    if (what === "undo") { back(undo, redo, words.undone); }
    if (what === "redo") { back(redo, undo, words.redone); }
    if (goal) { grid.goTo(goal.dataset.where); }
  });
  root.addEventListener("keydown", function (event) {
    if (!editable || !(event.ctrlKey || event.metaKey) || !event.target.closest("[data-grid], .builder-tools")) { return; }
    const key = event.key.toLowerCase();
    if (key === "z" && !event.shiftKey) { event.preventDefault(); keepPlace(function () { back(undo, redo, words.undone); }); }
    if (key === "y" || (key === "z" && event.shiftKey)) { event.preventDefault(); keepPlace(function () { back(redo, undo, words.redone); }); }
  });

  function keepPlace(action) {
    const at = document.activeElement.dataset.at;
    action();
    if (at) { grid.focus(at.split(".")[0], at.split(".")[1]); }
  }

  name.addEventListener("input", function () { change("name", function () { model.setAttribute(file.table.parentElement, "name", name.value); }); });
  policy.addEventListener("change", function () {
    change(null, function () {
      file.table.setAttribute("hitPolicy", policy.value);
      if (policy.value !== "COLLECT") { file.table.removeAttribute("aggregation"); }
    });
    draw();
  });
  aggregation.addEventListener("change", function () { change(null, function () { model.setAttribute(file.table, "aggregation", aggregation.value); }); });

  // ---- what the server says

  function check() {
    const sent = new FormData();
    sent.append("decision-file", shown);
    return ask(sent).then(function (told) {
      if (!told) { return; }
      messages = told.messages;
      drawFindings();
      trial.update(told);
    }).catch(function () { list.replaceChildren(dom.make("li", { class: "finding finding-warning" }, words.check_failed)); });
  }

  function drawFindings() {
    faulty = {};
    const all = messages.concat(foreign);
    all.forEach(function (one) { if (one.severity === "error" && one.element) { faulty[one.element] = one.reason; } });
    list.replaceChildren.apply(list, all.map(function (one) {
      return dom.make("li", { class: "finding finding-" + one.severity },
        dom.make("strong", {}, one.severity_text + ": "), one.reason + " " + one.cure + " ",
        one.element ? dom.make("button", { type: "button", class: "btn btn-link", "data-where": one.element }, placeOf(one.element)) : null);
    }));
    grid.mark(hits, faulty);
  }

  // An element's id says nothing to people; the row it stands in does.
  function placeOf(id) {
    const found = Array.from(root.querySelectorAll("[data-grid] [data-id]")).find(function (one) { return one.dataset.id === id; });
    const row = found && found.closest("[data-row]");
    return row ? dom.fill(words.row, { row: row.dataset.row }) : found ? found.querySelector("button").textContent : "";
  }

  // Of the gate's findings about this file those that the table alone does not show.
  document.addEventListener("alur:findings", function (event) {
    foreign = event.detail.filter(function (one) {
      return one.file === page.path && !messages.some(function (own) { return own.code === one.code && own.element === one.element; });
    });
    if (file) { drawFindings(); }
  });

  // ---- beginning

  function show(text) {
    try {
      file = model.parse(text);
    } catch (error) {
      file = null;
      list.replaceChildren(dom.make("li", { class: "finding finding-error" }, dom.fill(words.broken, { why: error.message || words.no_table })));
      root.querySelectorAll("[data-do], #hit-policy, #decision-name").forEach(function (one) { one.disabled = true; });
      return;
    }
    shown = text;
    undo.length = redo.length = 0;
    draw();
    check();
  }

  handle.onreload(show);
  handle.load().then(show);
}());
