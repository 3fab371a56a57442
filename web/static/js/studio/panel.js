// The properties of the chosen element as a form: shows what the model holds, writes back what is typed, each change one
// step for undo. The parts with a life of their own stand in panel-*.js; what can be chosen comes from the server.
(function () {
  "use strict";

  const form = document.querySelector("[data-panel]");
  const editor = window.alurEditor;
  if (!form || !editor) { return; }
  const settings = JSON.parse(form.dataset.panel), words = settings.words;
  const modeler = editor.modeler, model = window.alurPanelModel(modeler);
  const title = form.querySelector("[data-panel-title]"), kind = form.querySelector("[data-panel-kind]"), said = form.querySelector("[data-panel-said]");
  const THROWS = ["bpmn:SendTask", "bpmn:EndEvent", "bpmn:IntermediateThrowEvent"];
  const ID = /^[A-Za-z_][\w.-]{0,79}$/;

  let vocabulary = { lanes: [], roles: [], forms: [], decisions: [], mails: [], letters: [], handlers: [], processes: [], tasks: [], messages: [], functions: [], zone: {} };
  let names = [], parts = null, refreshing = null;
  const expressions = new Map();

  function token() { return JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRF-Token"] || ""; }
  function json(answer) {
    if (!answer.ok) { throw new Error("status " + answer.status); }
    return answer.json();
  }
  function exists(element) { return Boolean(element) && modeler.get("elementRegistry").get(element.id) === element; }

  const panel = window.alurPanel = {
    form: form, words: words, settings: settings, modeler: modeler, model: model, editor: editor, editable: editor.editable, element: null,
    vocabulary: function () { return vocabulary; },
    names: function () { return names; },
    functions: function () { return vocabulary.functions; },
    expression: function (area) { return expressions.get(area); },
    said: function (text) { said.textContent = text; },
    kindOf: function (wanted) { return wanted === "timer" ? model.timerKind(panel.element.businessObject) || "timeDuration" : wanted; },
    roleOf: function (element) {
      const lane = (element.businessObject.lanes || [])[0];
      const meant = lane && vocabulary.lanes.find(function (l) { return l.name === (lane.name || "").trim(); });
      return (meant && meant.role) || "starter";
    },
    check: function (items) {
      const asked = { diagram: editor.path, unsur: panel.element ? panel.element.id : "", opened: panel.trial.opened(), zone: panel.trial.zone(), items: items };
      return fetch(settings.check, {
        method: "POST", credentials: "same-origin", body: JSON.stringify(asked),
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": token() }
      }).then(json).then(function (told) { return told.results; });
    }
  };
  panel.trial = window.alurPanelTrial(panel, function () { if (!form.querySelector("[data-due]").hidden) { parts.due.refresh(); } });

  // which parts are shown ---------------------------------------------------------------------------------------------

  function kinds(element) {
    const bo = element.businessObject, found = new Set(["any"]);
    const add = function (when, name) { if (when) { found.add(name); } };
    const is = function (type) { return model.is(bo, "bpmn:" + type); };
    const event = (model.definition(bo) || {}).$type || "";
    add(bo.$descriptor.propertiesByName.name && !is("TextAnnotation"), "named");
    add(is("TextAnnotation"), "annotation");
    add(is("Lane"), "lane");
    add(is("FlowNode"), "node");
    add(is("UserTask") || is("ManualTask"), "human");
    add(is("UserTask"), "user");
    add(is("ServiceTask"), "service");
    add(is("ScriptTask"), "script");
    add(is("BusinessRuleTask"), "rule");
    add(is("CallActivity"), "call");
    add(is("Activity"), "activity");
    add(is("Activity") && !is("ScriptTask"), "activity-scripts");
    add(event === "bpmn:TimerEventDefinition", "timer");
    add(model.timerKind(bo), "timer-set");
    add(event === "bpmn:ConditionalEventDefinition", "conditional");
    add(is("BoundaryEvent") && ["bpmn:ErrorEventDefinition", "bpmn:CancelEventDefinition"].indexOf(event) < 0, "boundary");
    add(is("StartEvent") && bo.$parent && bo.$parent.triggeredByEvent, "event-start");
    refersTo(bo, add);
    add(model.loopKind(bo) === "loop", "loop");
    add(model.loopKind(bo) && model.loopKind(bo) !== "loop", "multi");
    const choosing = element.waypoints ? is("SequenceFlow") && parts.ways.chooses(element.source) && element.source.outgoing.length > 1 : parts.ways.chooses(element) && element.outgoing.length > 1;
    add(choosing, element.waypoints ? "flow-choice" : "gateway-choice");
    add(choosing && element.waypoints && !parts.ways.isDefault(element), "flow-conditional");
    add(found.has("human") || found.has("timer-set"), "trial");
    return found;
  }

  function refersTo(bo, add) {
    const reference = model.reference(bo);
    if (!reference) { return; }
    const name = reference[1].slice("bpmn:".length).toLowerCase();
    add(true, "referring");
    add(true, name);
    add(name !== "message", "payload");
    add(name === "message", THROWS.some(function (t) { return model.is(bo, t); }) ? "message-throw" : "message-catch");
  }

  function visible(found) {
    form.querySelectorAll("[data-for]").forEach(function (box) {
      if (box.dataset.for === "assign-own") { return; }
      box.hidden = !box.dataset.for.split(" ").some(function (k) { return found.has(k); });
    });
  }

  // filling and writing -----------------------------------------------------------------------------------------------

  function choose(field, value) {
    const list = vocabulary[field.dataset.options];
    if (list) {
      const first = field.querySelector('option[value=""]');
      field.replaceChildren.apply(field, [first].concat(list.map(function (o) { return new Option(o.name === o.id ? o.id : o.name + " (" + o.id + ")", o.id); })));
    }
    if (value && !Array.from(field.options).some(function (o) { return o.value === value; }) && field.id !== "p-assign") {
      field.append(new Option(words.unknown.replace("{name}", value), value));
    }
    field.value = value;
  }

  function fill(all) {
    form.querySelectorAll("[data-bind]").forEach(function (field) {
      if (field.id === "p-assign" || field.closest("[hidden]") || (!all && field === document.activeElement)) { return; }
      const value = model.get(panel.element, field.dataset.bind);
      if (field.type === "checkbox") { field.checked = value !== field.dataset.off; return; }
      const same = field.value === value;
      if (field.tagName === "SELECT") { choose(field, value); } else if (!same) { field.value = value; }
      const expression = expressions.get(field);
      if (expression && (all || !same)) { if (value) { expression.shown(); } else { expression.clear(); } }
    });
    const bo = panel.element.businessObject, called = vocabulary.processes.find(function (p) { return p.id === bo.calledElement; });
    lead("[data-open-form]", model.is(bo, "bpmn:UserTask") && model.get(panel.element, "prop:form"), settings.form);
    const decision = vocabulary.decisions.find(function (d) { return d.id === model.get(panel.element, "text:calledDecisionId"); });
    lead("[data-open-decision]", decision && decision.file, settings.decision);
    lead("[data-open-called]", called && called.file !== editor.path && called.file, settings.diagram);
  }

  function lead(place, name, address) {
    const target = form.querySelector(place);
    target.hidden = !name;
    if (name) { target.querySelector("a").href = address + name.split("/").map(encodeURIComponent).join("/"); }
  }

  function setId(value) {
    const old = panel.element.id, ids = modeler.get("moddle").ids, fault = form.querySelector("[data-id-fault]");
    fault.hidden = true;
    if (value === old) { return; }
    if (!ID.test(value) || ids.assigned(value)) {
      fault.textContent = words.id_taken;
      fault.hidden = false;
      return;
    }
    // Four-eyes rules name the task by its id: they follow.
    const rule = new RegExp("(^|,\\s*)completer:" + old.replace(/[.-]/g, "\\$&") + "(?=\\s*(,|$))", "g");
    model.together(function () {
      modeler.get("modeling").updateProperties(panel.element, { id: value });
      modeler.get("elementRegistry").filter(function (e) { return e.businessObject && model.is(e.businessObject, "bpmn:FlowNode") && !e.labelTarget; }).forEach(function (e) {
        const had = model.get(e, "prop:exclude");
        if (rule.test(had)) { model.set(e, "prop:exclude", had.replace(rule, "$1completer:" + value)); }
      });
    });
  }

  function write(field) {
    if (!panel.editable || !exists(panel.element)) { return; }
    const bind = field.dataset.bind;
    if (bind === "attr:id") { setId(field.value.trim()); return; }
    if (field.type === "checkbox") {
      modeler.get("modeling").updateProperties(panel.element, { [bind.slice(5)]: field.checked });
      return;
    }
    const value = field.tagName === "TEXTAREA" && field.closest('[data-expression="script"]') ? field.value.replace(/\s+$/, "") : field.value.trim();
    model.set(panel.element, bind, value);
  }

  // What was typed and not left yet belongs to the element it was typed for.
  function commit() {
    const field = document.activeElement;
    if (field && form.contains(field) && field.dataset.bind && field.id !== "p-assign" && field.tagName !== "SELECT" && field.type !== "checkbox") { write(field); }
  }

  // showing an element ------------------------------------------------------------------------------------------------

  function show(element, all) {
    panel.element = element;
    const none = !element || model.is(element.businessObject, "bpmn:Collaboration");
    form.querySelector("[data-panel-body]").hidden = none;
    title.textContent = none ? words.title : element.businessObject.name || window.alurCalled(element, editor.words.types);
    kind.textContent = none ? words.nothing : kindOf(element.businessObject);
    if (none) { document.dispatchEvent(new CustomEvent("alur:shown", { detail: "" })); return; }
    const found = kinds(element);
    visible(found);
    references(found);
    fill(all);
    if (found.has("human")) { parts.people.show(); parts.due.show(); }
    if (found.has("lane")) { parts.people.lane(); }
    if (found.has("service")) { parts.service.show(); }
    if (found.has("flow-choice") || found.has("gateway-choice")) { parts.ways.show(); }
    document.dispatchEvent(new CustomEvent("alur:shown", { detail: element.id }));
  }

  function kindOf(bo) {
    const types = editor.words.types, event = model.definition(bo);
    return (event && types[bo.$type + " " + event.$type]) || types[bo.$type] || bo.$type.replace("bpmn:", "");
  }

  function references(found) {
    const heading = form.querySelector("#p-message-title"), titles = JSON.parse(heading.dataset.titles);
    const type = Object.keys(titles).find(function (t) { return found.has(t); });
    if (!type) { return; }
    heading.textContent = titles[type];
    const own = model.roots("bpmn:" + type.charAt(0).toUpperCase() + type.slice(1)).map(function (r) { return r.name; });
    const host = type === "error" && panel.element.host, handler = host && vocabulary.handlers.find(function (h) { return h.id === model.get(host, "op:id"); });
    options("codes", handler ? handler.errors : []);
    options("references", own.concat(type === "message" ? vocabulary.messages : []));
  }

  function options(id, values) {
    const list = document.getElementById("p-" + id);
    list.replaceChildren.apply(list, Array.from(new Set(values.filter(Boolean))).map(function (v) { return new Option(v, v); }));
  }

  function lists() {
    const of = function (types) { return names.filter(function (n) { return types.indexOf(n.type) >= 0 && n.when !== "later"; }).map(function (n) { return n.name; }); };
    const parameters = function (type) { return names.filter(function (n) { return n.name.indexOf("parameters.") === 0 && n.type === type; }).map(function (n) { return n.name; }); };
    options("amounts", ["1", "3", "5"].concat(parameters("number")));
    options("hours", ["16:00", "23:59"].concat(parameters("text")));
    options("dates", ["now()", "today()", "case.started_at"].concat(of(["date", "datetime"])));
    options("lists", of(["list", "choices"]));
    options("roles", ["starter", "participant"].concat(vocabulary.roles.map(function (r) { return r.id; })));
  }

  function chosen() {
    const all = modeler.get("selection").get();
    if (all.length > 1) { return null; }
    return all.length ? all[0].labelTarget || all[0] : modeler.get("canvas").getRootElement();
  }

  function turnTo() {
    const element = chosen();
    if (element === panel.element) { return; }
    if (exists(panel.element)) { commit(); }
    panel.trial.forget();
    names = names.filter(function (n) { return n.name.indexOf("parameters.") === 0; });
    if (parts.service) { parts.service.forget(); parts.ways.forget(); }
    show(element, true);
    ask();
  }

  // The names that are there depend on the element, and on what was saved meanwhile.
  function ask() {
    const element = panel.element;
    if (!element) { return Promise.resolve(); }
    return fetch(settings.vocabulary + "?diagram=" + encodeURIComponent(editor.path) + "&unsur=" + encodeURIComponent(element.id), { credentials: "same-origin", headers: { Accept: "application/json" } })
      .then(json).then(function (told) { if (panel.element === element) { names = told.names; lists(); } }).catch(function () { /* suggestions are missing, nothing else */ });
  }

  function learn() {
    return fetch(settings.vocabulary + "?diagram=" + encodeURIComponent(editor.path), { credentials: "same-origin", headers: { Accept: "application/json" } })
      .then(json).then(function (told) {
        vocabulary = told;
        form.querySelector("[data-zone]").textContent = told.zone.id ? words.zone.replace("{name}", told.zone.name) : words.zone_each;
      });
  }

  // A reference to data is no reference to an element: the text itself is what counts.
  modeler.on("import.done", function (event) {
    (event.warnings || []).forEach(function (w) {
      const at = w.element, name = w.property && w.property.split(":").pop();
      if (at && (name === "loopDataInputRef" || name === "loopDataOutputRef") && !at[name]) { at.set(w.property, modeler.get("moddle").create("bpmn:DataInput", { id: w.value })); }
    });
  });

  function start() {
    parts = { people: window.alurPanelPeople(panel), due: window.alurPanelDue(panel), service: window.alurPanelService(panel), ways: window.alurPanelWays(panel) };
    form.querySelectorAll("[data-expression] textarea").forEach(function (area) { expressions.set(area, window.alurExpression(area, panel)); });
    form.querySelector("#p-timer").addEventListener("alur:checked", function (event) { panel.trial.preview("timer", event.detail, event.target.value); });
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    form.addEventListener("change", function (event) {
      if (event.target.dataset.bind && !(event.target.id === "p-assign" && event.target.value === "*")) { write(event.target); }
    });
    panel.trial.in(vocabulary.zone.id || "Asia/Jakarta");
    modeler.on("selection.changed", turnTo);
    modeler.on("root.set", turnTo);
    modeler.on("import.done", function () { panel.element = null; turnTo(); });
    modeler.on("commandStack.changed", function () {
      window.clearTimeout(refreshing);
      refreshing = window.setTimeout(function () { if (exists(panel.element)) { show(panel.element, false); } else { turnTo(); } }, 0);
    });
    document.addEventListener("visibilitychange", function () {
      if (document.visibilityState === "hidden") { commit(); editor.flush().catch(function () { /* said by the draft */ }); }
    });
    document.addEventListener("alur:findings", function () { learn().then(ask).then(function () { if (exists(panel.element)) { show(panel.element, false); } }).catch(function () { /* as it was */ }); });
    // Without fields to go to, the keyboard scrolls the panel itself.
    if (!editor.editable) { form.parentElement.tabIndex = 0; }
    turnTo();
    const wanted = new URLSearchParams(window.location.search).get("unsur");
    if (wanted) { editor.select(wanted); }
    form.dataset.ready = "true";
  }

  Promise.all([editor.whenReady, learn()]).then(start).catch(function () { form.querySelector("[data-panel-body]").hidden = true; });
}());
