// Trying a table out: fields for what it reads, examples that make a row match, the answer row by row.
(function () {
  "use strict";

  const dom = window.alurDom;

  // `text()` is the file as it stands; `hits(rows)` hears which rows matched.
  function create(root, url, words, text, hits) {
    const form = root.querySelector("[data-try]"), fields = root.querySelector("[data-asked]");
    const place = root.querySelector("[data-tried]"), box = root.querySelector("[data-examples]"), chooser = root.querySelector("#example");
    const ask = dom.asker(url);
    let html = "", tried = false, examples = {};

    function values() {
      const found = {};
      fields.querySelectorAll("[name]").forEach(function (field) { found[field.name] = field.value; });
      return found;
    }

    function give(given) {
      fields.querySelectorAll("[name]").forEach(function (field) {
        if (!(field.name in given)) { return; }
        if (field.tagName === "SELECT" && !Array.from(field.options).some(function (one) { return one.value === given[field.name]; })) { return; }
        field.value = given[field.name];
      });
    }

    // After each check: the table may read something else now. What was typed stays.
    function update(told) {
      if (told.asked !== html) {
        const kept = values();
        html = told.asked;
        fields.innerHTML = html;
        give(kept);
      }
      examples = told.examples;
      const numbers = Object.keys(examples), now = chooser.value;
      box.hidden = !numbers.length || !fields.querySelector("[name]");
      chooser.replaceChildren.apply(chooser, [dom.make("option", { value: "" }, "–")].concat(numbers.map(function (number) {
        return dom.make("option", { value: number }, dom.fill(words.from_row, { row: number }));
      })));
      chooser.value = now in examples ? now : "";
      if (tried) { run(); }
    }

    function run() {
      const sent = new FormData();
      sent.append("decision-file", text());
      Object.entries(values()).forEach(function (pair) { sent.append(pair[0], pair[1]); });
      return ask(sent).then(function (told) {
        if (!told) { return; }
        tried = true;
        place.innerHTML = told.html;
        fields.querySelectorAll("[name]").forEach(function (field) {
          const bad = told.unreadable.includes(field.name.slice(2));
          if (bad) { field.setAttribute("aria-invalid", "true"); field.title = words.unreadable; } else { field.removeAttribute("aria-invalid"); field.removeAttribute("title"); }
        });
        hits(told.rows);
      }).catch(function () { place.textContent = words.check_failed; });
    }

    chooser.addEventListener("change", function () {
      const example = examples[chooser.value];
      if (!example) { return; }
      const given = {};
      Object.keys(example).forEach(function (path) { given["v:" + path] = example[path]; });
      give(given);
      run();
    });
    form.addEventListener("submit", function (event) { event.preventDefault(); run(); });

    return { update: update };
  }

  window.alurTableTrial = { create: create };
}());
