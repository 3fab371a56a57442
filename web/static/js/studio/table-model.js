// A DMN file with one decision table: changed where an owner changes it, everything else left as it stands.
(function () {
  "use strict";

  function parse(text) {
    const doc = new DOMParser().parseFromString(text, "application/xml");
    const wrong = doc.getElementsByTagName("parsererror")[0];
    if (wrong) { throw new Error(wrong.textContent.split("\n").slice(0, 2).join(" ").trim().slice(0, 160)); }
    const tables = doc.getElementsByTagNameNS("*", "decisionTable");
    if (tables.length !== 1) { throw new Error(""); }
    return { doc: doc, table: tables[0], before: text };
  }

  // As it was written: its declaration, what follows the root, the space before "/>" and how an empty text is spelled
  // are not the parser's to change.
  function write(file) {
    const before = file.before;
    let text = new XMLSerializer().serializeToString(file.doc.documentElement);
    const start = before.search(/<(?![?!])/), end = before.lastIndexOf(">") + 1;
    if (!/<!--|<!\[CDATA\[/.test(before)) {
      if (/<((?:\w+:)?text)><\/\1>/.test(before)) { text = text.replace(/<((?:\w+:)?text)\s*\/>/g, "<$1></$1>"); }
      if (/ \/>/.test(before)) { text = text.replace(/([^\s])\/>/g, "$1 />"); }
    }
    return before.slice(0, start) + text + before.slice(end);
  }

  function kids(element, name) { return Array.from(element.children).filter(function (child) { return child.localName === name; }); }
  function kid(element, name) { return kids(element, name)[0]; }

  function rows(file) { return kids(file.table, "rule"); }
  function columns(file, kind) { return kids(file.table, kind); }
  function entries(rule, kind) { return kids(rule, kind + "Entry"); }

  function textOf(element) {
    const text = element && kid(element, "text");
    return text ? text.textContent.trim() : "";
  }

  function setText(file, element, value) {
    let text = kid(element, "text");
    if (!text) { text = create(file, "text"); element.append(text); }
    text.textContent = value;
  }

  function create(file, name, attributes) {
    const prefix = file.table.prefix ? file.table.prefix + ":" : "";
    const made = file.doc.createElementNS(file.table.namespaceURI, prefix + name);
    Object.entries(attributes || {}).forEach(function (pair) { made.setAttribute(pair[0], pair[1]); });
    return made;
  }

  function freshId(file, base) {
    const taken = Array.from(file.doc.querySelectorAll("[id]")).map(function (one) { return one.id; });
    let number = 1;
    while (taken.includes(base + "_" + number)) { number += 1; }
    return base + "_" + number;
  }

  function base(file) { return (file.table.getAttribute("id") || "table").replace(/_table$/, ""); }

  // Put before `next` (or at the end), with the white space that its neighbours have.
  function put(parent, made, next) {
    const like = parent.lastElementChild;
    const space = like && like.previousSibling && like.previousSibling.nodeType === 3 ? like.previousSibling.data : "";
    if (next) {
      parent.insertBefore(made, next);
      if (space) { parent.insertBefore(parent.ownerDocument.createTextNode(space), next); }
      return;
    }
    const tail = parent.lastChild && parent.lastChild.nodeType === 3 ? parent.lastChild : null;
    parent.insertBefore(made, tail);
    if (space && like) { parent.insertBefore(parent.ownerDocument.createTextNode(space), made); }
  }

  // With the white space before it, so that no empty line is left.
  function take(element) {
    const space = element.previousSibling;
    if (space && space.nodeType === 3 && !space.data.trim()) { space.remove(); }
    element.remove();
  }

  function after(file, kind, index) {
    const same = columns(file, kind);
    if (same[index]) { return same[index]; }
    return (kind === "input" ? columns(file, "output")[0] : null) || rows(file)[0] || null;
  }

  function entry(file, rule, kind, value) {
    const made = create(file, kind + "Entry", { id: freshId(file, (rule.getAttribute("id") || base(file)) + (kind === "input" ? "_in" : "_out")) });
    const next = kind === "input" ? entries(rule, "output")[0] : kids(rule, "annotationEntry")[0];
    put(rule, made, next || null);
    setText(file, made, value);
    return made;
  }

  // A new row is written like its neighbour; `like` also says what stands in it.
  function addRow(file, index, like) {
    const all = rows(file), model = like || all[0];
    const rule = model ? model.cloneNode(true) : create(file, "rule");
    if (!model) {
      columns(file, "input").forEach(function () { entry(file, rule, "input", ""); });
      columns(file, "output").forEach(function () { entry(file, rule, "output", ""); });
    }
    put(file.table, rule, all[index] || null);
    rule.setAttribute("id", freshId(file, base(file) + "_rule"));
    ["input", "output", "annotation"].forEach(function (kind) {
      entries(rule, kind).forEach(function (cell) {
        if (kind !== "annotation") { cell.setAttribute("id", freshId(file, rule.getAttribute("id") + (kind === "input" ? "_in" : "_out"))); }
        if (!like) { setText(file, cell, kind === "input" ? "-" : ""); }
      });
    });
    if (!like) { setNote(file, rule, ""); }
    if (!model) { indent(file, rule); }
    return rule;
  }

  // The first row has no neighbour to be written like: each of its cells on a line of its own.
  function indent(file, rule) {
    const space = rule.previousSibling && rule.previousSibling.nodeType === 3 ? rule.previousSibling.data : "";
    if (!space) { return; }
    Array.from(rule.children).forEach(function (cell) { rule.insertBefore(file.doc.createTextNode(space + "  "), cell); });
    rule.append(file.doc.createTextNode(space));
  }

  function moveIn(parent, element, next) {
    take(element);
    put(parent, element, next);
  }

  // From one position to another, as both are counted before.
  function moveRow(file, from, to) {
    const all = rows(file);
    moveIn(file.table, all[from], to > from ? all[to + 1] || null : all[to]);
  }

  function moveColumn(file, kind, from, to) {
    const all = columns(file, kind), behind = after(file, kind, all.length);
    moveIn(file.table, all[from], to > from ? all[to + 1] || behind : all[to]);
    rows(file).forEach(function (rule) {
      const cells = entries(rule, kind);
      const last = kind === "input" ? entries(rule, "output")[0] : kids(rule, "annotationEntry")[0] || null;
      moveIn(rule, cells[from], to > from ? cells[to + 1] || last : cells[to]);
    });
  }

  function addColumn(file, kind, label) {
    const column = create(file, kind, { id: freshId(file, base(file) + "_" + kind), label: label });
    put(file.table, column, after(file, kind, columns(file, kind).length));
    if (kind === "input") {
      const expression = create(file, "inputExpression", { id: column.getAttribute("id") + "_expression", typeRef: "string" });
      column.append(expression);
      setText(file, expression, "");
    } else {
      column.setAttribute("name", "");
      column.setAttribute("typeRef", "string");
    }
    rows(file).forEach(function (rule) { entry(file, rule, kind, kind === "input" ? "-" : ""); });
  }

  function removeColumn(file, kind, index) {
    rows(file).forEach(function (rule) { take(entries(rule, kind)[index]); });
    take(columns(file, kind)[index]);
  }

  // What a column reads (an input's expression) or fills (an output's name), and its type.
  function source(column) { return column.localName === "input" ? textOf(kid(column, "inputExpression")) : column.getAttribute("name") || ""; }

  function setSource(file, column, value) {
    if (column.localName !== "input") { column.setAttribute("name", value); return; }
    let expression = kid(column, "inputExpression");
    if (!expression) { expression = create(file, "inputExpression", { id: freshId(file, column.id + "_expression") }); column.append(expression); }
    setText(file, expression, value);
  }

  function typed(column) { return column.localName === "input" ? kid(column, "inputExpression") || column : column; }

  function setAttribute(element, name, value) { if (value) { element.setAttribute(name, value); } else { element.removeAttribute(name); } }

  function note(rule) { const found = kid(rule, "description"); return found ? found.textContent.trim() : ""; }

  function setNote(file, rule, value) {
    let found = kid(rule, "description");
    if (!value) { if (found) { take(found); } return; }
    if (!found) { found = create(file, "description"); put(rule, found, rule.firstElementChild); }
    found.textContent = value;
  }

  window.alurTableModel = {
    parse: parse, write: write, rows: rows, columns: columns, entries: entries, textOf: textOf, setText: setText,
    addRow: addRow, moveRow: moveRow, take: take, addColumn: addColumn, removeColumn: removeColumn, moveColumn: moveColumn,
    source: source, setSource: setSource, typed: typed, setAttribute: setAttribute, note: note, setNote: setNote
  };
}());
