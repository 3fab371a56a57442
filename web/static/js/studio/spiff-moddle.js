// What `spiffworkflow:` elements hold (docs/bpmn.md), so that the editor reads and writes them as such.
window.SPIFF_MODDLE = (function () {
  "use strict";

  const attribute = (name) => ({ name: name, type: "String", isAttr: true });
  const many = (name, type) => ({ name: name, type: type, isMany: true });
  const text = (name) => ({ name: name, superClass: ["Element"], properties: [{ name: "value", type: "String", isBody: true }] });

  return {
    name: "SpiffWorkflow",
    prefix: "spiffworkflow",
    uri: "http://spiffworkflow.org/bpmn/schema/1.0/core",
    xml: { tagAlias: "lowerCase" },
    associations: [],
    types: [
      { name: "Properties", superClass: ["Element"], properties: [many("properties", "Property")] },
      { name: "Property", properties: [attribute("name"), attribute("value")] },
      { name: "ServiceTaskOperator", superClass: ["Element"],
        properties: [attribute("id"), attribute("resultVariable"), { name: "parameterList", type: "Parameters" }] },
      { name: "Parameters", superClass: ["Element"], properties: [many("parameters", "Parameter")] },
      { name: "Parameter", superClass: ["Element"], properties: [attribute("id"), attribute("type"), attribute("value")] },
      text("CalledDecisionId"), text("PreScript"), text("PostScript"),
      text("PayloadExpression"), text("VariableName"), text("MessagePayload"), text("MessageVariable")
    ]
  };
}());
