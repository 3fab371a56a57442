// Makes elements: make("button", {type: "button", class: "btn"}, "Simpan", other). Texts are texts, never markup.
(function () {
  "use strict";

  let made = 0;

  function make(tag, attributes) {
    const element = document.createElement(tag);
    Object.entries(attributes || {}).forEach(function (entry) {
      const name = entry[0], value = entry[1];
      if (value === undefined || value === null || value === false) { return; }
      if (name.indexOf("on") === 0) { element.addEventListener(name.slice(2), value); return; }
      element.setAttribute(name, value === true ? "" : String(value));
    });
    Array.from(arguments).slice(2).flat().forEach(function (child) {
      if (child !== null && child !== undefined) { element.append(child); }
    });
    return element;
  }

  // An id of its own for whatever needs a label.
  function id(prefix) { made += 1; return (prefix || "x") + "-" + made; }

  // "{name} di {place}" with the values put in.
  function fill(sentence, values) {
    return sentence.replace(/\{(\w+)\}/g, function (all, name) { return name in values ? String(values[name]) : all; });
  }

  // After a pause in calls; `flush` does at once what is waited for.
  function calmly(pause, action) {
    let timer = null;
    function later() { window.clearTimeout(timer); timer = window.setTimeout(function () { timer = null; action(); }, pause); }
    later.flush = function () { if (timer !== null) { window.clearTimeout(timer); timer = null; action(); } };
    return later;
  }

  function token() {
    return JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRF-Token"] || "";
  }

  // Sends a form and answers with the JSON that comes back; an older answer never overtakes a newer one.
  function asker(url) {
    let asked = 0;
    return function (body) {
      const mine = ++asked;
      return fetch(url, { method: "POST", body: body, credentials: "same-origin", headers: { Accept: "application/json", "X-CSRF-Token": token() } })
        .then(function (answer) {
          if (!answer.ok) { throw new Error("status " + answer.status); }
          return answer.json();
        })
        .then(function (told) { return mine === asked ? told : null; });
    };
  }

  window.alurDom = { make: make, id: id, fill: fill, calmly: calmly, asker: asker };
}());
