// Where it goes on: the ways out of a gateway with their conditions, the one that is taken otherwise, and the same seen
// from a flow.
(function () {
  "use strict";

  const CHOOSING = ["bpmn:ExclusiveGateway", "bpmn:InclusiveGateway"];
  const BIND = "body:conditionExpression";

  window.alurPanelWays = function (panel) {
    const box = panel.form.querySelector("[data-ways]"), tick = panel.form.querySelector("[data-default]");
    let fields = [], drawn = "";

    function chooses(element) {
      return Boolean(element) && CHOOSING.some(function (t) { return panel.model.is(element.businessObject, t); });
    }
    function called(flow) { return [flow.businessObject.name, flow.target.businessObject.name || flow.target.id].filter(Boolean).join(" → "); }
    function isDefault(flow) { return flow.source.businessObject.default === flow.businessObject; }

    // Whatever else happens: this flow. Its own condition goes, nobody would read it.
    function setDefault(flow, on) {
      const modeling = panel.modeler.get("modeling");
      panel.model.together(function () {
        if (on) { panel.model.set(flow, BIND, ""); }
        modeling.updateProperties(flow.source, { default: on ? flow.businessObject : undefined });
      });
    }

    function way(flow, index) {
      const id = "p-way-" + index, made = document.createElement("div");
      made.className = "field panel-expression";
      made.dataset.expression = "expression";
      const label = document.createElement("label"), area = document.createElement("textarea");
      label.className = "form-label";
      label.htmlFor = id;
      area.id = id;
      area.rows = 1;
      area.spellcheck = false;
      area.className = "form-control";
      area.addEventListener("change", function () { panel.model.set(flow, BIND, area.value.trim()); });
      const choice = document.createElement("label"), radio = document.createElement("input");
      radio.type = "radio";
      radio.name = "p-otherwise";
      radio.className = "form-check-input";
      radio.addEventListener("change", function () { setDefault(flow, true); });
      choice.className = "form-check-label panel-otherwise";
      choice.append(radio, " " + panel.words.default.replace("{name}", called(flow)));
      made.append(label, area);
      const field = { flow: flow, area: area, label: label, radio: radio };
      field.completed = window.alurExpression(area, panel);
      made.append(choice);
      fields.push(field);
      return made;
    }

    function fill() {
      fields.forEach(function (f) {
        f.label.textContent = panel.words.condition.replace("{name}", called(f.flow));
        f.radio.checked = isDefault(f.flow);
        f.area.disabled = isDefault(f.flow);
        if (document.activeElement !== f.area) {
          const value = panel.model.get(f.flow, BIND);
          if (f.area.value !== value) { f.area.value = value; }
          if (value) { f.completed.shown(); } else { f.completed.clear(); }
        }
      });
    }

    tick.addEventListener("change", function () { setDefault(panel.element, tick.checked); });

    return {
      chooses: chooses,
      isDefault: isDefault,
      show: function () {
        const element = panel.element;
        if (element.waypoints) { tick.checked = chooses(element.source) && isDefault(element); return; }
        const flows = element.outgoing.filter(function (f) { return panel.model.is(f.businessObject, "bpmn:SequenceFlow"); });
        const now = element.id + " " + flows.map(function (f) { return f.id; }).join(" ");
        if (now !== drawn) {
          drawn = now;
          fields = [];
          box.replaceChildren.apply(box, flows.map(way));
        }
        fill();
      },
      forget: function () { drawn = ""; }
    };
  };
}());
