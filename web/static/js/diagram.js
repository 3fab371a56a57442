// Draws the diagrams of a page: pan and zoom by mouse, touch and keyboard, and the states of the list beside it.
//
// The list of steps is the truth: every marker and note on the drawing is read from its items (data-element,
// data-state, data-note), so that the picture never says what the text does not. Names are untrusted: textContent only.
(function () {
  "use strict";

  const STATES = [
    "done", "active", "waiting", "late", "cancelled", "failed", "added", "changed", "renamed", "moved", "removed"
  ];
  const READABLE = 0.55;
  const STEP = 60;
  const MARGIN = 16;

  function start(figure) {
    const canvasBox = figure.querySelector("[data-diagram-canvas]");
    fetch(figure.dataset.xml, { credentials: "same-origin" })
      .then(function (answer) {
        if (!answer.ok) { throw new Error("status " + answer.status); }
        return answer.text();
      })
      .then(function (xml) { return draw(figure, canvasBox, xml); })
      .catch(function () {
        canvasBox.hidden = true;
        const tools = figure.querySelector("[data-diagram-tools]");
        if (tools) { tools.hidden = true; }
        figure.querySelector("[data-diagram-failed]").hidden = false;
      });
  }

  function draw(figure, canvasBox, xml) {
    figure.classList.add("is-drawn");
    const viewer = new window.BpmnJS({ container: canvasBox, zoomScroll: { enabled: false } });
    return viewer.importXML(xml).then(function () {
      const canvas = viewer.get("canvas");
      const drawn = { viewer: viewer, canvas: canvas, registry: viewer.get("elementRegistry"), figure: figure };
      label(canvasBox, figure);
      show(drawn);
      markStates(drawn);
      tools(drawn);
      moved(drawn, canvasBox);
      window.alurTouch(canvasBox, canvas);
      steps(drawn);
      picked(drawn);
      turned(drawn, canvasBox);
      figure.dataset.ready = "true";
      figure.dispatchEvent(new CustomEvent("alur:drawn", { bubbles: true, detail: drawn }));
    });
  }

  function label(canvasBox, figure) {
    const svg = canvasBox.querySelector("svg");
    svg.setAttribute("role", "group");
    svg.setAttribute("aria-label", figure.dataset.label || "");
    svg.setAttribute("aria-describedby", figure.dataset.describedby || "");
    svg.setAttribute("tabindex", "0");
  }

  // The whole diagram if its words can then be read, else the step where the case is.
  function show(drawn) {
    const current = drawn.figure.querySelector("[data-element][data-state=\"active\"], [data-element][data-state=\"late\"]");
    const done = drawn.figure.querySelectorAll("[data-element][data-state=\"done\"]");
    const first = drawn.figure.querySelector("[data-element]");
    const at = current || done[done.length - 1] || first;
    fit(drawn, at ? at.dataset.element : "");
  }

  function fit(drawn, id) {
    drawn.canvas.zoom("fit-viewport", "auto");
    if (drawn.canvas.zoom() >= READABLE) { return; }
    drawn.canvas.zoom(0.75);
    centre(drawn, id);
  }

  function centre(drawn, id) {
    const element = id && drawn.registry.get(id);
    if (!element || element.waypoints) { return; }
    const box = drawn.canvas.viewbox();
    drawn.canvas.viewbox({
      x: within(element.x + element.width / 2 - box.width / 2, box.inner.x, box.inner.width, box.width),
      y: within(element.y + element.height / 2 - box.height / 2, box.inner.y, box.inner.height, box.height),
      width: box.width,
      height: box.height
    });
  }

  // No empty paper beside the drawing while there is drawing to show.
  function within(wanted, start, length, seen) {
    if (length <= seen) { return start - (seen - length) / 2; }
    return Math.min(Math.max(wanted, start - MARGIN), start + length - seen + MARGIN);
  }

  function markStates(drawn) {
    const overlays = drawn.viewer.get("overlays");
    drawn.figure.querySelectorAll("[data-element]").forEach(function (item) {
      const id = item.dataset.element;
      if (!drawn.registry.get(id)) { return; }
      if (STATES.indexOf(item.dataset.state) >= 0) { drawn.canvas.addMarker(id, "step-" + item.dataset.state); }
      if (item.dataset.heat) { drawn.canvas.addMarker(id, "heat-" + item.dataset.heat); }
      if (!item.dataset.note) { return; }
      const note = document.createElement("div");
      note.className = "step-note step-note-" + item.dataset.state;
      note.textContent = item.dataset.note;
      overlays.add(id, "note", { position: { bottom: 2, left: 0 }, show: { minZoom: 0.5 }, html: note });
    });
    const list = drawn.figure.querySelector("[data-flows]");
    (list ? list.dataset.flows.split(" ") : []).forEach(function (id) {
      if (id && drawn.registry.get(id)) { drawn.canvas.addMarker(id, "flow-taken"); }
    });
  }

  function zoomBy(drawn, factor) {
    drawn.canvas.zoom(Math.min(4, Math.max(0.1, drawn.canvas.zoom() * factor)), "auto");
  }

  function tools(drawn) {
    const bar = drawn.figure.querySelector("[data-diagram-tools]");
    if (!bar) { return; }
    bar.hidden = false;
    bar.addEventListener("click", function (event) {
      const button = event.target.closest("[data-do]");
      if (!button) { return; }
      if (button.dataset.do === "in") { zoomBy(drawn, 1.25); }
      if (button.dataset.do === "out") { zoomBy(drawn, 0.8); }
      if (button.dataset.do === "fit") { drawn.canvas.zoom("fit-viewport", "auto"); }
    });
  }

  function keys(drawn, canvasBox) {
    const moves = { ArrowLeft: [STEP, 0], ArrowRight: [-STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] };
    canvasBox.addEventListener("keydown", function (event) {
      if (event.ctrlKey || event.metaKey || event.altKey) { return; }
      if (moves[event.key]) {
        drawn.canvas.scroll({ dx: moves[event.key][0], dy: moves[event.key][1] });
      } else if (event.key === "+" || event.key === "=") {
        zoomBy(drawn, 1.25);
      } else if (event.key === "-") {
        zoomBy(drawn, 0.8);
      } else if (event.key === "0") {
        drawn.canvas.zoom("fit-viewport", "auto");
      } else {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    });
  }

  function moved(drawn, canvasBox) {
    keys(drawn, canvasBox);
    wheel(drawn, canvasBox);
  }

  // The wheel scrolls the page, as everywhere; with Ctrl it zooms the drawing.
  function wheel(drawn, canvasBox) {
    canvasBox.addEventListener("wheel", function (event) {
      if (!event.ctrlKey) { return; }
      event.preventDefault();
      zoomBy(drawn, event.deltaY < 0 ? 1.1 : 0.9);
    }, { passive: false });
  }

  // A phone is turned, a window made wider: show the case's place again.
  function turned(drawn, canvasBox) {
    let width = canvasBox.clientWidth;
    window.addEventListener("resize", function () {
      if (canvasBox.clientWidth === width || !canvasBox.clientWidth || !canvasBox.clientHeight) { return; }
      width = canvasBox.clientWidth;
      drawn.canvas.resized();
      show(drawn);
    });
  }

  // From a step of the list to its place on the drawing.
  function steps(drawn) {
    drawn.figure.querySelectorAll("[data-show-element]").forEach(function (button) {
      if (!drawn.registry.get(button.dataset.showElement)) { return; }
      button.hidden = false;
      button.addEventListener("click", function () { pick(drawn, button.dataset.showElement, true); });
    });
  }

  // From the drawing to its step in the list.
  function picked(drawn) {
    drawn.viewer.get("eventBus").on("element.click", function (event) {
      pick(drawn, event.element.labelTarget ? event.element.labelTarget.id : event.element.id, false);
    });
  }

  function pick(drawn, id, move) {
    if (drawn.picked) { drawn.canvas.removeMarker(drawn.picked, "step-picked"); drawn.picked = null; }
    drawn.figure.querySelectorAll(".is-picked").forEach(function (item) { item.classList.remove("is-picked"); });
    const item = drawn.figure.querySelector("[data-element=\"" + CSS.escape(id) + "\"]");
    if (!item) { return; }
    item.classList.add("is-picked");
    drawn.canvas.addMarker(id, "step-picked");
    drawn.picked = id;
    if (!move) { return; }
    if (drawn.canvas.zoom() < READABLE) { drawn.canvas.zoom(0.9); }
    centre(drawn, id);
    drawn.figure.scrollIntoView({ block: "nearest" });
  }

  // For a page that draws by itself: `drawn` is {canvas, registry, figure}, and may change its canvas.
  window.alurDiagram = { label: label, fit: fit, centre: centre, tools: tools, moved: moved };

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-diagram]").forEach(start);
  });
}());
