// Two drawings beside each other: what is moved or enlarged in the one, is in the other, too.
(function () {
  "use strict";

  const NEAR = 0.5;
  const pairs = new Map();

  // They tell of a change a moment after it: what stands there already is no change to follow, else both would go on.
  function lead(from, to) {
    const box = from.canvas.viewbox();
    const there = to.canvas.viewbox();
    const same = ["x", "y", "width", "height"].every(function (side) { return Math.abs(box[side] - there[side]) < NEAR; });
    if (!same) { to.canvas.viewbox({ x: box.x, y: box.y, width: box.width, height: box.height }); }
  }

  function follow(from, to) {
    from.viewer.get("eventBus").on("canvas.viewbox.changed", function () { lead(from, to); });
  }

  function marked(drawn) { return drawn.figure.querySelectorAll("[data-element]").length; }

  // Both begin where there is more to see.
  document.addEventListener("alur:drawn", function (event) {
    const sides = event.target.closest("[data-together]");
    if (!sides) { return; }
    const here = event.detail;
    const other = pairs.get(sides);
    if (!other) { pairs.set(sides, here); return; }
    if (marked(here) >= marked(other)) { lead(here, other); } else { lead(other, here); }
    follow(other, here);
    follow(here, other);
  });
}());
