// The diagram as a list: for readers who hear it, for phones, and for finding a step by its name.
(function () {
  "use strict";

  window.alurEditorOutline = function (editor) {
    const place = document.querySelector("[data-editor-outline]");
    if (!place) { return; }
    const list = place.querySelector("ol");
    let timer = null, stale = true;

    function item(element) {
      const made = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-quiet";
      button.dataset.element = element.id;
      button.textContent = window.alurCalled(element, editor.words.types);
      if (element.waypoints) { made.className = "outline-flow"; }
      made.append(button);
      return made;
    }

    function mark() {
      const chosen = new Set(editor.modeler.get("selection").get().map(function (e) { return (e.labelTarget || e).id; }));
      list.querySelectorAll("button").forEach(function (button) {
        if (chosen.has(button.dataset.element)) { button.setAttribute("aria-current", "true"); } else { button.removeAttribute("aria-current"); }
      });
    }

    function draw() {
      stale = true;
      if (!place.open) { return; }
      stale = false;
      const focused = list.contains(document.activeElement) ? document.activeElement.dataset.element : null;
      list.replaceChildren.apply(list, window.alurOrder(editor.modeler).map(item));
      mark();
      const again = focused && list.querySelector("[data-element=\"" + CSS.escape(focused) + "\"]");
      if (again) { again.focus(); }
    }

    function later() {
      window.clearTimeout(timer);
      timer = window.setTimeout(draw, 400);
    }

    list.addEventListener("click", function (event) {
      const button = event.target.closest("[data-element]");
      if (button) { editor.select(button.dataset.element); }
    });
    place.addEventListener("toggle", function () { if (place.open && stale) { draw(); } });
    editor.modeler.on(["commandStack.changed", "import.done", "root.set"], later);
    editor.modeler.on("selection.changed", mark);
  };
}());
