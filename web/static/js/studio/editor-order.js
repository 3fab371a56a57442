// The elements of a diagram in the order in which a case meets them: for the list beside the drawing and the keys j, k.
(function () {
  "use strict";

  function is(element, type) { return Boolean(element.businessObject) && element.businessObject.$instanceOf(type); }

  function byPlace(a, b) { return a.x - b.x || a.y - b.y; }

  // Along the flows from the starts; what no flow leads to follows by its place.
  function alongFlows(nodes) {
    const wanted = new Set(nodes), seen = new Set(), found = [];
    const starts = nodes.filter(function (n) { return is(n, "bpmn:StartEvent"); }).sort(byPlace);
    starts.concat(nodes.slice().sort(byPlace)).forEach(function (start) {
      const waiting = [start];
      while (waiting.length) {
        const node = waiting.shift();
        if (seen.has(node) || !wanted.has(node)) { continue; }
        seen.add(node);
        found.push(node);
        waiting.push.apply(waiting, (node.attachers || []).slice().sort(byPlace));
        waiting.push.apply(waiting, node.outgoing.map(function (f) { return f.target; }).sort(byPlace));
      }
    });
    return found;
  }

  function withFlows(node) {
    const splits = is(node, "bpmn:Gateway") && node.outgoing.length > 1;
    return [node].concat(splits ? node.outgoing : []);
  }

  function scope(parent, found) {
    const children = (parent.children || []).filter(function (c) { return !c.labelTarget && !c.hidden; });
    alongFlows(children.filter(function (c) { return is(c, "bpmn:FlowNode"); })).forEach(function (node) {
      found.push.apply(found, withFlows(node));
      if (node.children && node.children.length) { scope(node, found); }
    });
    children.filter(function (c) { return !c.waypoints && !is(c, "bpmn:FlowNode"); }).sort(byPlace).forEach(function (other) {
      found.push(other);
      scope(other, found);
    });
    return found;
  }

  // All drawn elements of the plane that is shown.
  window.alurOrder = function (modeler) { return scope(modeler.get("canvas").getRootElement(), []); };

  // "Tugas orang “Periksa berkas”": how an element is called in a list or aloud.
  window.alurCalled = function (element, types) {
    const object = element.businessObject;
    const definition = (object.eventDefinitions || [])[0];
    const kind = (definition && types[object.$type + " " + definition.$type]) || types[object.$type] || object.$type.replace("bpmn:", "");
    const name = object.name || (object.text || "").slice(0, 60);
    if (element.waypoints && !name) { return kind + " → " + ((element.target && element.target.businessObject.name) || ""); }
    return name ? kind + " “" + name + "”" : kind + " (" + object.id + ")";
  };
}());
