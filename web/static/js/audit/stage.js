// The stage: shows the diagram that an instant belongs to, its version and the called process inside, and marks it.
(function () {
  "use strict";

  function key(version, path) { return version + "/" + path; }

  function main(version) {
    return version.diagrams.find(function (diagram) { return diagram.main; }) || version.diagrams[0];
  }

  // Around an element: the call activities that open a drawing of their own, outermost first.
  function trailOf(version, event) {
    return (event.in || []).filter(function (step) { return (version.elements[step.element] || {}).opens; });
  }

  // What an instant is about: its step; of a migration, what is called differently now; else where a token stands.
  function about(version, state, event) {
    const renamed = Object.values(event.renamed || {}).find(function (id) { return version.elements[id]; });
    return event.element || renamed || (event.kind === "case:migrated" ? state.tokens.keys().next().value : null);
  }

  function pathOf(version, state, event) {
    const element = version.elements[about(version, state, event)];
    if (element && element.diagram) { return element.diagram; }
    const trail = trailOf(version, event);
    return trail.length ? version.elements[trail[trail.length - 1].element].opens : null;
  }

  // The classes of each element that the state has something to say about.
  function picture(model, state, event, ms) {
    const version = model.story.versions[state.version];
    const marks = new Map();
    const notes = new Map();
    const words = model.words;
    const late = new Set();
    model.deadlines(event.n).forEach(function (deadline) { if (deadline.due < ms) { late.add(deadline.element); } });
    state.flows.forEach(function (id) { marks.set(id, "flow-taken"); });
    state.done.forEach(function (done, id) {
      marks.set(id, done.cancelled ? "step-cancelled" : "step-done");
      const who = model.person(done.who);
      const times = done.times > 1 ? done.times + "×" : "";
      if (who || times) { notes.set(id, { text: [who, times].filter(Boolean).join(" · "), tone: "done" }); }
    });
    state.around.forEach(function (around) {
      around.forEach(function (step) { marks.set(step.element, "step-active"); });
    });
    state.tokens.forEach(function (count, id) {
      const isLate = late.has(id);
      marks.set(id, isLate ? "step-late" : "step-active");
      notes.set(id, { text: isLate ? words.late : words.active, tone: isLate ? "late" : "active" });
    });
    Object.values(event.renamed || {}).forEach(function (id) { marks.set(id, (marks.get(id) || "") + " replay-renamed"); });
    marks.forEach(function (classes, id) { marks.set(id, classes.trim()); });
    return { marks: marks, tokens: state.tokens, notes: notes, now: event.element };
  }

  function make(root, model, xmlOf) {
    const figure = root.querySelector("[data-replay-figure]");
    const box = figure.querySelector("[data-diagram-canvas]");
    const known = new Map();
    const shared = { figure: figure, canvas: null, registry: null };
    let shown = null; // {version, path, trail}
    let byHand = null;
    let now = null;
    let fresh = true;

    function say(name) {
      figure.querySelector("[data-diagram-tools]").hidden = name !== "";
      ["loading", "failed", "none"].forEach(function (one) {
        figure.querySelector("[data-stage-" + one + "]").hidden = one !== name;
      });
      box.classList.toggle("is-away", name === "failed" || name === "none");
    }

    function drawing(version, path) {
      const id = key(version, path);
      if (known.has(id)) { return known.get(id); }
      const holder = document.createElement("div");
      holder.className = "replay-drawing";
      box.appendChild(holder);
      const entry = { holder: holder, drawn: null, failed: false, id: id };
      known.set(id, entry);
      const diagram = model.story.versions[version].diagrams.find(function (one) { return one.path === path; });
      xmlOf(version, diagram).then(function (xml) {
        return window.alurReplayDrawing.open(holder, xml, {
          label: model.words.diagram.replace("{name}", diagram.name), describedby: figure.dataset.describedby
        });
      }).then(function (drawn) {
        entry.drawn = drawn;
        drawn.viewer.get("eventBus").on("element.click", function (click) { pressed(click.element); });
      }).catch(function () { entry.failed = true; }).then(function () { if (shown && key(shown.version, shown.path) === id) { draw(true); } });
      return entry;
    }

    function pressed(element) {
      const target = element.labelTarget || element;
      const known = model.story.versions[shown.version].elements[target.id] || {};
      if (known.opens) { enter(target.id); }
    }

    function draw(arrived) {
      const entry = drawing(shown.version, shown.path);
      known.forEach(function (other) { other.holder.hidden = other !== entry; });
      figure.dataset.ready = entry.drawn ? "true" : "false";
      if (entry.failed) { say("failed"); return; }
      if (!entry.drawn) { say("loading"); return; }
      say("");
      const drawn = entry.drawn;
      const turned = shared.canvas !== drawn.canvas;
      shared.canvas = drawn.canvas;
      shared.registry = drawn.registry;
      if (turned || arrived) { window.alurReplayMotion.clear(drawn); }
      if (!entry.fitted) {
        drawn.canvas.resized();
        window.alurDiagram.fit(shared, now.about || coming() || "");
        entry.fitted = true;
      }
      // Moved first, painted afterwards: moving has the browser lay out what was changed before.
      if (stage.follows && !byHand && now.about && !window.alurReplayDrawing.seen(drawn, now.about)) {
        window.alurDiagram.centre(shared, now.about);
      }
      window.alurReplayDrawing.paint(drawn, picture(model, now.state, now.event, now.ms));
    }

    // Where nothing stands yet: the step that comes next on this drawing.
    function coming() {
      const elements = model.story.versions[shown.version].elements;
      const next = model.events.slice(now.event.n).find(function (event) {
        return event.element && (elements[event.element] || {}).diagram === shown.path;
      });
      return next && next.element;
    }

    function current() {
      const entry = shown && known.get(key(shown.version, shown.path));
      return entry && entry.drawn ? entry.drawn : null;
    }

    // Where the reader goes by hand stays until the next step is looked at.
    function enter(id) {
      const version = model.story.versions[shown.version];
      byHand = { version: shown.version, path: version.elements[id].opens, trail: shown.trail.concat([{ element: id }]) };
      look(byHand);
    }

    function leave(depth) {
      const version = model.story.versions[shown.version];
      const trail = shown.trail.slice(0, depth);
      const path = trail.length ? version.elements[trail[trail.length - 1].element].opens : main(version).path;
      byHand = { version: shown.version, path: path, trail: trail };
      look(byHand);
    }

    function look(wanted) {
      shown = wanted;
      window.alurReplayTrail.fill(figure.querySelector("[data-trail]"), model, shown, main(model.story.versions[shown.version]), leave);
      draw(false);
    }

    // The drawing of this instant. Unless it follows, the stage stays where the reader went, within the version.
    function show(state, event, ms) {
      const stepped = !now || now.event !== event;
      const version = model.story.versions[state.version];
      const turned = shown && shown.version !== state.version;
      now = { state: state, event: event, ms: ms, about: about(version, state, event) };
      if (!version.diagrams.length) { shown = null; say("none"); return; }
      if (!shown || turned || (stepped && stage.follows)) {
        byHand = null;
        const path = pathOf(version, state, event);
        if (!path && shown && !turned) { draw(false); return; } // nothing that stands on a drawing: stay
        const trail = trailOf(version, event);
        shown = { version: state.version, path: path || main(version).path, trail: trail };
        if (path && !trail.length) { shown.trail = trailTo(path); }
        look(shown);
        return;
      }
      draw(false);
    }

    const stage = {
      follows: true, show: show, enter: enter, current: current,
      // From the panel to the drawing: whichever drawing an element stands in.
      point: function (id) {
        const element = model.story.versions[shown.version].elements[id];
        if (!element) { return; }
        if (element.diagram !== shown.path) { byHand = { version: shown.version, path: element.diagram, trail: trailTo(element.diagram) }; look(byHand); }
        if (current()) { window.alurDiagram.centre(shared, id); figure.scrollIntoView({ block: "nearest" }); }
      },
      follow: function (ids) {
        const drawn = current();
        if (!drawn || !stage.follows) { return; }
        const away = ids.find(function (id) { return !window.alurReplayDrawing.seen(drawn, id); });
        const flow = away && drawn.registry.get(away);
        if (flow && flow.target) { window.alurDiagram.centre(shared, flow.target.id); }
      }
    };

    // The way to a drawing by the first call that opens it, where no event tells which.
    function trailTo(path) {
      const elements = model.story.versions[shown.version].elements;
      const trail = [];
      const seen = new Set();
      let wanted = path;
      while (wanted && !seen.has(wanted) && wanted !== main(model.story.versions[shown.version]).path) {
        seen.add(wanted);
        const caller = Object.keys(elements).find(function (id) { return elements[id].opens === wanted; });
        if (!caller) { break; }
        trail.unshift({ element: caller });
        wanted = elements[caller].diagram;
      }
      return trail;
    }

    figure.classList.add("is-drawn");
    window.alurDiagram.tools(shared);
    window.alurDiagram.moved(shared, box);
    window.addEventListener("resize", function () {
      known.forEach(function (entry) { if (entry.drawn && entry.drawn.box.clientWidth) { entry.drawn.canvas.resized(); } });
    });
    return stage;
  }

  window.alurReplayStage = { make: make };
}());
