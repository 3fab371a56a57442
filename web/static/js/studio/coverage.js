// Paints what no scenario comes by on the drawing, and goes on playing while scenarios are left.
(function () {
  "use strict";

  document.addEventListener("alur:drawn", function (event) {
    const holder = event.target.closest("[data-untaken]");
    (holder ? holder.dataset.untaken.split(" ") : []).forEach(function (id) {
      if (id && event.detail.registry.get(id)) { event.detail.canvas.addMarker(id, "flow-untaken"); }
    });
  });

  document.addEventListener("DOMContentLoaded", function () {
    const form = document.querySelector("form[data-goes-on]");
    if (form) { form.requestSubmit(); }
  });
}());
