// The form as the officer will see it, in a frame as wide as a phone or a desk. The server draws it with the very
// templates of the task page; what is typed there goes nowhere but back into the drawing.
(function () {
  "use strict";

  const dom = window.alurDom;
  const TICKED = ["checkbox", "radio"];

  // `tell(answer)` hears the findings about the file and the names it wants from the case.
  function create(root, url, words, tell) {
    const frame = root.querySelector("[data-frame]");
    const place = root.querySelector("[data-frame-place]");
    const line = root.querySelector("[data-preview-say]");
    const ask = dom.asker(url);
    let text = "", values = {}, first = true, ready = null;

    function inside() { return frame.contentDocument; }
    function form() { return inside() && inside().querySelector("form"); }

    function body(more) {
      const sent = new FormData();
      if (!first && form()) {
        new FormData(form()).forEach(function (value, name) { if (typeof value === "string") { sent.append(name, value); } });
      }
      sent.append("form-file", text);
      sent.append("form-values", JSON.stringify(values));
      if (first) { sent.append("form-first", "1"); }
      Object.keys(more || {}).forEach(function (name) { sent.append(name, more[name]); });
      return sent;
    }

    function say(sentence) { line.textContent = sentence; line.hidden = !sentence; }

    function draw(more) {
      return ready.then(function () { return ask(body(more)); }).then(function (told) {
        if (!told) { return; }
        tell(told);
        if (!told.html) { say(words.preview_broken); return; }
        say("");
        put(told.html, Boolean((more || {})["form-check"]));
        first = false;
      }).catch(function () { say(words.preview_failed); });
    }

    // Typed while the answer was on its way: nothing of it is lost, and the caret stays.
    function put(html, checked) {
      const old = inside().activeElement, id = old && old.id, start = old && textual(old) ? old.selectionStart : null;
      const value = old && textual(old) ? old.value : null;
      form().innerHTML = html;
      const now = id && inside().getElementById(id);
      if (now && place.contains(document.activeElement)) {
        if (value !== null && textual(now)) { now.value = value; }
        now.focus({ preventScroll: true });
        if (start !== null && textual(now)) { now.setSelectionRange(start, start); }
      }
      const summary = checked && inside().querySelector("[data-focus]");
      if (summary) { summary.focus(); }
      grow();
    }

    function textual(element) { return element.tagName === "TEXTAREA" || (element.tagName === "INPUT" && ["text", "tel", "search"].includes(element.type)); }

    function grow() { frame.style.height = Math.max(240, inside().body.scrollHeight + 24) + "px"; }

    function theme() { inside().documentElement.setAttribute("data-bs-theme", document.documentElement.getAttribute("data-bs-theme") || "light"); }

    function listen() {
      theme();
      form().addEventListener("submit", function (event) {
        event.preventDefault();
        const pressed = event.submitter;
        const more = {};
        if (pressed && pressed.name) { more[pressed.name] = pressed.value; } else { more["form-check"] = "1"; }
        draw(more);
      });
      const later = dom.calmly(300, function () { draw(); });
      form().addEventListener("input", function (event) { if (!TICKED.includes(event.target.type)) { later(); } });
      form().addEventListener("change", function (event) { if (event.target.type !== "file") { later(); } });
      inside().addEventListener("click", function (event) {
        const link = event.target.closest("a[href]");
        if (!link) { return; }
        event.preventDefault();  // a finding leads to its field, nothing leads away
        const goal = link.getAttribute("href").charAt(0) === "#" && inside().getElementById(link.getAttribute("href").slice(1));
        if (goal) { goal.focus(); }
      });
    }

    ready = new Promise(function (resolve) {
      function begin() { listen(); resolve(); }
      if (form()) { begin(); } else { frame.addEventListener("load", begin, { once: true }); }
    });
    new MutationObserver(function () { if (form()) { theme(); } }).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
    window.addEventListener("resize", function () { if (form()) { grow(); } });

    root.querySelectorAll("[data-width]").forEach(function (button) {
      button.addEventListener("click", function () {
        place.dataset.size = button.dataset.width;
        root.dataset.size = button.dataset.width;
        root.querySelectorAll("[data-width]").forEach(function (other) { other.setAttribute("aria-pressed", String(other === button)); });
        if (form()) { grow(); }
      });
    });
    root.querySelector("[data-check]").addEventListener("click", function () { draw({ "form-check": "1" }); });
    root.querySelector("[data-blank]").addEventListener("click", function () { first = true; draw(); });

    return {
      show: function (now) { text = now; return draw(); },
      give: function (now) { values = now; first = true; return draw(); }
    };
  }

  window.alurFormPreview = { create: create };
}());
