// Puts the house's reminders beside a task: a sub-process that holds the task, and the called process that reminds,
// ended by whichever comes first (docs/bpmn.md). One step for undo.
(function () {
  "use strict";

  const DUE = 'working_days_after(now(), 3, at="16:00")';

  window.alurReminder = function (panel, called, due) {
    const modeler = panel.modeler, modeling = modeler.get("modeling"), factory = modeler.get("elementFactory");
    const bpmn = modeler.get("bpmnFactory"), ids = modeler.get("moddle").ids, canvas = modeler.get("canvas");
    const task = panel.element, name = task.businessObject.name || task.id, words = panel.words;
    const middle = function (e) { return { x: e.x + e.width / 2, y: e.y + e.height / 2 }; };
    let outer = null;

    function free(wanted) {
      let id = wanted, n = 1;
      while (ids.assigned(id)) { n += 1; id = wanted + "_" + n; }
      return id;
    }

    function shape(type, suffix, text, more) {
      return factory.createShape(Object.assign({ type: type, businessObject: bpmn.create(type, { id: free(task.id + suffix), name: text }) }, more));
    }

    function ended(suffix, text) {
      const made = shape("bpmn:EndEvent", suffix, text);
      return made;
    }

    // The flows and events of the task become those of the sub-process.
    function takeOver(sub) {
      task.incoming.slice().forEach(function (flow) { modeling.reconnectEnd(flow, sub, middle(sub)); });
      task.outgoing.slice().forEach(function (flow) { modeling.reconnectStart(flow, sub, middle(sub)); });
      (task.attachers || []).slice().forEach(function (event) { modeling.updateAttachment(event, sub); });
    }

    function fill(plane) {
      const start = modeling.createShape(shape("bpmn:StartEvent", "_opened", words.rem_opened), { x: 150, y: 200 }, plane);
      const split = modeling.createShape(shape("bpmn:ParallelGateway", "_split", words.rem_split), { x: 250, y: 200 }, plane);
      modeling.moveElements([task], { x: 410 - middle(task).x, y: 200 - middle(task).y }, plane);
      const done = modeling.createShape(ended("_done", words.rem_done), { x: 600, y: 200 }, plane);
      const remind = modeling.createShape(shape("bpmn:CallActivity", "_remind", words.rem_remind), { x: 410, y: 330 }, plane);
      const over = modeling.createShape(ended("_reminded_all", words.rem_all), { x: 600, y: 330 }, plane);
      const stop = bpmn.create("bpmn:TerminateEventDefinition", { id: free(done.id + "_definition") });
      stop.$parent = done.businessObject;
      modeling.updateProperties(done, { eventDefinitions: [stop] });
      modeling.updateProperties(remind, { calledElement: called });
      [[start, split], [split, task], [split, remind], [task, done], [remind, over]].forEach(function (pair) { modeling.connect(pair[0], pair[1]); });
    }

    panel.model.together(function () {
      const parent = task.parent, at = middle(task);
      outer = modeling.createShape(shape("bpmn:SubProcess", "_reminded", words.rem_name.replace("{name}", name), { isExpanded: false }), at, parent);
      const english = panel.model.get(task, "prop:name_en") || name, lane = panel.roleOf(task);
      const record = { task: JSON.stringify(name), task_en: JSON.stringify(english), due: due || DUE, role: JSON.stringify(lane), superior: '""' };
      takeOver(outer);
      panel.model.set(outer, "text:preScript", "reminder = {" + Object.keys(record).map(function (k) { return JSON.stringify(k) + ": " + record[k]; }).join(", ") + "}");
      panel.model.set(task, "prop:due", "reminder.due");
      fill(canvas.findRoot(outer.id + "_plane"));
    });
    panel.said(words.done);
    panel.editor.select(task.id);
  };
}());
