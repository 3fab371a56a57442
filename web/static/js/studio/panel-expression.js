// A field for an expression: completes names and functions while one types, and says at once what is wrong.
//
//   const field = window.alurExpression(textarea, panel);   // panel: window.alurPanel
//   field.shown();    // the value was filled in by the program: check it
(function () {
  "use strict";

  const PAUSE = 400;
  const MOST = 8;
  const WORD = /[A-Za-z_][\w.]*$/;

  let count = 0;

  function make(tag, className, text) {
    const made = document.createElement(tag);
    if (className) { made.className = className; }
    if (text) { made.textContent = text; }
    return made;
  }

  window.alurExpression = function (area, panel) {
    const box = area.closest("[data-expression]");
    const kind = box.dataset.expression;
    const id = "suggestions-" + (count += 1);
    const list = make("ul", "panel-suggestions"), told = make("div", "panel-told");
    let offered = [], active = -1, timer = null, asked = 0;

    list.id = id;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", (box.querySelector("label") || area).textContent);
    list.hidden = true;
    told.id = id + "-told";
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-describedby", [area.dataset.hint, told.id].filter(Boolean).join(" "));
    area.after(list, told);

    // completion --------------------------------------------------------------------------------------------------------

    function word() {
      const found = WORD.exec(area.value.slice(0, area.selectionStart));
      return found && area.selectionStart === area.selectionEnd ? found[0] : "";
    }

    function inText() {
      const before = area.value.slice(0, area.selectionStart);
      return (before.match(/"/g) || []).length % 2 === 1 || (before.match(/'/g) || []).length % 2 === 1;
    }

    function ranked(typed) {
      const low = typed.toLowerCase();
      const names = panel.names().map(function (n) {
        return { insert: n.name, text: n.name, more: [n.type_text, n.label, n.from, n.when === "later" ? panel.words.later : ""].filter(Boolean).join(" · "), later: n.when === "later" };
      });
      const functions = panel.functions().map(function (f) {
        return { insert: f.name + "(", text: f.signature, more: f.text, later: false };
      });
      return names.concat(functions).filter(function (o) { return o.text.toLowerCase().indexOf(low) >= 0 && o.insert !== typed; }).sort(function (a, b) {
        const first = (o) => (o.text.toLowerCase().indexOf(low) === 0 ? 0 : 2) + (o.later ? 1 : 0);
        return first(a) - first(b);
      }).slice(0, MOST);
    }

    function open(force) {
      const typed = word();
      offered = inText() || (!typed && !force) ? [] : ranked(typed);
      list.replaceChildren.apply(list, offered.map(function (o, i) {
        const item = make("li", o.later ? "is-later" : "");
        item.id = id + "-" + i;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        item.append(make("code", "", o.text), make("span", "soft", o.more));
        item.addEventListener("mousedown", function (event) { event.preventDefault(); take(i); });
        return item;
      }));
      list.hidden = !offered.length;
      area.setAttribute("aria-controls", offered.length ? id : "");
      if (!offered.length) { area.removeAttribute("aria-controls"); }
      move(-1);
      if (offered.length) { panel.said(panel.words.suggestions.replace("{count}", String(offered.length))); }
    }

    function close() {
      list.hidden = true;
      offered = [];
      active = -1;
      area.removeAttribute("aria-activedescendant");
      area.removeAttribute("aria-controls");
    }

    function move(to) {
      active = to;
      Array.from(list.children).forEach(function (item, i) { item.setAttribute("aria-selected", String(i === to)); });
      if (to < 0) { area.removeAttribute("aria-activedescendant"); return; }
      area.setAttribute("aria-activedescendant", id + "-" + to);
      list.children[to].scrollIntoView({ block: "nearest" });
    }

    function take(index) {
      const typed = word(), at = area.selectionStart, insert = offered[index].insert;
      area.setRangeText(insert, at - typed.length, at, "end");
      close();
      area.dispatchEvent(new Event("input", { bubbles: true }));
      close();
    }

    area.addEventListener("keydown", function (event) {
      if (event.key === " " && event.ctrlKey) { event.preventDefault(); open(true); return; }
      if (!offered.length) { return; }
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        move((active + (event.key === "ArrowDown" ? 1 : -1) + offered.length) % offered.length);
      } else if ((event.key === "Enter" || event.key === "Tab") && active >= 0) {
        event.preventDefault();
        take(active);
      } else if (event.key === "Escape") {
        event.preventDefault();
        close();
      }
    });
    area.addEventListener("blur", close);

    // checking ----------------------------------------------------------------------------------------------------------

    function paragraph(className, one) {
      const made = make("p", className);
      made.append(make("span", "", one.text));
      if (one.cure) { made.append(" ", make("code", "", one.cure)); }
      return made;
    }

    function tell(result) {
      const faults = (result.faults || []).map(function (f) { return paragraph("fault", f); });
      const warnings = (result.warnings || []).map(function (w) { return paragraph("caution", w); });
      told.replaceChildren.apply(told, faults.concat(warnings));
      box.classList.toggle("is-faulty", faults.length > 0);
      if (faults.length) { area.setAttribute("aria-invalid", "true"); } else { area.removeAttribute("aria-invalid"); }
      const shown = result.preview;
      // What a name or a literal gives, everybody sees.
      if (shown && shown.text && kind === "expression" && /[^\w.'"]/.test(area.value.trim())) { told.append(make("p", "soft", panel.words.value.replace("{text}", shown.text))); }
    }

    function check() {
      window.clearTimeout(timer);
      const mine = asked += 1;
      if (!area.value.trim()) { tell({}); area.dispatchEvent(new CustomEvent("alur:checked", { bubbles: true, detail: {} })); return; }
      panel.check([{ key: "it", kind: panel.kindOf(kind), source: area.value, samples: panel.trial.samples() }]).then(function (results) {
        if (mine !== asked) { return; }
        tell(results.it || {});
        area.dispatchEvent(new CustomEvent("alur:checked", { bubbles: true, detail: results.it || {} }));
      }).catch(function () { /* the server cannot be reached: the page says so elsewhere */ });
    }

    area.addEventListener("input", function () {
      open(false);
      window.clearTimeout(timer);
      timer = window.setTimeout(check, PAUSE);
    });

    return { shown: check, clear: function () { asked += 1; tell({}); close(); }, area: area };
  };
}());
