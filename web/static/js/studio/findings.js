// The findings of a draft beside its diagram: a list that leads to the elements, marks on the drawing, F8 for the next.
(function () {
  "use strict";

  const place = document.querySelector("[data-findings]");
  const editor = window.alurEditor;
  if (!place || !editor) { return; }
  const settings = JSON.parse(place.dataset.findings), words = settings.words;
  const list = place.querySelector("[data-findings-list]"), count = place.querySelector("[data-findings-count]"), here = place.querySelector("[data-findings-here]");
  const own = document.querySelector("[data-panel-findings]");
  let all = [], marked = [], at = -1, chosen = "";

  function make(tag, className, text) {
    const made = document.createElement(tag);
    if (className) { made.className = className; }
    if (text) { made.textContent = text; }
    return made;
  }

  function isHere(finding) { return finding.file === settings.path; }
  function shown() { return here.checked ? all.filter(isHere) : all; }
  function element(finding) { return isHere(finding) && finding.element ? editor.modeler.get("elementRegistry").get(finding.element) || null : null; }
  function called(finding) {
    const found = element(finding);
    if (found) { return window.alurCalled(found, editor.words.types); }
    return (isHere(finding) ? "" : finding.file + " · ") + (finding.element || words.whole);
  }

  function words2(finding) {
    const made = document.createElement("div");
    made.append(make("p", "finding-where", called(finding)), make("p", "finding-reason", finding.reason));
    const cure = make("p", "finding-cure");
    cure.append(make("span", "soft", words.cure + " "), finding.cure);
    made.append(cure);
    return made;
  }

  function item(finding) {
    const made = make("li", "finding finding-" + finding.severity);
    made.append(make("span", "finding-severity", finding.severity_text), words2(finding));
    if (element(finding)) {
      const button = make("button", "btn btn-outline-secondary", words.show);
      button.type = "button";
      button.setAttribute("aria-label", words.show + ": " + called(finding));
      button.addEventListener("click", function () { at = shown().indexOf(finding); go(finding); });
      made.append(button);
    } else if (!isHere(finding) && finding.url) {
      const link = make("a", "btn btn-outline-secondary", words.show);
      link.href = finding.url;
      link.setAttribute("aria-label", words.show + ": " + called(finding));
      made.append(link);
    }
    return made;
  }

  function draw() {
    const found = shown();
    const errors = found.filter(function (f) { return f.severity === "error"; }).length;
    count.textContent = found.length ? words.count.replace("{errors}", String(errors)).replace("{warnings}", String(found.length - errors)) : all.length ? words.empty_here : words.none;
    list.replaceChildren.apply(list, found.map(item));
    place.querySelectorAll("[data-findings-step]").forEach(function (button) { button.disabled = !found.length; });
    mark();
    aboutChosen();
  }

  // Colour and a sign on the drawing; the words are in the list and, for the chosen element, above its properties.
  function mark() {
    const canvas = editor.modeler.get("canvas"), overlays = editor.modeler.get("overlays"), registry = editor.modeler.get("elementRegistry");
    marked.forEach(function (m) {
      if (registry.get(m.id)) { canvas.removeMarker(m.id, "has-error"); canvas.removeMarker(m.id, "has-warning"); }
      overlays.remove(m.overlay);
    });
    const by = new Map();
    all.forEach(function (f) {
      if (!element(f)) { return; }
      const before = by.get(f.element);
      by.set(f.element, { severity: before && before.severity === "error" ? "error" : f.severity, text: f.severity_text + ": " + f.reason });
    });
    marked = Array.from(by, function (entry) {
      const id = entry[0], found = registry.get(id), sign = make("span", "finding-sign finding-sign-" + entry[1].severity, entry[1].severity === "error" ? "!" : "?");
      sign.setAttribute("aria-hidden", "true");
      canvas.addMarker(id, "has-" + entry[1].severity);
      const place = found.waypoints ? { top: -10, left: -10 } : { top: -12, right: 12 };
      return { id: id, overlay: overlays.add(id, "finding", { position: place, html: sign }) };
    });
  }

  function aboutChosen() {
    if (!own) { return; }
    const found = chosen ? all.filter(function (f) { return isHere(f) && f.element === chosen; }) : [];
    own.hidden = !found.length;
    own.replaceChildren.apply(own, found.map(function (f) {
      const made = make("li", "finding finding-" + f.severity);
      const body = document.createElement("div");
      body.append(make("p", "finding-reason", f.severity_text + ": " + f.reason), make("p", "finding-cure", f.cure));
      made.append(body);
      return made;
    }));
  }

  function go(finding) {
    Array.from(list.children).forEach(function (row, i) { row.classList.toggle("is-current", i === at); });
    if (list.children[at]) { list.children[at].scrollIntoView({ block: "nearest" }); }
    if (element(finding)) { editor.select(finding.element); }
    const found = shown();
    editor.announce(words.nth.replace("{n}", String(at + 1)).replace("{count}", String(found.length)).replace("{severity}", finding.severity_text)
      .replace("{reason}", finding.reason).replace("{cure}", finding.cure));
  }

  function step(by) {
    const found = shown();
    if (!found.length) { editor.announce(words.none); return; }
    at = (at < 0 ? (by > 0 ? 0 : found.length - 1) : at + by + found.length) % found.length;
    go(found[at]);
  }

  place.addEventListener("click", function (event) {
    const button = event.target.closest("[data-findings-step]");
    if (button) { step(parseInt(button.dataset.findingsStep, 10)); }
  });
  here.addEventListener("change", function () { at = -1; draw(); });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "F8" || event.ctrlKey || event.altKey || event.metaKey) { return; }
    event.preventDefault();
    step(event.shiftKey ? -1 : 1);
  });
  document.addEventListener("alur:shown", function (event) { chosen = event.detail; aboutChosen(); });
  document.addEventListener("alur:findings", function (event) { all = event.detail; at = -1; draw(); });
  editor.whenReady.then(function () {
    editor.modeler.on("import.done", function () { marked = []; window.setTimeout(draw, 0); });
    return window.alurDraft.findings();
  }).catch(function () { /* said in the page */ });
}());
