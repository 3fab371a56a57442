// Small builders for the panel's parts. Words are untrusted: textContent only.
(function () {
  "use strict";

  function element(tag, name, text) {
    const made = document.createElement(tag);
    if (name) { made.className = name; }
    if (text !== undefined && text !== null) { made.textContent = text; }
    return made;
  }

  function add(parent, tag, name, text) {
    const made = element(tag, name, text);
    parent.appendChild(made);
    return made;
  }

  // A document, another case: somewhere to go, where the reader may.
  function link(parent, text, url) {
    if (!url) { return add(parent, "span", "", text); }
    const made = add(parent, "a", "", text);
    made.href = url;
    return made;
  }

  function facts(list, rows) {
    list.replaceChildren();
    rows.forEach(function (row) {
      if (!row[1]) { return; }
      add(list, "dt", "", row[0]);
      const said = add(list, "dd", "");
      if (row[1] instanceof Node) { said.appendChild(row[1]); } else { said.textContent = row[1]; }
    });
  }

  function filled(text, values) {
    return Object.keys(values).reduce(function (said, name) { return said.replace("{" + name + "}", values[name]); }, text);
  }

  window.alurReplayParts = { element: element, add: add, link: link, facts: facts, filled: filled };
}());
