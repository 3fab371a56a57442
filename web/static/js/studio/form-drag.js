// Moving components of the outline with the mouse: above, below, or into a group, by where the pointer lets go.
(function () {
  "use strict";

  function install(list, placeOf, drop) {
    let from = null;

    function itemOf(event) { return event.target.closest("[role=treeitem]"); }

    // The upper part of a row means before it, the lower part behind it; the middle of a group means into it.
    function goalOf(event) {
      const item = itemOf(event);
      if (!item || !from) { return null; }
      const place = placeOf(item), box = item.getBoundingClientRect(), part = (event.clientY - box.top) / box.height;
      const last = place[place.length - 1];
      if (!place.length) { return { item: item, where: "into", place: [0] }; }
      const holds = item.hasAttribute("data-holds");
      if (holds && part > 0.25) { return { item: item, where: "into", place: place.concat(0) }; }
      return part < 0.5 ? { item: item, where: "before", place: place }
        : { item: item, where: "behind", place: place.slice(0, -1).concat(last + 1) };
    }

    function clear() { list.querySelectorAll("[data-drop]").forEach(function (item) { delete item.dataset.drop; }); }

    list.addEventListener("dragstart", function (event) {
      const item = itemOf(event);
      if (!item) { return; }
      from = placeOf(item);
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", item.textContent);
    });
    list.addEventListener("dragover", function (event) {
      const goal = goalOf(event);
      clear();
      if (!goal) { return; }
      event.preventDefault();
      event.dataTransfer.dropEffect = "move";
      goal.item.dataset.drop = goal.where;
    });
    list.addEventListener("dragleave", clear);
    list.addEventListener("drop", function (event) {
      const goal = goalOf(event), begun = from;
      clear();
      from = null;
      if (goal) { event.preventDefault(); drop(begun, goal.place); }
    });
    list.addEventListener("dragend", function () { clear(); from = null; });
  }

  window.alurFormDrag = { install: install };
}());
