// Two drawings beside each other: what is moved or enlarged in the one, is in the other, too.
(function () {
  "use strict";

  const pairs = new Map();

  function follow(from, to) {
    from.viewer.get("eventBus").on("canvas.viewbox.changed", function (event) {
      if (from.led) { return; }
      const box = event.viewbox;
      to.led = true;
      to.canvas.viewbox({ x: box.x, y: box.y, width: box.width, height: box.height });
      to.led = false;
    });
  }

  document.addEventListener("alur:drawn", function (event) {
    const sides = event.target.closest("[data-together]");
    if (!sides) { return; }
    const other = pairs.get(sides);
    if (!other) { pairs.set(sides, event.detail); return; }
    follow(other, event.detail);
    follow(event.detail, other);
    const newer = sides.querySelectorAll("[data-diagram]")[1];
    const leads = newer === event.target ? event.detail : other;
    const box = leads.canvas.viewbox();
    (leads === other ? event.detail : other).canvas.viewbox({ x: box.x, y: box.y, width: box.width, height: box.height });
  });
}());
