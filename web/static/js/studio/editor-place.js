// Adding without a mouse, by keyboard or finger: what a menu or the palette offers is put in its place at once.
(function () {
  "use strict";

  const GAP = 50;

  let mouseless = false;
  document.addEventListener("keydown", function () { mouseless = true; }, true);
  document.addEventListener("pointerdown", function (event) { mouseless = event.pointerType !== "mouse"; }, true);

  function is(element, type) { return Boolean(element.businessObject) && element.businessObject.$instanceOf(type); }

  function overlaps(a, b) {
    return a.x < b.x + b.width + 10 && b.x < a.x + a.width + 10 && a.y < b.y + b.height + 10 && b.y < a.y + a.height + 10;
  }

  function Place(canvas, create, modeling, selection, directEditing, elementRegistry, rules, spaceTool, eventBus, elementFactory) {
    const own = create.start;
    let flow = null;

    // The innermost pool or opened sub-process around a point, else the page itself.
    function parentAt(point) {
      const root = canvas.getRootElement();
      return elementRegistry.filter(function (e) {
        const holds = is(e, "bpmn:Participant") || (is(e, "bpmn:SubProcess") && e.children.length > 0);
        return holds && point.x > e.x && point.x < e.x + e.width && point.y > e.y && point.y < e.y + e.height && canvas.findRoot(e) === root;
      }).sort(function (a, b) { return a.width * a.height - b.width * b.height; })[0] || anyPool(root);
    }

    function anyPool(root) {
      return is(root, "bpmn:Collaboration") ? root.children.find(function (c) { return is(c, "bpmn:Participant"); }) || root : root;
    }

    function middle(parent) {
      const box = canvas.viewbox();
      const point = { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) };
      if (!parent || parent.width === undefined) { return point; }
      return {
        x: Math.min(Math.max(point.x, parent.x + 120), parent.x + parent.width - 80),
        y: Math.min(Math.max(point.y, parent.y + 60), parent.y + parent.height - 60)
      };
    }

    function laneAt(point) {
      return elementRegistry.filter(function (e) {
        return is(e, "bpmn:Lane") && !e.children.some(function (c) { return is(c, "bpmn:Lane"); }) &&
          point.x > e.x && point.x < e.x + e.width && point.y > e.y && point.y < e.y + e.height;
      })[0];
    }

    // Within one lane, to the right of the wished place until nothing lies under it; without lanes, down from it.
    function free(shape, parent, wished) {
      const point = { x: wished.x, y: wished.y }, lane = is(shape, "bpmn:Participant") ? null : laneAt(wished);
      if (lane) {
        point.y = Math.max(lane.y + shape.height / 2 + 10, Math.min(point.y, lane.y + lane.height - shape.height / 2 - 10));
      }
      const others = (parent.children || []).filter(function (c) { return !c.waypoints && !c.labelTarget && !is(c, "bpmn:Lane"); });
      for (let tries = 0; tries < 40; tries += 1) {
        const box = { x: point.x - shape.width / 2, y: point.y - shape.height / 2, width: shape.width, height: shape.height };
        const under = others.find(function (o) { return overlaps(box, o); });
        if (!under) { return point; }
        if (lane) { point.x = under.x + under.width + shape.width / 2 + 30; } else { point.y = under.y + under.height + shape.height / 2 + 20; }
      }
      return wished;
    }

    function finish(shape) {
      selection.select(shape);
      canvas.scrollToElement(shape, { top: 60, bottom: 60, left: 120, right: 60 });
      canvas.focus();
      if (!is(shape, "bpmn:Participant")) { directEditing.activate(shape); }
    }

    function attached(shape, source) {
      const used = (source.attachers || []).length;
      return { x: source.x + source.width - 20 - (used * 45) % Math.max(1, source.width - 20), y: source.y + source.height };
    }

    function put(elements, context) {
      const shape = elements.find(function (e) { return !e.waypoints; });
      const source = context.source;
      if (source && is(shape, "bpmn:BoundaryEvent")) {
        return modeling.createElements(elements, attached(shape, source), source, { attach: true });
      }
      if (is(shape, "bpmn:Participant")) {
        const root = canvas.getRootElement();
        return modeling.createElements(elements, free(shape, root, middle(null)), root);
      }
      const parent = source ? source.parent : parentAt(middle(null));
      const point = free(shape, parent, source ? { x: source.x + source.width + GAP + shape.width / 2, y: source.y + source.height / 2 } : middle(parent));
      if (!rules.allowed(elements.length > 1 ? "elements.create" : "shape.create", { elements: elements, shape: shape, position: point, target: parent })) { return []; }
      return modeling.createElements(elements, point, parent, context.hints || {});
    }

    create.start = function (event, given, context) {
      if (!mouseless && !flow) { return own.call(create, event, given, context); }
      const elements = Array.isArray(given) ? given : [given];
      const onto = flow;
      flow = null;
      if (onto && elements.length === 1) {
        finish(modeling.createShape(elements[0], middleOf(onto), onto));
        return undefined;
      }
      const made = put(elements, context || {});
      const first = made.find(function (e) { return !e.waypoints; });
      if (first) { finish(first); }
      return undefined;
    };

    // The widest level stretch of a flow; a flow without one takes its longest.
    function stretch(waypoints) {
      const all = waypoints.slice(1).map(function (b, i) {
        const a = waypoints[i];
        return { a: a, b: b, level: Math.abs(a.y - b.y) < 2, length: Math.abs(a.x - b.x) + Math.abs(a.y - b.y) };
      });
      const level = all.filter(function (s) { return s.level; });
      return (level.length ? level : all).sort(function (x, y) { return y.length - x.length; })[0];
    }

    function makeRoom(connection, shape) {
      const part = stretch(connection.waypoints);
      const missing = shape.width + 2 * GAP - part.length;
      if (!part.level || missing <= 0 || part.b.x < part.a.x) { return false; }
      const start = part.a.x + (part.b.x - part.a.x) / 2;
      const root = canvas.getRootElement();
      const all = elementRegistry.filter(function (e) { return e !== root && canvas.findRoot(e) === root; });
      const change = spaceTool.calculateAdjustments(all, "x", missing, start);
      spaceTool.makeSpace(change.movingShapes, change.resizingShapes, { x: missing, y: 0 }, "e", start);
      return true;
    }

    function middleOf(connection) {
      const part = stretch(connection.waypoints);
      return { x: Math.round((part.a.x + part.b.x) / 2), y: Math.round((part.a.y + part.b.y) / 2) };
    }

    // What is dropped on a flow finds room there, by mouse too; room and element are one step for undo.
    eventBus.on("commandStack.shape.create.preExecute", 3000, function (event) {
      const context = event.context;
      if (context.parent && context.parent.waypoints && is(context.parent, "bpmn:SequenceFlow") && makeRoom(context.parent, context.shape)) {
        context.position = middleOf(context.parent);
      }
    });

    // The next element that is made goes into this flow.
    this.into = function (connection) { flow = connection; };
    this.forget = function () { flow = null; };
    this.task = function (connection) {
      flow = connection;
      create.start(null, elementFactory.createShape({ type: "bpmn:UserTask" }));
    };
  }

  Place.$inject = ["canvas", "create", "modeling", "selection", "directEditing", "elementRegistry", "rules", "spaceTool", "eventBus", "elementFactory"];

  (window.alurEditorModules = window.alurEditorModules || []).push({ __init__: ["alurPlace"], alurPlace: ["type", Place] });
}());
