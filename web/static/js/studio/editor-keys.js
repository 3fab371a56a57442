// The editor by keyboard: going from element to element, joining, moving to a lane, and everything the mouse's
// context pad offers, as a list. Keys of bpmn-js itself (undo, copy, delete, E, R, A, N, arrows) stay as they are.
(function () {
  "use strict";

  function is(element, type) { return Boolean(element.businessObject) && element.businessObject.$instanceOf(type); }

  function start(editor) {
    const modeler = editor.modeler, words = editor.words.say, types = editor.words.types;
    const selection = modeler.get("selection"), registry = modeler.get("elementRegistry"), canvas = modeler.get("canvas");
    // A draft that is only read has none of these.
    const modeling = modeler.get("modeling", false), rules = modeler.get("rules", false), actions = modeler.get("editorActions", false);
    const called = function (element) { return window.alurCalled(element, types); };

    function only() {
      const chosen = selection.get();
      if (chosen.length !== 1) { editor.announce(words.choose_first); return null; }
      return chosen[0].labelTarget || chosen[0];
    }

    function step(by) {
      const all = window.alurOrder(modeler);
      if (!all.length) { return; }
      const at = all.indexOf((selection.get()[0] || {}).labelTarget || selection.get()[0]);
      editor.select(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length].id);
    }

    // From an element to the flows that leave it, one after the other; from a flow to the next of the same element.
    function along() {
      const here = only();
      if (!here) { return; }
      const flows = here.waypoints ? here.source.outgoing : here.outgoing;
      if (!flows.length) { editor.announce(words.no_flows); return; }
      editor.select(flows[(flows.indexOf(here) + 1) % flows.length].id);
    }

    // Into a sub-process that is drawn on a page of its own, and out of it again.
    function inside() {
      const here = selection.get()[0], root = canvas.getRootElement();
      const plane = here && canvas.getRootElements().find(function (r) { return r.id === here.id + "_plane"; });
      if (plane) {
        canvas.setRootElement(plane);
        editor.fit();
        step(1);
      } else if (/_plane$/.test(root.id)) {
        editor.select(root.id.slice(0, -"_plane".length));
      } else {
        editor.announce(words.not_here);
      }
    }

    function connect() {
      const here = only();
      if (!here) { return; }
      const targets = window.alurOrder(modeler).filter(function (other) {
        return other !== here && !other.waypoints && rules.allowed("connection.create", { source: here, target: other });
      });
      if (!targets.length) { editor.announce(words.no_targets); return; }
      ask(words.connect_to.replace("{name}", called(here)), targets.map(function (t) { return { label: called(t), value: t }; }))
        .then(function (target) {
          if (!target) { return; }
          const kind = rules.allowed("connection.create", { source: here, target: target });
          const made = modeling.connect(here, target, kind === true ? undefined : kind);
          editor.select(made.id);
        });
    }

    function lanesAround(element) {
      let pool = element;
      while (pool && !is(pool, "bpmn:Participant")) { pool = pool.parent; }
      return registry.filter(function (e) {
        const inside = function (o) { return o === pool || (o && inside(o.parent)); };
        return is(e, "bpmn:Lane") && !(e.children || []).some(function (c) { return is(c, "bpmn:Lane"); }) && inside(e.parent);
      });
    }

    function toLane() {
      const here = only();
      if (!here || here.waypoints) { return; }
      const lanes = lanesAround(here);
      if (!lanes.length) { editor.announce(words.no_lanes); return; }
      ask(words.move_to_lane.replace("{name}", called(here)), lanes.map(function (l) { return { label: called(l), value: l }; }))
        .then(function (lane) {
          if (!lane) { return; }
          moveToLane(here, lane);
          canvas.focus();
        });
    }

    function moveToLane(here, lane) {
      const dy = Math.round(lane.y + lane.height / 2 - here.y - here.height / 2);
      modeling.moveElements([here], { x: 0, y: clear(here, lane, dy) });
      editor.announce(words.moved_to_lane.replace("{name}", called(lane)));
    }

    // The middle of the lane, or beside what stands there already.
    function clear(here, lane, dy) {
      const others = here.parent.children.filter(function (o) { return o !== here && !o.waypoints && !o.labelTarget && is(o, "bpmn:FlowNode"); });
      const fits = function (y) {
        const top = here.y + y;
        return top > lane.y && top + here.height < lane.y + lane.height && !others.some(function (o) {
          return o.x < here.x + here.width && here.x < o.x + o.width && o.y < top + here.height && top < o.y + o.height;
        });
      };
      for (let away = 0; away < lane.height / 2; away += 10) {
        if (fits(dy + away)) { return dy + away; }
        if (fits(dy - away)) { return dy - away; }
      }
      return dy;
    }

    function flowFor(element) {
      if (element.waypoints) { return is(element, "bpmn:SequenceFlow") ? element : null; }
      const flows = element.outgoing.filter(function (f) { return is(f, "bpmn:SequenceFlow"); });
      return flows.length === 1 ? flows[0] : null;
    }

    // Into the only flow that leaves the element, or into the flow itself.
    function insert() {
      const here = only();
      const flow = here && flowFor(here);
      if (!here) { return; }
      if (!flow) { editor.announce(here.waypoints ? words.not_here : words.choose_flow); return; }
      modeler.get("alurPlace").into(flow);
      popup(canvas.getRootElement(), "bpmn-create", words.insert_into);
    }

    function append() {
      const here = only();
      if (here) { popup(here, "bpmn-append", words.append_after.replace("{name}", called(here))); }
    }

    function create() { popup(canvas.getRootElement(), "bpmn-create", words.create); }

    function replace() {
      const here = only();
      if (here) { popup(here, "bpmn-replace", words.replace.replace("{name}", called(here))); }
    }

    function popup(element, provider, title) {
      canvas.getContainer().scrollIntoView({ block: "nearest", behavior: "instant" });
      const box = canvas.getContainer().getBoundingClientRect();
      const menu = modeler.get("popupMenu");
      if (menu.isEmpty(element, provider)) { editor.announce(words.not_here); return; }
      menu.open(element, provider, { x: box.left + Math.min(120, box.width / 8), y: Math.max(box.top, 0) + 20 }, { title: title, width: 300, search: true });
    }

    function ask(question, options) {
      return window.alurChoose(question, options).then(function (value) {
        if (!value) { canvas.focus(); }
        return value;
      });
    }

    // What the mouse has around the element, with what only this file knows.
    function offered(here) {
      const pad = modeler.get("contextPad").getEntries(here);
      const mine = [
        { label: words.act_insert, more: "I", run: insert, when: flowFor(here) },
        { label: words.act_append, more: "A", run: append, when: !here.waypoints && is(here, "bpmn:FlowNode") },
        { label: words.act_connect, more: "C", run: connect, when: !here.waypoints },
        { label: words.act_lane, more: "M", run: toLane, when: is(here, "bpmn:FlowNode") && lanesAround(here).length },
        { label: words.act_replace, more: "R", run: replace, when: !modeler.get("popupMenu").isEmpty(here, "bpmn-replace") },
        { label: words.act_after, run: function () { selectAfter(here); }, when: is(here, "bpmn:FlowNode") }
      ].filter(function (a) { return a.when; });
      const theirs = Object.keys(pad).filter(function (id) { return ["connect", "replace", "append"].indexOf(id) < 0 && pad[id].title; })
        .map(function (id) {
          return { label: pad[id].title, more: id === "delete" ? "Delete" : "", run: function (event) {
            const act = pad[id].action;
            (act.click || act)(event, here, true);
          } };
        });
      return mine.concat(theirs);
    }

    function act() {
      const chosen = selection.get();
      if (chosen.length > 1) { many(); return; }
      const here = only();
      if (!here) { return; }
      ask(words.acts.replace("{name}", called(here)), offered(here).map(function (a) { return { label: a.label, more: a.more, value: a }; }))
        .then(function (chosenAct) { if (chosenAct) { canvas.focus(); chosenAct.run(new KeyboardEvent("keydown")); } });
    }

    function many() {
      const options = ["left", "center", "right", "top", "middle", "bottom"].map(function (side) {
        return { label: words["align_" + side], value: function () { actions.trigger("alignElements", { type: side }); } };
      }).concat(["horizontal", "vertical"].map(function (way) {
        return { label: words["distribute_" + way], value: function () { actions.trigger("distributeElements", { type: way }); } };
      }), [{ label: words.remove, more: "Delete", value: function () { actions.trigger("removeSelection"); } }]);
      ask(words.acts_many, options).then(function (run) { if (run) { run(); canvas.focus(); } });
    }

    // Everything to the right of an element, to be moved together.
    function selectAfter(here) {
      const found = here.parent.children.filter(function (o) { return !o.waypoints && !is(o, "bpmn:Lane") && o.x >= here.x; });
      selection.select(found);
      editor.announce(words.selected.replace("{count}", String(found.length)));
    }

    function resize(event) {
      const by = { ArrowRight: [20, 0], ArrowLeft: [-20, 0], ArrowDown: [0, 20], ArrowUp: [0, -20] }[event.key];
      const here = by && event.altKey && event.shiftKey ? only() : null;
      if (!here) { return false; }
      if (here.waypoints || !rules.allowed("shape.resize", { shape: here })) { editor.announce(words.not_here); return true; }
      const box = { x: here.x, y: here.y, width: Math.max(40, here.width + by[0]), height: Math.max(40, here.height + by[1]) };
      if (is(here, "bpmn:Lane")) { modeling.resizeLane(here, box); } else { modeling.resizeShape(here, box); }
      return true;
    }

    const keys = {
      j: function () { step(1); }, k: function () { step(-1); }, f: along, o: inside, c: connect, m: toLane, i: insert, a: append, n: create, r: replace,
      t: act, ContextMenu: act, "?": editor.help, "0": function () { editor.fit(); }, "+": function () { editor.zoom(1.25); }, "-": function () { editor.zoom(0.8); }
    };
    const NEEDS_EDIT = ["c", "m", "i", "a", "n", "r", "t", "ContextMenu"];

    modeler.get("keyboard").addListener(2000, function (context) {
      const event = context.keyEvent;
      if (event.key === "F10" && event.shiftKey && editor.editable) { act(); return true; }
      if (editor.editable && resize(event)) { return true; }
      if (event.ctrlKey || event.metaKey || event.altKey) { return undefined; }
      if (event.key === "Enter") { return editor.toPanel(); }
      if (event.key === "Escape" && selection.get().length) { selection.select(null); return true; }
      const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      if (!keys[name] || (!editor.editable && NEEDS_EDIT.indexOf(name) >= 0)) { return undefined; }
      keys[name]();
      return true;
    });

    modeler.on("popupMenu.close", function () { window.setTimeout(function () { modeler.get("alurPlace").forget(); }, 0); });

    return { connect: connect, insert: insert, append: append, create: create, act: act, moveToLane: moveToLane };
  }

  window.alurEditorKeys = start;
}());
