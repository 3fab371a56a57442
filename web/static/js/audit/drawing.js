// One diagram of one version: drawn once, then only what changed is touched.
//
// A picture is what `paint` is handed: { marks: Map(id → classes), tokens: Map(id → how many), notes: Map(id → {text,
// tone}), now: id }. Names are untrusted: textContent only.
(function () {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const READABLE = 0.5;
  const LONGEST = 30;

  function make(tag, name, parent) {
    const made = document.createElementNS(SVG, tag);
    made.setAttribute("class", name);
    parent.appendChild(made);
    return made;
  }

  // Beside what the shape shows: its sign, its name.
  function corner(element) { return { x: element.x + 3, y: element.y + 3 }; }

  function short(text) { return text.length > LONGEST ? text.slice(0, LONGEST - 1) + "…" : text; }

  // As canvas.addMarker does it, without telling anybody: in a case of thousands of events nobody else wants to hear.
  function mark(drawn, id, classes, add) {
    const drawing = drawn.registry.getGraphics(id);
    if (!drawing) { return; }
    classes.split(" ").forEach(function (name) { drawing.classList.toggle(name, add); });
  }

  function marks(drawn, wanted) {
    drawn.marks.forEach(function (classes, id) {
      if (wanted.get(id) !== classes) { mark(drawn, id, classes, false); drawn.marks.delete(id); }
    });
    wanted.forEach(function (classes, id) {
      if (drawn.marks.has(id)) { return; }
      mark(drawn, id, classes, true);
      drawn.marks.set(id, classes);
    });
  }

  function token(drawn, id) {
    const element = drawn.registry.get(id);
    if (!element || element.waypoints) { return null; }
    const group = make("g", "replay-token", drawn.layer);
    const at = corner(element);
    group.setAttribute("transform", "translate(" + at.x + " " + at.y + ")");
    make("circle", "", group).setAttribute("r", "9");
    make("text", "", group).setAttribute("dy", "4");
    return group;
  }

  function note(drawn, id) {
    const element = drawn.registry.get(id);
    if (!element || element.waypoints || element.width < 60) { return null; }
    const text = make("text", "replay-note", drawn.words);
    text.setAttribute("x", element.x + element.width / 2);
    text.setAttribute("y", element.y + element.height + 12);
    return text;
  }

  // A frame around the step that is looked at.
  function frame(drawn, id) {
    const element = id && drawn.registry.get(id);
    drawn.frame.setAttribute("display", element && !element.waypoints ? "inline" : "none");
    if (!element || element.waypoints) { return; }
    drawn.frame.setAttribute("x", element.x - 7);
    drawn.frame.setAttribute("y", element.y - 7);
    drawn.frame.setAttribute("width", element.width + 14);
    drawn.frame.setAttribute("height", element.height + 14);
  }

  // What was made once stays, hidden, for the next time.
  function things(drawn, kept, wanted, build, fill) {
    kept.forEach(function (thing, id) {
      if (thing && !wanted.has(id) && !thing.hidden) { thing.node.setAttribute("display", "none"); thing.hidden = true; }
    });
    wanted.forEach(function (value, id) {
      if (!kept.has(id)) {
        const node = build(drawn, id);
        kept.set(id, node ? { node: node, hidden: false, told: null } : null);
      }
      const thing = kept.get(id);
      if (!thing) { return; }
      if (thing.hidden) { thing.node.removeAttribute("display"); thing.hidden = false; }
      const told = JSON.stringify(value);
      if (thing.told !== told) { fill(thing.node, value); thing.told = told; }
    });
  }

  function fillToken(node, count) { node.lastChild.textContent = count > 1 ? String(count) : ""; }

  function fillNote(node, value) {
    node.textContent = short(value.text);
    node.setAttribute("class", "replay-note is-" + value.tone);
  }

  // A folded sub-process has a plane of its own: the one with the step is shown, and only what stands on it.
  function onPlane(drawn, picture) {
    if (drawn.canvas.getRootElements().length < 2) { return picture; }
    const wanted = drawn.registry.get(picture.now) && drawn.canvas.findRoot(picture.now);
    if (wanted && wanted !== drawn.canvas.getRootElement()) { drawn.canvas.setRootElement(wanted); }
    const here = drawn.canvas.getRootElement();
    const seen = function (entry) { return drawn.registry.get(entry[0]) && drawn.canvas.findRoot(entry[0]) === here; };
    return {
      marks: picture.marks, now: picture.now,
      tokens: new Map(Array.from(picture.tokens).filter(seen)), notes: new Map(Array.from(picture.notes).filter(seen))
    };
  }

  function paint(drawn, whole) {
    const picture = onPlane(drawn, whole);
    marks(drawn, picture.marks);
    frame(drawn, picture.now);
    things(drawn, drawn.tokens, picture.tokens, token, fillToken);
    things(drawn, drawn.notes, picture.notes, note, fillNote);
    drawn.words.setAttribute("display", drawn.canvas.zoom() < READABLE ? "none" : "inline");
  }

  // Is this element where it can be seen?
  function seen(drawn, id) {
    const element = drawn.registry.get(id);
    if (!element) { return true; }
    const points = element.waypoints || [
      { x: element.x, y: element.y }, { x: element.x + element.width, y: element.y + element.height }
    ];
    const box = drawn.canvas.viewbox();
    return points.every(function (point) {
      return point.x >= box.x && point.x <= box.x + box.width && point.y >= box.y && point.y <= box.y + box.height;
    });
  }

  function open(box, xml, label) {
    const viewer = new window.BpmnJS({ container: box, zoomScroll: { enabled: false } });
    return viewer.importXML(xml).then(function () {
      const canvas = viewer.get("canvas");
      const layer = canvas.getLayer("replay", 100);
      const drawn = {
        viewer: viewer, box: box, canvas: canvas, registry: viewer.get("elementRegistry"), marks: new Map(),
        tokens: new Map(), notes: new Map(),
        frame: make("rect", "replay-now", layer), words: make("g", "replay-notes", layer), layer: make("g", "replay-tokens", layer), moving: make("g", "replay-moving", layer)
      };
      window.alurDiagram.label(box, { dataset: label });
      window.alurTouch(box, canvas);
      viewer.get("eventBus").on("canvas.viewbox.changed", function () {
        drawn.words.setAttribute("display", canvas.zoom() < READABLE ? "none" : "inline");
      });
      return drawn;
    });
  }

  window.alurReplayDrawing = { open: open, paint: paint, seen: seen };
}());
