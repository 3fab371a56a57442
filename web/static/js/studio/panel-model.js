// Reads and writes what an element holds, under short names, each change one step for undo:
//
//   attr:name   prop:form   text:preScript   body:conditionExpression   op:id   param:to   doc
//   timer:kind  timer:value  def:messagePayload (of its event)   root:name (of the message, signal … it refers to)
//   loop:…      (multi-instance and loops)
//
//   const model = window.alurPanelModel(modeler); model.get(element, "prop:due"); model.set(element, "prop:due", "…");
(function () {
  "use strict";

  const REFERENCES = {
    "bpmn:MessageEventDefinition": ["messageRef", "bpmn:Message"], "bpmn:SignalEventDefinition": ["signalRef", "bpmn:Signal"],
    "bpmn:ErrorEventDefinition": ["errorRef", "bpmn:Error"], "bpmn:EscalationEventDefinition": ["escalationRef", "bpmn:Escalation"]
  };
  const TIMES = ["timeDate", "timeDuration", "timeCycle"];
  const HOLDERS = ["bpmn:SendTask", "bpmn:ReceiveTask"];

  function is(bo, type) { return Boolean(bo && bo.$instanceOf) && bo.$instanceOf(type); }
  function capital(name) { return name.charAt(0).toUpperCase() + name.slice(1); }

  window.alurPanelModel = function (modeler) {
    const factory = modeler.get("moddle"), modeling = modeler.get("modeling", false), stack = modeler.get("commandStack", false);

    // Several changes that belong together are undone together.
    function Together() { /* a command that only runs others */ }
    Together.prototype.preExecute = function (context) { context.run(); };
    if (stack) { stack.registerHandler("alur.together", Together); }
    function together(run) { stack.execute("alur.together", { run: run }); }

    function make(type, values, parent) {
      const made = factory.create(type, values);
      made.$parent = parent;
      return made;
    }

    function values(holder) { return holder && holder.extensionElements ? holder.extensionElements.get("values") || [] : []; }
    function extension(holder, type) { return values(holder).find(function (e) { return e.$type === type; }); }
    function update(element, holder, changes) { modeling.updateModdleProperties(element, holder, changes); }

    function addExtension(element, holder, type, attributes, fill) {
      const old = holder.extensionElements;
      const extensions = old || make("bpmn:ExtensionElements", { values: [] }, holder);
      const made = make(type, attributes, extensions);
      if (fill) { fill(made); }
      if (old) { update(element, old, { values: old.get("values").concat(made) }); return made; }
      extensions.values = [made];
      update(element, holder, { extensionElements: extensions });
      return made;
    }

    function removeExtension(element, holder, found) {
      const rest = values(holder).filter(function (e) { return e !== found; });
      if (rest.length) { update(element, holder.extensionElements, { values: rest }); } else { update(element, holder, { extensionElements: undefined }); }
    }

    // A text of its own: <spiffworkflow:preScript>…</spiffworkflow:preScript>
    function getText(holder, name) {
      const found = extension(holder, "spiffworkflow:" + capital(name));
      return found ? found.value || "" : "";
    }

    function setText(element, holder, name, value) {
      const type = "spiffworkflow:" + capital(name), found = extension(holder, type);
      if (found && value) { update(element, found, { value: value }); }
      if (found && !value) { removeExtension(element, holder, found); }
      if (!found && value) { addExtension(element, holder, type, { value: value }); }
    }

    function getProperty(bo, name) {
      const found = extension(bo, "spiffworkflow:Properties");
      const row = found && (found.get("properties") || []).find(function (p) { return p.name === name; });
      return row ? row.value || "" : "";
    }

    // The engine knows no empty property: without a value the row goes, and with the last row all of it.
    function setProperty(element, name, value) {
      const bo = element.businessObject, found = extension(bo, "spiffworkflow:Properties");
      const old = found ? found.get("properties") || [] : [];
      const row = old.find(function (p) { return p.name === name; });
      if (row && value) { update(element, row, { value: value }); return; }
      const rest = old.filter(function (p) { return p.name !== name; });
      if (!found && value) {
        addExtension(element, bo, "spiffworkflow:Properties", {}, function (made) { made.properties = [make("spiffworkflow:Property", { name: name, value: value }, made)]; });
      } else if (value) {
        update(element, found, { properties: rest.concat(make("spiffworkflow:Property", { name: name, value: value }, found)) });
      } else if (found && rest.length) {
        update(element, found, { properties: rest });
      } else if (found) {
        removeExtension(element, bo, found);
      }
    }

    // service tasks -----------------------------------------------------------------------------------------------------

    function operator(bo) { return extension(bo, "spiffworkflow:ServiceTaskOperator"); }
    function parameters(bo) {
      const list = operator(bo) && operator(bo).parameterList;
      return list ? list.get("parameters") || [] : [];
    }

    function withOperator(element) {
      return operator(element.businessObject) || addExtension(element, element.businessObject, "spiffworkflow:ServiceTaskOperator", {}, function (made) {
        made.parameterList = make("spiffworkflow:Parameters", { parameters: [] }, made);
      });
    }

    function setOperator(element, name, value) {
      together(function () { update(element, withOperator(element), { [name]: value || undefined }); });
    }

    // Another handler has other inputs: those of the same name stay.
    function setHandler(element, id, names) {
      together(function () {
        const op = withOperator(element);
        const list = op.parameterList;
        if (list) { update(element, list, { parameters: list.get("parameters").filter(function (p) { return names.indexOf(p.id) >= 0; }) }); }
        update(element, op, { id: id || undefined });
      });
    }

    function setParameter(element, id, value) {
      together(function () {
        const op = withOperator(element);
        if (!op.parameterList) { update(element, op, { parameterList: make("spiffworkflow:Parameters", { parameters: [] }, op) }); }
        const list = op.parameterList, old = list.get("parameters"), found = old.find(function (p) { return p.id === id; });
        if (found && value) { update(element, found, { value: value }); return; }
        const rest = old.filter(function (p) { return p.id !== id; });
        update(element, list, { parameters: value ? rest.concat(make("spiffworkflow:Parameter", { id: id, type: "any", value: value }, list)) : rest });
      });
    }

    // events ------------------------------------------------------------------------------------------------------------

    function definition(bo) { return (bo.get && bo.eventDefinitions && bo.eventDefinitions[0]) || null; }
    function holderOf(bo) { return HOLDERS.some(function (t) { return is(bo, t); }) ? bo : definition(bo); }
    function reference(bo) {
      if (HOLDERS.some(function (t) { return is(bo, t); })) { return ["messageRef", "bpmn:Message"]; }
      return REFERENCES[(definition(bo) || {}).$type] || null;
    }
    function referred(bo) {
      const names = reference(bo), holder = holderOf(bo);
      return names && holder ? holder.get(names[0]) || null : null;
    }
    function definitions() { return modeler.getDefinitions(); }
    function roots(type) { return definitions().get("rootElements").filter(function (e) { return e.$type === type; }); }

    function refer(element, target) { update(element, holderOf(element.businessObject), { [reference(element.businessObject)[0]]: target || undefined }); }

    // A message is known by its name: an existing one is taken, a new one is made beside the process.
    function referByName(element, name) {
      const names = reference(element.businessObject), type = names[1];
      if (!name) { refer(element, null); return; }
      const known = roots(type).find(function (e) { return e.name === name; });
      if (known) { refer(element, known); return; }
      together(function () {
        const made = make(type, { id: factory.ids.nextPrefixed(type.slice(5) + "_"), name: name }, definitions());
        if (type === "bpmn:Error") { made.errorCode = name; }
        if (type === "bpmn:Escalation") { made.escalationCode = name; }
        update(element, definitions(), { rootElements: definitions().get("rootElements").concat(made) });
        refer(element, made);
      });
    }

    function timerKind(bo) {
      const found = definition(bo);
      return (found && TIMES.find(function (t) { return found.get(t); })) || "";
    }
    function body(holder, name) { return (holder && holder.get(name) && holder.get(name).body) || ""; }
    function expression(holder, text) { return text ? make("bpmn:FormalExpression", { body: text }, holder) : undefined; }

    function setTimer(element, kind, text) {
      const found = definition(element.businessObject), changes = {};
      TIMES.forEach(function (t) { changes[t] = t === kind ? expression(found, text || '""') : undefined; });
      update(element, found, changes);
    }

    // repeating ---------------------------------------------------------------------------------------------------------

    function loop(bo) { return bo.get && is(bo, "bpmn:Activity") ? bo.loopCharacteristics || null : null; }
    function loopKind(bo) {
      const found = loop(bo);
      if (!found) { return ""; }
      return is(found, "bpmn:StandardLoopCharacteristics") ? "loop" : found.isSequential ? "sequential" : "parallel";
    }

    function setLoopKind(element, kind) {
      const bo = element.businessObject, old = loop(bo);
      if (!kind) { modeling.updateProperties(element, { loopCharacteristics: undefined }); return; }
      const multi = kind !== "loop";
      if (old && multi && is(old, "bpmn:MultiInstanceLoopCharacteristics")) { update(element, old, { isSequential: kind === "sequential" }); return; }
      const made = make(multi ? "bpmn:MultiInstanceLoopCharacteristics" : "bpmn:StandardLoopCharacteristics", multi ? { isSequential: kind === "sequential" } : {}, bo);
      modeling.updateProperties(element, { loopCharacteristics: made });
    }

    const LOOP = {
      items: { get: function (l) { return references(l.loopDataInputRef); }, set: function (l, v) { return { loopDataInputRef: reference2(v, l) }; } },
      item: { get: function (l) { return l.inputDataItem ? l.inputDataItem.id || "" : ""; }, set: function (l, v) { return { inputDataItem: v ? make("bpmn:DataInput", { id: v, name: v }, l) : undefined }; } },
      results: { get: function (l) { return references(l.loopDataOutputRef); }, set: function (l, v) { return { loopDataOutputRef: reference2(v, l) }; } },
      result: { get: function (l) { return l.outputDataItem ? l.outputDataItem.id || "" : ""; }, set: function (l, v) { return { outputDataItem: v ? make("bpmn:DataOutput", { id: v, name: v }, l) : undefined }; } },
      count: { get: function (l) { return body(l, "loopCardinality"); }, set: function (l, v) { return { loopCardinality: expression(l, v) }; } },
      until: { get: function (l) { return body(l, "completionCondition"); }, set: function (l, v) { return { completionCondition: expression(l, v) }; } },
      most: { get: function (l) { return l.loopMaximum === undefined ? "" : String(l.loopMaximum); }, set: function (l, v) { return { loopMaximum: v ? parseInt(v, 10) : undefined }; } },
      "while": { get: function (l) { return body(l, "loopCondition"); }, set: function (l, v) { return { loopCondition: expression(l, v) }; } }
    };
    // These name data of the case, not an element of the file: the text itself is the reference.
    function references(found) { return found ? found.id || "" : ""; }
    function reference2(name, parent) { return name ? make("bpmn:DataInput", { id: name }, parent) : undefined; }

    // all together ------------------------------------------------------------------------------------------------------

    const kinds = {
      attr: { get: function (bo, n) { const v = bo.get(n); return v === undefined || v === null ? "" : v; }, set: function (e, n, v) { modeling.updateProperties(e, { [n]: v === "" ? undefined : v }); } },
      prop: { get: getProperty, set: setProperty },
      text: { get: getText, set: function (e, n, v) { setText(e, e.businessObject, n, v); } },
      body: {
        get: function (bo, n) { return body(n === "condition" ? definition(bo) : bo, n); },
        set: function (e, n, v) {
          const bo = e.businessObject;
          if (n === "condition") { update(e, definition(bo), { condition: expression(definition(bo), v) }); return; }
          modeling.updateProperties(e, { [n]: expression(bo, v) });
        }
      },
      op: { get: function (bo, n) { return operator(bo) ? operator(bo).get(n) || "" : ""; }, set: setOperator },
      param: { get: function (bo, n) { const p = parameters(bo).find(function (x) { return x.id === n; }); return p ? p.value || "" : ""; }, set: setParameter },
      doc: {
        get: function (bo) { return bo.documentation && bo.documentation[0] ? bo.documentation[0].text || "" : ""; },
        set: function (e, n, v) { modeling.updateProperties(e, { documentation: v ? [make("bpmn:Documentation", { text: v }, e.businessObject)] : [] }); }
      },
      def: { get: function (bo, n) { return getText(holderOf(bo), n); }, set: function (e, n, v) { setText(e, holderOf(e.businessObject), n, v); } },
      root: {
        get: function (bo, n) { const r = referred(bo); return r ? (n === "variableName" || n === "payloadExpression" ? getText(r, n) : r.get(n) || "") : ""; },
        set: function (e, n, v) {
          const r = referred(e.businessObject);
          if (n === "name") { referByName(e, v); return; }
          if (!r) { return; }
          if (n === "variableName" || n === "payloadExpression") { setText(e, r, n, v); } else { update(e, r, { [n]: v || undefined }); }
        }
      },
      timer: {
        get: function (bo, n) { return n === "kind" ? timerKind(bo) : body(definition(bo), timerKind(bo)); },
        set: function (e, n, v) {
          const kind = timerKind(e.businessObject);
          setTimer(e, n === "kind" ? v : kind || "timeDuration", n === "kind" ? body(definition(e.businessObject), kind) : v);
        }
      },
      loop: {
        get: function (bo, n) { return n === "kind" ? loopKind(bo) : loop(bo) && LOOP[n] ? LOOP[n].get(loop(bo)) : ""; },
        set: function (e, n, v) { if (n === "kind") { setLoopKind(e, v); } else { update(e, loop(e.businessObject), LOOP[n].set(loop(e.businessObject), v)); } }
      }
    };

    function split(bind) { const at = bind.indexOf(":"); return at < 0 ? [bind, ""] : [bind.slice(0, at), bind.slice(at + 1)]; }

    return {
      is: is, definition: definition, reference: reference, referred: referred, roots: roots, parameters: parameters, together: together,
      setHandler: setHandler, loopKind: loopKind, timerKind: timerKind,
      get: function (element, bind) { const parts = split(bind); return String(kinds[parts[0]].get(element.businessObject, parts[1])); },
      set: function (element, bind, value) {
        const parts = split(bind);
        if (this.get(element, bind) !== value) { kinds[parts[0]].set(element, parts[1], value); }
      }
    };
  };
}());
