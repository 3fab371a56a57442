// Who does a task: the lane it stands in and what that lane means, one person instead, and who may not (four eyes).
(function () {
  "use strict";

  const COMPLETER = "completer:";

  window.alurPanelPeople = function (panel) {
    const lanes = panel.form.querySelector("[data-lanes]"), who = panel.form.querySelector("[data-lane-who]");
    const ticks = panel.form.querySelector("[data-exclusions] .panel-ticks");
    const assign = panel.form.querySelector("#p-assign"), own = panel.form.querySelector("#p-assign-own");

    function laneOf(element) {
      let at = element;
      while (at) {
        const found = (at.businessObject.lanes || [])[0];
        if (found) { return found; }
        at = at.parent;
      }
      return null;
    }

    function drawnLanes() {
      return panel.modeler.get("elementRegistry").filter(function (e) {
        return panel.model.is(e.businessObject, "bpmn:Lane") && !(e.children || []).some(function (c) { return panel.model.is(c.businessObject, "bpmn:Lane"); });
      });
    }

    function showLane() {
      const now = laneOf(panel.element), known = drawnLanes();
      lanes.replaceChildren.apply(lanes, (now ? [] : [new Option(panel.words.none, "")]).concat(known.map(function (l) { return new Option(l.businessObject.name || l.id, l.id); })));
      lanes.value = now ? now.id : "";
      lanes.disabled = !panel.editable || !known.length;
      who.textContent = meaning(now);
    }

    function meaning(lane) {
      const meant = lane && panel.vocabulary().lanes.find(function (l) { return l.name === (lane.name || "").trim(); });
      return meant ? meant.text : lane ? panel.words.lane_without : panel.words.lane_none;
    }

    function rules() {
      return panel.model.get(panel.element, "prop:exclude").split(",").map(function (r) { return r.trim(); }).filter(Boolean);
    }

    function tick(rule, text, chosen) {
      const box = document.createElement("div"), input = document.createElement("input"), label = document.createElement("label");
      box.className = "form-check";
      input.type = "checkbox";
      input.className = "form-check-input";
      input.id = "p-exclude-" + rule.replace(/\W/g, "-");
      input.value = rule;
      input.checked = chosen;
      label.className = "form-check-label";
      label.htmlFor = input.id;
      label.textContent = text;
      box.append(input, label);
      return box;
    }

    function showRules() {
      const chosen = rules(), others = panel.vocabulary().tasks.filter(function (t) { return t.id !== panel.element.id; });
      const all = [["starter", panel.words.not_starter]].concat(others.map(function (t) { return [COMPLETER + t.id, panel.words.not_completer.replace("{name}", t.name)]; }));
      chosen.filter(function (r) { return !all.some(function (a) { return a[0] === r; }); }).forEach(function (r) { all.push([r, panel.words.unknown.replace("{name}", r)]); });
      if (ticks.contains(document.activeElement)) { return; }
      ticks.replaceChildren.apply(ticks, all.map(function (a) { return tick(a[0], a[1], chosen.indexOf(a[0]) >= 0); }));
      if (chosen.length) { ticks.closest("details").open = true; }
    }

    lanes.addEventListener("change", function () {
      const lane = panel.modeler.get("elementRegistry").get(lanes.value);
      let moved = panel.element;
      // Inside a sub-process, that is what stands in the lane.
      while (moved.parent && panel.model.is(moved.parent.businessObject, "bpmn:SubProcess")) { moved = moved.parent; }
      if (lane) { panel.editor.keys.moveToLane(moved, lane); }
    });

    ticks.addEventListener("change", function () {
      const chosen = Array.from(ticks.querySelectorAll("input:checked")).map(function (i) { return i.value; });
      panel.model.set(panel.element, "prop:exclude", chosen.join(", "));
    });

    // "*" stands for a person that an expression names: nothing is written until there is one.
    assign.addEventListener("change", function (event) {
      if (assign.value !== "*") { return; }
      event.stopPropagation();
      own.closest("[data-for]").hidden = false;
      own.focus();
    });

    return {
      lane: function () { panel.form.querySelector("[data-own-lane]").textContent = meaning(panel.element.businessObject); },
      show: function () {
        showLane();
        showRules();
        const value = panel.model.get(panel.element, "prop:assign");
        if (document.activeElement !== assign && document.activeElement !== own) {
          assign.value = value === "" || value === "starter" ? value : "*";
          own.closest("[data-for]").hidden = assign.value !== "*";
        }
      }
    };
  };
}());
