// What may be added: only what the engine runs (docs/bpmn.md). A file that holds more is opened and kept as it is;
// the findings beside the diagram say what stands in the way of publishing it.
(function () {
  "use strict";

  const REFUSED = new RegExp([
    "^task$", "^data-store-reference$", "complex-gateway", "ad-?hoc", "link-", "compensation", "instantiating",
    "^signal-end$", "^error-start$", "escalation-start$", "multiple"
  ].join("|"));
  const MENUS = { "bpmn-create": /^create-/, "bpmn-append": /^append-/, "bpmn-replace": /^replace-with-/ };

  function kept(entries, prefix) {
    return Object.fromEntries(Object.entries(entries).filter(function (entry) {
      return !REFUSED.test(entry[0].replace(prefix, "").replace("replace-with-", ""));
    }));
  }

  function Offer(popupMenu, palette, contextPad, create, elementFactory, autoPlace, translate) {
    Object.keys(MENUS).forEach(function (menu) {
      popupMenu.registerProvider(menu, 100, {
        getPopupMenuEntries: function () { return function (entries) { return kept(entries, MENUS[menu]); }; }
      });
    });
    const title = translate("Create user task");
    palette.registerProvider(100, {
      getPaletteEntries: function () {
        return function (entries) {
          const start = function (event) { create.start(event, elementFactory.createShape({ type: "bpmn:UserTask" })); };
          const task = Object.assign({}, entries["create.task"], {
            className: "bpmn-icon-user-task", title: title, action: { click: start, dragstart: start }
          });
          delete entries["create.data-store"];
          return Object.assign(entries, { "create.task": task });
        };
      }
    });
    contextPad.registerProvider(100, {
      getContextPadEntries: function () {
        return function (entries) {
          if (!entries["append.append-task"]) { return entries; }
          const shape = function () { return elementFactory.createShape({ type: "bpmn:UserTask" }); };
          const task = Object.assign({}, entries["append.append-task"], {
            className: "bpmn-icon-user-task",
            title: translate("Append user task"),
            action: {
              click: function (_event, element) { autoPlace.append(element, shape()); },
              dragstart: function (event, element) { create.start(event, shape(), { source: element }); }
            }
          });
          return Object.assign({}, entries, { "append.append-task": task });
        };
      }
    });
  }

  Offer.$inject = ["popupMenu", "palette", "contextPad", "create", "elementFactory", "autoPlace", "translate"];

  (window.alurEditorModules = window.alurEditorModules || []).push({ __init__: ["alurOffer"], alurOffer: ["type", Offer] });
}());
